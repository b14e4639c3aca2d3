"""What people are told of the demonstration's projects: places, six parts, pictures and plans, advance notices."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from anju.kernel import clock
from anju.kernel.scope import system
from anju.supply import information, notices
from anju.supply.drawings import front, plan
from anju.supply.information import Parts
from anju.supply.models import AdvanceNotice, Building, MediumKind, NoticeState, Operator, Project, Unit

# code: longitude, latitude, sector, tint of the front
PLACES = {
    "JW01": ("118.1012", "26.6485", "江湾老镇", "#c9b59a"),
    "JW02": ("118.1290", "26.6602", "江湾新城", "#9fb4c7"),
    "NP01": ("118.0610", "26.5980", "南屏里", "#c7a78f"),
    "NP02": ("118.0385", "26.5741", "屏山", "#b7c2a3"),
    "WC01": ("118.0705", "26.6391", "文昌中路", "#d0c0ae"),
    "WC02": ("118.0558", "26.6472", "书院", "#b9a7a0"),
    "YX01": ("117.9421", "26.7105", "云溪城关", "#a9b8b0"),
    "YX02": ("117.9790", "26.6890", "云溪开发区", "#9aa9bd"),
}
FITTINGS = ["air_conditioner", "water_heater", "kitchen_range", "range_hood", "bed", "wardrobe", "broadband"]
RULES = """一、面向取得本市保障性住房资格的家庭，按轮候次序通知选房。
二、一户家庭只能选定一套；收到通知后三日内选房，逾期视为放弃本次选房。
三、单身申请一室户或一室一厅，两人及以上家庭可申请两室及以上。
四、合同期限两年，期满仍符合条件的可以续签。"""
NOTES = """一、选房当日带主申请人身份证和资格证。
二、签约时缴纳首月租金和一个月租金的押金，可以刷卡或扫码。
三、入住前请与物业一起清点屋内设施，签字确认。
四、租金每月 10 日前缴纳，可以开通公积金按月代扣。"""


def seed_information() -> None:
    """Fills in what the companies would; to be called once, after `seed_supply`."""
    for number, project in enumerate(Project.objects.order_by("code").select_related("operator")):
        if project.code in PLACES:
            fill(project, number)
    announce()


def fill(project: Project, number: int) -> None:
    """A project's place, parts and pictures."""
    actor, today = system(), clock.today()
    longitude, latitude, sector, tint = PLACES[project.code]
    project.longitude, project.latitude, project.sector = Decimal(longitude), Decimal(latitude), sector
    project.save(update_fields=["longitude", "latitude", "sector"])
    rents = sorted(Unit.objects.filter(project=project).values_list("rent", flat=True))
    accept = today - timedelta(days=6) if number % 3 == 0 else today + timedelta(days=20)
    central = number % 3 != 2
    information.save(
        actor=actor, project_id=project.pk, version=0, parts=Parts(
            allocation="central" if central else "regular", supply_on=project.supply_on, price=project.rent_standard,
            rent_from=rents[0], rent_to=rents[-1], accept_from=accept if central else None,
            accept_until=accept + timedelta(days=20) if central else None,
            supply_from=accept + timedelta(days=30) if central else None,
            supply_until=accept + timedelta(days=60) if central else None, contact=project.operator.contact,
            contact_phone=project.operator.phone, hours="周一至周五 9:00—11:30，13:30—17:00",
            transport=f"{project.street}公交站步行 5 分钟，{project.address}有公共自行车点", fittings=FITTINGS[: 4 + number % 4],
            rules=RULES, conveniences="菜场 300 米，社区卫生服务站 500 米，小学 800 米，超市在小区门口", notes=NOTES,
        ),
    )  # fmt: skip
    floors = max(Building.objects.filter(project=project).values_list("floors", flat=True))
    information.add_medium(
        actor=actor, project_id=project.pk, kind=MediumKind.PICTURE, content=front(floors, tint), name="外观.png",
        title="小区外观",
    )  # fmt: skip
    for layout in information.layouts_of(project.pk):
        information.add_medium(
            actor=actor,
            project_id=project.pk,
            kind=MediumKind.PLAN,
            content=plan(layout),
            name="户型图.png",
            layout=layout,
        )


def announce() -> None:
    """Advance notices at every step of their way."""
    actor, today = system(), clock.today()
    ways = (
        ("江湾家园二期", "江湾路 400 弄", 240, 120, ("submit", "pass", "approve")),
        ("滨江青年社区", "滨江大道 880 号", 360, 160, ("submit", "pass")),
        ("江湾人才公寓三期", "新城路 21 号", 180, 200, ("submit",)),
        ("江湾渔歌里", "渔歌路 9 弄", 96, 240, ()),
    )
    operator = Operator.objects.order_by("code").first()
    if operator is None:
        return
    for number, (name, address, units, days, steps) in enumerate(ways, start=1):
        notice = AdvanceNotice.objects.create(
            number=f"YG{today.year}9{number:04d}", operator=operator, org_path=operator.org_path, division=operator.division,
            name=name, address=address, units=units, planned_on=today + timedelta(days=days), rent_from=Decimal("24.00"),
            rent_to=Decimal("28.00"), scope="本市户籍住房困难家庭和新就业职工", state=NoticeState.DRAFT,
        )  # fmt: skip
        for step in steps:
            notices.act(actor=actor, notice=notice, step=step, opinion="" if step == "submit" else "情况属实，同意")
