"""房源搭建及审核: units read from the survey and told by the company, merged, judged, admitted (SH-183.1-4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction

from anju.kernel import audit, clock
from anju.kernel.connectors import ConnectorError
from anju.kernel.errors import Conflict, FieldError, Invalid
from anju.kernel.jobs import background, defer
from anju.kernel.registers import record_history, sort_key
from anju.kernel.registers.attributes import attributes
from anju.kernel.registers.dictionaries import codes_by_title, titles
from anju.kernel.scope import Actor, system
from anju.supply.connectors import SurveyAsked, SurveyedUnit, SurveyUnits
from anju.supply.imports import unit_code
from anju.supply.linking import CONTRADICTED, measured
from anju.supply.models import Building, Estate, SetupBatch, SetupState, SetupUnit, Unit
from anju.supply.moves import REGISTER, record_made, tell_outside
from anju.supply.surveys import Measured, area_tolerance, contradictions

LIST = "supply.setup_units"
PAGES = 200
MOST_FLOORS = 120
NAMELESS = "缺"
HOMES = {"", "住宅", "居住", "公寓", "宿舍"}


# -- reading -----------------------------------------------------------------------------------------------------


def ask_survey(*, actor: Actor, batch: SetupBatch) -> None:
    """Asks the worker to read the survey of the batch's project."""
    if not batch.survey_number:
        raise Conflict(
            "批次还没有测绘项目号", code="supply.no_survey_number", field="survey_number",
            advice="请先在批次里填写，再读取成果数据",
        )  # fmt: skip
    defer("supply.fetch_survey", once=f"supply.fetch_survey:{batch.pk}", batch_id=batch.pk)


@background("supply.fetch_survey", atomic=False)
def fetch_survey(batch_id: int) -> None:
    """Reads all pages of a survey into the batch; a repeat reads them anew and doubles nothing."""
    batch = SetupBatch.objects.get(pk=batch_id)
    try:
        found = list(surveyed(batch.survey_number))
    except ConnectorError as failure:
        SetupBatch.objects.filter(pk=batch_id).update(trouble=failure.message[:200])
        raise
    with transaction.atomic():
        stage(batch, found)
        trouble = "" if found else "成果系统没有这个项目号的房屋"
        SetupBatch.objects.filter(pk=batch_id).update(fetched_at=clock.now(), trouble=trouble)


def surveyed(number: str) -> Iterable[SurveyedUnit]:
    """The units of a project in the surveying-results system, page by page."""
    after = ""
    for _ in range(PAGES):
        answer = SurveyUnits().call(SurveyAsked(project_number=number, after=after), subject=f"survey:{number}")
        yield from answer.units
        if not answer.more or not answer.units:
            return
        after = answer.units[-1].unit_number


def stage(batch: SetupBatch, found: Iterable[SurveyedUnit]) -> None:
    """Lays surveyed units beside those of the company's table: one row a room, what was measured kept on its own.

    What the company or a clerk declared of a room stays, to be compared in the review; what came from an earlier
    reading follows the new one.
    """
    layouts = codes_by_title("layout")
    rooms = {(one.building_number[:50], room_of(one)): one for one in found}
    listed = batch.units.select_for_update().filter(estate=batch.estate, building__in={place[0] for place in rooms})
    there = {(row.building, row.room_no): row for row in listed}
    fresh, known = [], []
    for place, one in rooms.items():
        row = there.get(place)
        if row is None:
            row = SetupUnit(
                batch=batch, estate=batch.estate, building=place[0], room_no=place[1], org_path=batch.org_path,
                division=batch.division,
            )  # fmt: skip
            fresh.append(row)
        else:
            known.append(row)
            if not row.surveyed:
                record_history(LIST, row.pk, actor=system(), action="读取成果数据", new={"surveyed": True})
        measure(row, one, layouts.get(one.layout or "", ""))
    measured = ["surveyed", "planned_use", "location", "measured_floor", "measured_layout", "measured_area"]
    SetupUnit.objects.bulk_create(
        fresh, batch_size=1000, update_conflicts=True, unique_fields=["batch", "estate", "building", "room_no"],
        update_fields=measured,
    )  # fmt: skip
    SetupUnit.objects.bulk_update(known, [*measured, "floors", "floor", "layout", "floor_area"], batch_size=1000)


def room_of(one: SurveyedUnit) -> str:
    """The room number; one that lacks it is listed all the same, under its number in the survey."""
    return (one.room_no or f"{NAMELESS}{one.unit_number[-12:]}")[:20]


def measure(row: SetupUnit, one: SurveyedUnit, layout: str) -> None:
    """Fills a row from the survey."""
    if row.unit_id is None:
        for key, was, now in (
            ("floor", row.measured_floor, one.floor),
            ("layout", row.measured_layout, layout),
            ("floor_area", row.measured_area, one.floor_area),
        ):
            if getattr(row, key) in (None, "", was):
                setattr(row, key, now)
        if not row.from_company or row.floors is None:
            row.floors = one.floors
    row.surveyed, row.planned_use, row.location = True, (one.planned_use or "")[:50], (one.location or "")[:300]
    row.measured_floor, row.measured_layout, row.measured_area = one.floor, layout, one.floor_area


# -- typing ------------------------------------------------------------------------------------------------------

TOLD = ("floors", "floor", "layout", "floor_area", "orientation", "rent")


@transaction.atomic
def declare(*, actor: Actor, batch: SetupBatch, rows: Sequence[Mapping[str, Any]]) -> str:
    """Takes units into the list as the company tells them: what its table does, without a file (SH-183.2).

    `rows` are clean answers of the form `supply/setup_units`. One that the survey told of is merged with what is told
    here; raises `Invalid` for those that contradict the survey, and for those that the company told before, which are
    corrected in the list and not here.
    """
    listed = batch.units.select_for_update().filter(estate=batch.estate, building__in={row["building"] for row in rows})
    there = {(row.building, row.room_no): row for row in listed}
    allowed = area_tolerance("linking", on=clock.today(), division=batch.division)
    wrong: list[FieldError] = []
    fresh, known = [], []
    for at, told in enumerate(rows):
        row = there.get((told["building"], told["room_no"]))
        if row is None:
            row = SetupUnit(
                batch=batch, estate=batch.estate, building=told["building"], room_no=told["room_no"],
                org_path=batch.org_path, division=batch.division, created_by=actor.ref,
            )  # fmt: skip
            fresh.append(row)
        elif row.unit_id is not None or row.from_company:
            place = "“房源”登记册" if row.unit_id is not None else "“搭建清单”"
            said = f"清单里已有这一室，请删去这一条，在{place}里修改"
            wrong.append(FieldError(f"units.{at}.room_no", "supply.setup_twice", said))
            continue
        else:
            row.version += 1
            known.append(row)
        for key in TOLD:
            if told.get(key) is not None:
                setattr(row, key, Decimal(told[key]) if key in {"floor_area", "rent"} else told[key])
        row.from_company = True
        declared = Measured(row.floor, row.layout, row.floor_area)
        wrong += [
            FieldError(f"units.{at}.{field}", CONTRADICTED, sentence)
            for field, sentence in contradictions(row.room_no, declared, measured(row), allowed)
        ]
    if wrong:
        raise Invalid(wrong)
    SetupUnit.objects.bulk_create(fresh, batch_size=1000)
    SetupUnit.objects.bulk_update(known, [*TOLD, "from_company", "version"], batch_size=1000)
    for row in (*fresh, *known):
        new = {key: getattr(row, key) for key in ("building", "room_no", *TOLD)}
        record_history(LIST, row.pk, actor=actor, action="填写房源", new=new)
    return f"已放入清单 {len(rows)} 套" + (f"，其中 {len(known)} 套与成果数据合并" if known else "")


# -- review ------------------------------------------------------------------------------------------------------


@transaction.atomic
def review(*, actor: Actor, batch: SetupBatch) -> str:
    """Judges what is staged or was refused: what passes becomes a unit to be confirmed, the rest keeps its reasons."""
    waiting = list(
        batch.units.exclude(state=SetupState.ADMITTED)
        .select_for_update()
        .order_by("estate", "building", "floor", "room_no")
    )
    if not waiting:
        raise Conflict("没有待审核的房源", code="supply.nothing_to_do", advice="请先读取成果数据，或导入自搭楼盘表格")
    known = Known(batch)
    passed: list[tuple[SetupUnit, Unit]] = []
    for row in waiting:
        if wrong := known.faults(row):
            row.state, row.problems = SetupState.REFUSED, "；".join(wrong)[:500]
        else:
            passed.append((row, known.unit(row, actor)))
    made = Unit.objects.bulk_create([unit for _, unit in passed], batch_size=2000)
    for (row, _), unit in zip(passed, made, strict=True):
        row.state, row.problems, row.unit = SetupState.ADMITTED, "", unit
    SetupUnit.objects.bulk_update(waiting, ["state", "problems", "unit"], batch_size=1000)
    record_made(made, actor, f"搭建批次 {batch.number}")
    for row, unit in passed:  # so that the sheet that a unit came from is not taken back any more
        record_history(LIST, row.pk, actor=actor, action="审核入库", new={"state": row.state, "unit": unit.code})
    batch.reviewed_at, batch.reviewed_by, batch.version = clock.now(), actor.name, batch.version + 1
    batch.save(update_fields=["reviewed_at", "reviewed_by", "version", "updated_at"])
    words = f"入库 {len(made)} 套，未通过 {len(waiting) - len(made)} 套"
    audit.record("act", actor=actor, subject=f"supply.setups:{batch.pk}", title=f"房源搭建审核 {batch.number}：{words}")
    tell_outside()
    return words


class Known:
    """What the register has already of the batch's project, read once; grows with what is admitted."""

    def __init__(self, batch: SetupBatch) -> None:
        self.project = batch.project
        self.estates = {estate.name: estate for estate in Estate.objects.filter(project=self.project)}
        buildings = Building.objects.filter(project=self.project).select_related("estate")
        self.buildings = {(one.estate.name, one.name): one for one in buildings}
        units = Unit.objects.filter(project=self.project).values_list("building_id", "room_no")
        self.rooms = set(units)
        self.allowed = area_tolerance("linking", on=clock.today(), division=batch.division)
        self.required = [each for each in attributes().get(REGISTER, ()) if each.required]
        self.codes = set(Unit.objects.filter(code__startswith=f"{self.project.code}-").values_list("code", flat=True))

    def rent(self, row: SetupUnit) -> Decimal | None:
        """The rent that was told, or the project's standard times the area."""
        if row.rent is not None or self.project.rent_standard is None or row.floor_area is None:
            return row.rent
        return (row.floor_area * self.project.rent_standard).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def code(self, row: SetupUnit) -> str:
        return unit_code(self.project.code, row.estate, row.building, row.room_no)

    def faults(self, row: SetupUnit) -> list[str]:
        """Why a unit cannot be admitted, every reason."""
        told, rent = [], self.rent(row)
        if row.room_no.startswith(NAMELESS):
            told.append("缺少室号")
        if row.floor_area is None:
            told.append("缺少建筑面积")
        elif row.floor_area <= 0 or row.floor_area > 2000:
            told.append(f"建筑面积 {row.floor_area} ㎡ 不合理")
        if row.layout not in titles("layout"):
            told.append("缺少户型")
        if rent is not None and not 0 <= rent <= 999_999:
            told.append(f"月租金 {rent} 元不合理")
        if row.rent is None and self.project.rent_standard is None:
            told.append("缺少月租金，项目也没有租金标准")
        if row.floors is None or row.floor is None:
            told.append("缺少楼层或地上层数")
        elif not 1 <= row.floors <= MOST_FLOORS:
            told.append(f"地上层数 {row.floors} 不在 1 到 {MOST_FLOORS} 之间")
        elif not -3 <= row.floor <= row.floors:
            told.append(f"楼层 {row.floor} 与地上层数 {row.floors} 不符")
        if row.planned_use not in HOMES:
            told.append(f"规划用途“{row.planned_use}”不是居住")
        declared = Measured(row.floor, row.layout, row.floor_area)
        told += [wrong for _, wrong in contradictions(row.room_no, declared, measured(row), self.allowed)]
        told += [f"缺少{each.title}" for each in self.required if row.extra.get(each.key) in (None, "")]
        building = self.buildings.get((row.estate, row.building))
        if building is not None and row.floors is not None and building.floors != row.floors:
            told.append(f"{row.building}登记为 {building.floors} 层，与 {row.floors} 层不符")
        if building is not None and (building.pk, row.room_no) in self.rooms:
            told.append("该楼栋已有相同室号的房源")
        elif self.code(row) in self.codes:
            told.append(f"房源编码 {self.code(row)} 已登记")
        return told

    def unit(self, row: SetupUnit, actor: Actor) -> Unit:
        """The unit of a row without faults; its estate and building are made where they are not there."""
        if row.estate not in self.estates:
            self.estates[row.estate] = Estate.objects.create(
                project=self.project, name=row.estate, name_pinyin=sort_key(row.estate), created_by=actor.ref
            )
        place = (row.estate, row.building)
        if place not in self.buildings:
            self.buildings[place] = Building.objects.create(
                estate=self.estates[row.estate], name=row.building, floors=row.floors or 1, created_by=actor.ref
            )
        building = self.buildings[place]
        self.rooms.add((building.pk, row.room_no))
        self.codes.add(self.code(row))
        rent = self.rent(row)
        assert row.floor is not None  # judged before
        assert row.floor_area is not None
        assert rent is not None
        return Unit(
            building_id=building.pk, code=self.code(row), room_no=row.room_no, floor=row.floor, layout=row.layout,
            floor_area=row.floor_area, orientation=row.orientation, rent=rent, extra=row.extra,
            created_by=actor.ref,
        )  # fmt: skip
