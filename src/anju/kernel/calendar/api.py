"""Operations over the special days of the calendar."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from ninja import Field, Schema

from anju.kernel.audit import record
from anju.kernel.calendar.models import Day
from anju.kernel.calendar.services import clear_day, set_day
from anju.kernel.errors import NotFound
from anju.kernel.http import Request, Routes

routes = Routes("/calendar", title="工作日历")


class DayIn(Schema):
    """What a day becomes."""

    kind: Literal["holiday", "workday"]
    name: str = Field("", max_length=40)


def shown(day: Day) -> dict[str, Any]:
    return {"date": day.date, "kind": day.kind, "kind_title": Day.Kind(day.kind).label, "name": day.name}


@routes.read("/days", right="calendar.day.view", scope="none")
def list_days(request: Request, year: int | None = None) -> dict[str, Any]:
    """特殊日期

    法定放假和调休上班；可按年份筛选。
    """
    days = Day.objects.order_by("date")
    if year is not None:
        days = days.filter(date__year=year) if 1 <= year <= 9999 else days.none()
    return {"rows": [shown(day) for day in days]}


@routes.put("/days/{day}", right="calendar.day.change", scope="none")
def put_day(request: Request, day: date, body: DayIn) -> dict[str, Any]:
    """把某一天设为放假或上班。"""
    row = set_day(day, body.kind, body.name)
    record(
        "change",
        actor=request.actor,
        subject=f"calendar.day:{day}",
        title=f"{day} 设为{Day.Kind(body.kind).label}",
        detail={"kind": body.kind, "name": body.name},
        request=request,
    )
    return shown(row)


@routes.remove("/days/{day}", right="calendar.day.change", scope="none")
def delete_day(request: Request, day: date) -> dict[str, Any]:
    """取消某一天的特殊设置，按星期判断。"""
    if not clear_day(day):
        raise NotFound("这一天没有特殊设置", advice="它按星期判断是否上班")
    record("delete", actor=request.actor, subject=f"calendar.day:{day}", title=f"{day} 恢复为平日", request=request)
    return {"date": day}
