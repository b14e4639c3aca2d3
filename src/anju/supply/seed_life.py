"""What has happened to the demonstration's units: confirmed, published, split, judged by the district."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Exists, OuterRef

from anju.identity.models import Organisation
from anju.kernel import clock
from anju.kernel.numbering import format_number, next_number
from anju.kernel.scope import system
from anju.supply import handing, publishing, reshaping, setup
from anju.supply.models import (
    OCCUPIED,
    Occupancy,
    Project,
    PublicationAct,
    Redistribution,
    ReservePlan,
    ReviewResult,
    SetupBatch,
    SetupUnit,
    Unit,
    UnitStatus,
)
from anju.supply.reshaping import Part

CONFIRMED = ("JW01", "NP01", "WC01")


def seed_life() -> None:
    """Acts as the offices would do them; to be called once, after `seed_supply`."""
    actor = system()
    lived = Exists(Occupancy.objects.filter(unit=OuterRef("pk"), ended_on=None))
    let = Unit.objects.filter(~lived, status__in=OCCUPIED)
    Occupancy.objects.bulk_create(
        Occupancy(
            unit=unit,
            who=unit.occupant_name_masked,
            starts_on=unit.status_since or clock.today(),
            lease_end=unit.lease_end,
            rent=unit.rent,
        )
        for unit in let
    )
    for project in Project.objects.filter(code__in=CONFIRMED):
        if Unit.objects.filter(project=project, status=UnitStatus.UNCONFIRMED).exists():
            publishing.act(actor=actor, project_id=project.pk, act=PublicationAct.CONFIRM, note="按成果数据核对")
        publishing.review(
            actor=actor, project_id=project.pk, result=ReviewResult.PASSED, accuracy="面积、户型与测绘成果一致",
            compliance="租金不高于核定标准，供应渠道齐全",
        )  # fmt: skip
    for code in ("JW02", "NP02"):
        split_one(code)
    for project in Project.objects.filter(code__in=("NP02", "JW02")):
        publishing.act(actor=actor, project_id=project.pk, act=PublicationAct.CONFIRM, note="拆套后核对")
        publishing.act(
            actor=actor, project_id=project.pk, act=PublicationAct.PUBLISH, note=f"{clock.today():%Y}年第四季度供应"
        )
    seed_handed()
    seed_setups()


def split_one(project_code: str) -> None:
    """Splits the last vacant unit of a project in two."""
    unit = Unit.objects.filter(project__code=project_code, status=UnitStatus.VACANT).order_by("-id").first()
    if unit is None:
        return
    area, rent = (unit.floor_area / 2).quantize(Decimal("0.01")), (unit.rent / 2).quantize(Decimal("0.01"))
    parts = [
        Part(f"{unit.room_no}-1", "studio", area, rent),
        Part(f"{unit.room_no}-2", "studio", unit.floor_area - area, unit.rent - rent),
    ]
    reshaping.split(actor=system(), unit_id=unit.pk, parts=parts, note="按间供应")


def seed_handed() -> None:
    """An order on its way, an issued one, a plan with its reserve, a unit that another system uses."""
    actor = system()
    for code, to in (("WC01", "339901"), ("NP01", "339903")):
        unit = Unit.objects.filter(project__code=code, status=UnitStatus.READY).order_by("-id").first()
        receiver = Organisation.objects.filter(kind="district", division=to).first()
        if unit is None or receiver is None:
            continue
        Unit.objects.filter(pk=unit.pk).update(transferable=True)
        order = Redistribution(
            title=f"{unit.project.name}房源调配", to_division=to, receiver=receiver, reason="调入区轮候家庭较多",
            org_path=unit.org_path, division=unit.division,
        )  # fmt: skip
        order.number = handing.number_of(order)
        order.save()
        handing.put_on_order(actor=actor, unit=unit, order=order)
        plan = ReservePlan.objects.create(
            year=clock.today().year, title=f"{clock.today():%Y}年度储备计划", size=20, first=5, second=5, third=5, fourth=5,
            org_path=unit.org_path, division=unit.division,
        )  # fmt: skip
        others = Unit.objects.filter(project__code=code, status=UnitStatus.READY).exclude(pk=unit.pk).order_by("id")
        for one in others[:1]:
            handing.reserve(actor=actor, unit_id=one.pk, plan=plan)
        handing.submit(actor=actor, order=order)


def seed_setups() -> None:
    """A batch of set-up in each of two districts: some units admitted, one refused with its reason, one waiting."""
    for code in ("JW01", "NP01"):
        project = Project.objects.get(code=code)
        batch = SetupBatch(
            project=project, estate=f"{project.name}北区", survey_number=f"{code}-NORTH", org_path=project.org_path,
            division=project.division,
        )  # fmt: skip
        year = clock.today().year
        serial = next_number("setup", area=batch.division, year=year)
        batch.number = format_number(
            "DJ{division}{year}{serial:04d}", division=batch.division, year=year, serial=serial
        )
        batch.save()
        shared = {
            "batch": batch,
            "estate": batch.estate,
            "building": "1号楼",
            "floors": 6,
            "floor": 1,
            "layout": "one_one",
        }
        for room, area in (("101", "46.35"), ("102", "0.00"), ("103", "38.72")):
            SetupUnit.objects.create(
                **shared, room_no=room, floor_area=Decimal(area), surveyed=True, planned_use="住宅",
                org_path=batch.org_path, division=batch.division,
            )  # fmt: skip
        setup.review(actor=system(), batch=batch)
        SetupUnit.objects.create(
            **shared, room_no="104", floor_area=Decimal("62.18"), from_company=True, org_path=batch.org_path,
            division=batch.division,
        )  # fmt: skip
