"""Units added to a project and linked to their estate; what contradicts the estate is reported, not linked (SH-180).

The estate is what is registered of it, and what was surveyed: its rooms with layout, floor and measured area.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from anju.kernel import clock
from anju.kernel.errors import DomainError, FieldError, Invalid
from anju.kernel.http.constraints import explained
from anju.kernel.registers.attributes import checked
from anju.kernel.registers.dictionaries import titles
from anju.kernel.registers.importing.row import Row
from anju.kernel.scope import Actor
from anju.supply import surveys
from anju.supply.models import Building, Project, SetupUnit, Unit
from anju.supply.moves import REGISTER, record_made, tell_outside
from anju.supply.publishing import project_of
from anju.supply.surveys import Measured, area_tolerance

RIGHT = "supply.unit.create"
CONTRADICTED = "supply.survey_contradicted"


@dataclass(frozen=True)
class Proposed:
    """A unit as the company describes it: square metres, yuan a month; `location` as it reads in the estate.

    `extra` holds the attributes that the city added to units, by `x_<key>`.
    """

    code: str
    estate: str
    building: str
    room_no: str
    floor: int
    layout: str
    floor_area: Decimal
    rent: Decimal
    location: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def add_units(*, actor: Actor, project_id: int, proposed: Iterable[Proposed]) -> dict[str, list[dict[str, Any]]]:
    """Adds units to a project: `linked` those that agree with their estate, `reported` the others with all reasons.

    Clerks add one at a time on the project's page (房源分布); many at once by the sheet of new units or a set-up batch, which
    show errors row by row before anything is written, and can be taken back.

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
        declared = Measured(one.floor, one.layout, one.floor_area)
        wrong += [told for _, told in survey.contradictions(one.estate, one.building, one.room_no, declared)]
        extra, faults = checked(REGISTER, one.extra)
        wrong += faults
        if building is not None and not wrong:
            try:
                with transaction.atomic():
                    unit = Unit.objects.create(
                        building=building, code=one.code, room_no=one.room_no, floor=one.floor, layout=one.layout,
                        floor_area=one.floor_area, rent=one.rent, extra=extra, created_by=actor.ref,
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

    def __init__(self, project: Project, building: Building | None = None) -> None:
        surveyed = SetupUnit.objects.filter(batch__project=project, surveyed=True).order_by("batch_id", "id")
        if building is not None:
            surveyed = surveyed.filter(estate=building.estate.name, building=building.name)
        self.rooms = {(one.estate, one.building, one.room_no): measured(one) for one in surveyed}
        self.buildings = {(estate, building) for estate, building, _ in self.rooms}
        self.allowed = area_tolerance("linking", on=clock.today(), division=project.division)

    def contradictions(
        self, estate: str, building: str, room_no: str, declared: Measured, *, known: bool = False
    ) -> Iterable[tuple[str, str]]:
        """Why a unit does not fit the survey, by field; of a building that was not surveyed nothing is said.

        `known`: the unit is registered already, and may come of a split or a merger that the survey does not know.
        """
        if (estate, building) not in self.buildings:
            return
        room = self.rooms.get((estate, building, room_no))
        if room is not None:
            yield from surveys.contradictions(room_no, declared, room, self.allowed)
        elif not known:
            yield "room_no", f"测绘成果里{building}没有 {room_no} 室"


def measured(row: SetupUnit) -> Measured:
    """What the survey said of a room; of one that was read before it was kept apart, what the list says of it."""
    apart = row.measured_area is not None or row.measured_floor is not None or bool(row.measured_layout)
    if apart or row.from_company:
        return Measured(row.measured_floor, row.measured_layout, row.measured_area)
    return Measured(row.floor, row.layout, row.floor_area)


def judge(values: Mapping[str, Any], old: Unit | None) -> None:
    """Refuses a unit of the form that contradicts its survey, as linking does (SH-180.3). Raises `Invalid`."""
    if old is not None and not any(
        values.get(key) not in (None, getattr(old, key)) for key in ("room_no", "floor", "layout", "floor_area")
    ):
        return
    building: Building = old.building if old is not None else values["building"]
    room_no, floor, layout, area = (
        values[key] if key in values else getattr(old, key) for key in ("room_no", "floor", "layout", "floor_area")
    )
    told = Survey(building.project, building).contradictions(
        building.estate.name, building.name, room_no, Measured(floor, layout, area),
        known=old is not None and old.room_no == room_no,
    )  # fmt: skip
    if wrong := [FieldError(key, CONTRADICTED, sentence) for key, sentence in told]:
        raise Invalid(wrong)


def examine(rows: Sequence[Row], actor: Actor) -> None:
    """Judges the rows of the sheet of new units, as `judge` does a form."""
    projects = Project.objects.in_bulk({row.values["project"] for row in rows})
    known = {pk: Survey(project) for pk, project in projects.items()}
    for row in rows:
        values = row.values
        if values.get("room_no") is None:
            continue
        declared = Measured(values["floor"], values["layout"], values["floor_area"])
        place = (values["estate"], values["building"], values["room_no"])
        for key, sentence in known[values["project"]].contradictions(*place, declared):
            row.wrong(key, CONTRADICTED, sentence)


def examine_changes(rows: Sequence[Row], actor: Actor) -> None:
    """Judges the rows of the sheet that changes units."""
    units = Unit.objects.select_related("building__estate", "project").in_bulk([row.values["unit"] for row in rows])
    known = {unit.project_id: unit.project for unit in units.values()}
    surveyed = {pk: Survey(project) for pk, project in known.items()}
    for row in rows:
        unit, values = units[row.values["unit"]], row.values
        declared = Measured(
            unit.floor, values.get("layout") or unit.layout, values.get("floor_area") or unit.floor_area
        )
        if (declared.layout, declared.floor_area) == (unit.layout, unit.floor_area):
            continue
        place = (unit.building.estate.name, unit.building.name, unit.room_no)
        for key, sentence in surveyed[unit.project_id].contradictions(*place, declared, known=True):
            row.wrong(key, CONTRADICTED, sentence)
