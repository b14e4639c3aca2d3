"""Units added to a project and linked to their estate; what contradicts the estate is reported, not linked (SH-180).

The estate is what is registered of it, and what was surveyed: its rooms with layout, floor and measured area.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from anju.kernel import clock
from anju.kernel.errors import DomainError
from anju.kernel.http.constraints import explained
from anju.kernel.registers.dictionaries import titles
from anju.kernel.scope import Actor
from anju.supply.models import Building, Project, SetupUnit, Unit
from anju.supply.moves import record_made, tell_outside
from anju.supply.publishing import project_of
from anju.supply.surveys import AreaCompared, area_tolerance

RIGHT = "supply.unit.create"


@dataclass(frozen=True)
class Proposed:
    """A unit as the company describes it: square metres, yuan a month; `location` as it reads in the estate."""

    code: str
    estate: str
    building: str
    room_no: str
    floor: int
    layout: str
    floor_area: Decimal
    rent: Decimal
    location: str = ""


@transaction.atomic
def add_units(*, actor: Actor, project_id: int, proposed: Iterable[Proposed]) -> dict[str, list[dict[str, Any]]]:
    """Adds units to a project: `linked` those that agree with their estate, `reported` the others with all reasons.

    Raises `NotFound` for a project out of reach.
    """
    project = project_of(actor, project_id, RIGHT)
    buildings = {
        (building.estate.name, building.name): building
        for building in Building.objects.filter(project=project).select_related("estate")
    }
    estates = {estate for estate, _ in buildings}
    there = {
        (building_id, room): (layout, area)
        for building_id, room, layout, area in Unit.objects.filter(project=project).values_list(
            "building_id", "room_no", "layout", "floor_area"
        )
    }
    survey = Survey(project)
    linked, reported, made = [], [], []
    for number, one in enumerate(proposed, start=1):
        building = buildings.get((one.estate, one.building))
        wrong = list(contradictions(one, building, one.estate in estates, there))
        wrong += survey.contradictions(one)
        if building is not None and not wrong:
            try:
                with transaction.atomic():
                    unit = Unit.objects.create(
                        building=building, code=one.code, room_no=one.room_no, floor=one.floor, layout=one.layout,
                        floor_area=one.floor_area, rent=one.rent, created_by=actor.ref,
                    )  # fmt: skip
            except IntegrityError as error:
                wrong = [explained(error).message]
            else:
                unit.refresh_from_db()
                there[building.pk, unit.room_no] = (unit.layout, unit.floor_area)
                made.append(unit)
                linked.append({"row": number, "id": unit.pk, "code": unit.code, "address": unit.address})
        if wrong:
            reported.append({"row": number, "code": one.code, "reasons": wrong})
    if not linked and not reported:
        raise DomainError("没有要新增的房源", code="supply.nothing_to_do")
    record_made(made, actor, "按项目新增")
    if made:
        tell_outside()
    return {"linked": linked, "reported": reported}


def contradictions(
    one: Proposed, building: Building | None, estate_known: bool, there: dict[tuple[int, str], tuple[str, Decimal]]
) -> Iterable[str]:
    """Why a unit does not fit its estate, in sentences."""
    if one.layout not in titles("layout"):
        yield f"没有户型“{one.layout}”"
    if building is None:
        yield f"小区“{one.estate}”没有“{one.building}”" if estate_known else f"项目下没有小区“{one.estate}”"
        return
    if not 1 <= one.floor <= building.floors:
        yield f"第 {one.floor} 层超出{building.name}的 {building.floors} 层"
    place = f"{building.estate.name} {building.name} {one.room_no}室"
    if one.location and "".join(one.location.split()) != "".join(place.split()):
        yield f"坐落“{one.location}”与楼盘“{place}”不一致"
    known = there.get((building.pk, one.room_no))
    if known is not None:
        layout, area = known
        if (layout, area) == (one.layout, one.floor_area):
            yield f"{place}已经登记"
        else:
            yield f"{place}在楼盘里是{titles('layout').get(layout, layout)}、{area} ㎡，与所填的不一致"


class Survey:
    """What was surveyed of a project's estates, read from its set-up batches; the newest batch of a room counts."""

    def __init__(self, project: Project) -> None:
        surveyed = SetupUnit.objects.filter(batch__project=project, surveyed=True).order_by("batch_id", "id")
        self.rooms = {(one.estate, one.building, one.room_no): one for one in surveyed}
        self.buildings = {(estate, building) for estate, building, _ in self.rooms}
        self.allowed = area_tolerance("linking", on=clock.today(), division=project.division)

    def contradictions(self, one: Proposed) -> Iterable[str]:
        """Why a unit does not fit the survey, in sentences; of a building that was not surveyed nothing is said."""
        if (one.estate, one.building) not in self.buildings:
            return
        room = self.rooms.get((one.estate, one.building, one.room_no))
        if room is None:
            yield f"测绘成果里{one.building}没有 {one.room_no} 室"
            return
        if room.floor is not None and room.floor != one.floor:
            yield f"测绘成果里 {one.room_no} 室在第 {room.floor} 层，不在第 {one.floor} 层"
        if room.layout and room.layout != one.layout:
            words = titles("layout")
            yield f"测绘户型是{words.get(room.layout, room.layout)}，不是{words.get(one.layout, one.layout)}"
        if room.floor_area:
            compared = AreaCompared(one.floor_area, room.floor_area, self.allowed)
            if not compared.agrees:
                yield f"建筑面积 {one.floor_area} ㎡，测绘为 {compared.words}，超出允许误差 {self.allowed}%"
