"""预售许可: application, acceptance, handling, review, printing, and the push to the registration (SH-170)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from anju.construction import permits
from anju.construction.connectors import PreSaleApplications, ReservationQuery
from anju.construction.kinds import entered, matter
from anju.construction.models import PreSale
from anju.construction.surveying import checkable, compare_permit, most_units, surveyed
from anju.kernel.cases.filing import Ask, Data, Fetch, Found, Paper
from anju.kernel.cases.models import Case, CaseState
from anju.kernel.cases.types import Act, Block, MaterialClass
from anju.kernel.errors import DomainError
from anju.kernel.scope import Actor

COPIES = (("original", "正文"), ("duplicate", "副本"), ("stub", "存根"))
ALL = ("basic", "developer", "project", "planning", "units")


def fetch_reservation(actor: Actor, asked: Mapping[str, str], data: Data) -> Found:
    """The application of a reservation number, with its files (SH-170.1)."""
    query = ReservationQuery(reservation_number=asked["number"], credit_code=asked["credit_code"])
    found = PreSaleApplications().call(query, subject=actor.ref, actor=actor)
    return Found(
        {
            "basic": {
                "reservation_no": found.reservation_number, "project_name": found.project_name,
                "base_name": found.base_name, "plot_no": found.plot_number, "address": found.address,
            },
            "developer": {"credit_code": found.credit_code},
            "project": {
                "land_certificate": found.land_certificate, "land_use_permit": found.land_use_permit,
                "planning_permit": found.planning_permit, "building_permit": found.building_permit,
            },
            "planning": {
                "land_area": str(found.land_area), "floor_area": str(found.floor_area),
                "plot_ratio": str(found.plot_ratio),
            },
        },
        tuple((file.kind, file.name, base64.b64decode(file.content)) for file in found.files),
    )  # fmt: skip


def fetch_units(actor: Actor, asked: Mapping[str, str], data: Data) -> Found:
    """The units of the plot as surveyed (SH-170.3)."""
    number = str((data.get("basic") or {}).get("plot_no") or "")
    found = surveyed(number, actor=actor, subject=actor.ref, most=most_units())
    if not found:
        raise DomainError(
            f"成果系统没有地块 {number} 的房屋", code="survey.nothing", advice="请核对地块编号，或联系测绘单位"
        )
    rows = [
        {
            "unit_number": unit.unit_number, "location": unit.location, "layout": unit.layout or "",
            "floor_area": str(unit.floor_area) if unit.floor_area is not None else None, "planned_use": unit.planned_use,
        }
        for unit in found
    ]  # fmt: skip
    return Found({"units": {"units": rows}})


def blocked(case: Case, node: str, outcome: str) -> Block | None:
    """Acceptance ends, and a review passes, only with the units that the permit is for."""
    if (node, outcome) in {("permit_accept", "accept"), ("permit_review", "pass")} and not permits.units_of(case):
        return Block("permit.no_units", "还没有房屋信息，请先读取成果系统并核对", "form-units")
    return None


def before(case: Case, act: Act) -> None:
    """A passed review draws up the permit; one that fails after it was drawn makes it void (SH-170.9)."""
    if act.node == "permit_review":
        if act.outcome == "pass":
            permits.draw_up(case)
        else:
            permits.annul(case)


def arrived(case: Case, node: str) -> None:
    """A permit that was drawn up stands only while the case waits for its printing."""
    entered(case, node)
    if node != "permit_print":
        permits.take_back(case)


def drawn(case: Case) -> str:
    """Why the permit cannot be printed: it was not drawn up, or the case is on its way through review again."""
    if case.node != "permit_print" and case.state != CaseState.PASSED:
        return "审核通过后才能打印许可证"
    return ""


def of_copy(title: str) -> Callable[[Case, Actor], dict[str, Any]]:
    return lambda case, actor: permits.paper_data(case, title)


PERMIT = matter(
    key="permit",
    right="construction.permit.file",
    title="预售许可",
    subtitle="凭预约号取回预售许可申请，补全后提交受理",
    mark="YS",
    form="pre_sale_permit",
    process="pre_sale_permit",
    model=PreSale,
    company="developer.name",
    columns={
        "project_name": "basic.project_name",
        "base_name": "basic.base_name",
        "plot_no": "basic.plot_no",
        "reservation_no": "basic.reservation_no",
        "address": "basic.address",
        "price": "basic.price",
        "developer": "developer.name",
        "floor_area": "planning.floor_area",
    },
    closing={"confirmed": "passed", "stopped": "failed"},
    materials=(
        MaterialClass("land", "土地使用证明", required=True),
        MaterialClass("planning", "规划图纸", required=True),
        MaterialClass("progress", "工程进度证明"),
        MaterialClass("other", "其他"),
    ),
    editable={"permit_accept": ALL, "permit_handle": ALL},
    fetches=(
        Fetch(
            "reservation", "按预约号读取", fetch_reservation,
            asks=(Ask("number", "预约号"), Ask("credit_code", "统一社会信用代码")),
        ),
        Fetch("survey", "读取成果系统", fetch_units, at=("permit_accept", "permit_handle")),
    ),
    papers=tuple(
        Paper(
            f"permit_{key}", f"预售许可证（{title}）", permits.TEMPLATE, of_copy(title), drawn, permits.number_of,
            right="construction.permit.print",
        )
        for key, title in COPIES
    ),
    confirmed=permits.issued,
    changed=compare_permit,
    extra=checkable,
    blocked=blocked,
    before=before,
    arrived=arrived,
)  # fmt: skip
