"""What has happened to the demonstration's units: confirmed, published, split, judged by the district."""

from __future__ import annotations

from decimal import Decimal

from anju.kernel import clock
from anju.kernel.scope import system
from anju.supply import publishing, reshaping
from anju.supply.models import OCCUPIED, Occupancy, Project, PublicationAct, ReviewResult, Unit, UnitStatus
from anju.supply.reshaping import Part

CONFIRMED = ("JW01", "NP01", "WC01")


def seed_life() -> None:
    """Acts as the offices would do them; to be called once, after `seed_supply`."""
    actor = system()
    let = Unit.objects.filter(status__in=OCCUPIED)
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
        publishing.review(
            actor=actor, project_id=project.pk, result=ReviewResult.RETURNED, accuracy="个别房源朝向待补正",
            compliance="符合供应要求",
        )  # fmt: skip
    for code in ("JW02", "NP02"):
        split_one(code)
    for project in Project.objects.filter(code__in=("NP02", "JW02")):
        publishing.act(actor=actor, project_id=project.pk, act=PublicationAct.CONFIRM, note="拆套后核对")
        publishing.act(
            actor=actor, project_id=project.pk, act=PublicationAct.PUBLISH, note=f"{clock.today():%Y}年第四季度供应"
        )


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
