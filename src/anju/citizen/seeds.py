"""The demonstration's cities, notices and residents: invented people with known telephones, the same on every start.

The serial of an identity number decides what the departments' stand-ins answer about the person: its first digit the
housing, its second the marriage, its third the insurance (see the sandbox's own description).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from anju.citizen.models import (
    City,
    IdentityVerification,
    Notice,
    NoticeKind,
    Resident,
    Survey,
    VerificationState,
    VerificationWay,
    VerifiedState,
)
from anju.households.services import find_or_make_person
from anju.households.synthetic import synthetic_id
from anju.identity.passwords import make_password
from anju.identity.services import offices
from anju.kernel import clock
from anju.kernel.crypto import blind, mask_id_number, mask_phone
from anju.kernel.scope import system

CITY = "339900"
PASSWORD = "Anju-2026-demo"


@dataclass(frozen=True)
class Demonstration:
    """A resident of the demonstration, and what the departments say of him."""

    phone: str
    name: str
    division: str
    birth: date
    serial: int
    verified: bool
    about: str

    @property
    def number(self) -> str:
        return synthetic_id(self.division, self.birth, self.serial)


RESIDENTS = (
    Demonstration(
        "13900000001", "周桂芳", "339901", date(1964, 3, 2), 2, True, "名下无房、未婚、社保连续：全部核查通过"
    ),
    Demonstration("13900000002", "李建国", "339901", date(1978, 8, 15), 501, True, "名下有一套大房子：住房核查不通过"),
    Demonstration(
        "13900000003", "王秀英", "339902", date(1985, 12, 9), 40, True, "登记为已婚：按未婚申报则婚姻核查不符"
    ),
    Demonstration(
        "13900000004", "陈立民", "339903", date(1990, 5, 21), 3, True, "名下无房、未婚、社保连续：第二户轮候家庭"
    ),
    Demonstration("13900000005", "赵小雨", "339904", date(1996, 10, 1), 104, True, "名下无房、未婚、社保有断缴"),
    Demonstration("13900000006", "", "339901", date(1999, 1, 8), 12, False, "刚注册，还没有实名认证"),
    Demonstration(
        "13900000007", "吴海燕", "339902", date(1988, 6, 6), 200, True, "名下无房、未婚、社保连续：第三户轮候家庭"
    ),
)

SPOUSE_OF_WANG = synthetic_id("339902", date(1983, 2, 11), 41)
"""The person to whom the registry has 王秀英 married: both are married with the same 16th digit."""

CITIES = (
    (CITY, "澜州市", "澜州", "lanzhou", True, "0579-8800 0000"),
    ("339800", "望潮市", "望潮", "wangchao", True, "0579-8700 0000"),
)

NOTICES = (
    (
        CITY, NoticeKind.NOTICE, "澜州市 2026 年第三批公共租赁住房开始配租",
        "江湾区、南屏区共 126 套，11 月 30 日前登记意愿。",
        "本批房源 126 套，其中江湾区 84 套、南屏区 42 套。持有效资格证的轮候家庭可在网上登记选房意愿，"
        "按轮候顺序看房、选房。登记截止 11 月 30 日。咨询电话 0579-8800 0000。",
    ),
    (
        CITY, NoticeKind.POLICY, "澜州市公共租赁住房准入标准", "人均住房面积不超过 15 平方米。",
        "申请人应有本市户籍，或持本市居住证满一年；家庭人均住房建筑面积不超过 15 平方米；没有享受其他住房保障。"
        "面积按产权份额和住房种类折算，由不动产登记部门核对。",
    ),
    (
        CITY, NoticeKind.GUIDE, "怎么申请公租房", "注册、实名认证、填表、交材料，大约 20 分钟。",
        "第一步，用手机号注册并完成实名认证。第二步，填写申请：地区、家庭成员、住房、资产。第三步，上传身份证、户口簿、"
        "婚姻状况证明的照片。第四步，提交。5 个工作日内告诉你收没收下。",
    ),
    (
        CITY, NoticeKind.GUIDE, "轮候和选房是怎么排的", "按优先组、发证日期排队，轮到时发短信。",
        "发证后登记意愿就进入轮候。同一优先组内按发证日期先后，日期相同的按受理时间。轮到你时会收到短信，按约定时间看房、"
        "选房；没有选中不影响位置。",
    ),
    (
        "339800", NoticeKind.NOTICE, "望潮市住房保障服务上线", "可以在这里申请公租房了。",
        "望潮市居民现在可以在网上申请公共租赁住房、查看进度和公告。咨询电话 0579-8700 0000。",
    ),
    (
        "339800", NoticeKind.GUIDE, "望潮市怎么申请公租房", "先注册，再填表。",
        "注册并实名认证后，按页面提示填写申请、上传材料。",
    ),
)  # fmt: skip


def seed_citizens() -> None:
    """Makes the demonstration's cities, notices and residents where they are missing; a repeat adds nothing."""
    with transaction.atomic():
        for code, name, short, pinyin, open_, phone in CITIES:
            City.objects.get_or_create(
                code=code,
                defaults={
                    "name": name, "short": short, "pinyin": pinyin, "open": open_, "phone": phone,
                    "province": f"{code[:2]}0000",
                },
            )  # fmt: skip
        _seed_notices()
        _seed_survey()
        hashed = make_password(PASSWORD)
        for each in RESIDENTS:
            _seed_resident(each, hashed)


def _path() -> str:
    there = offices(kind="city", division=CITY)
    return there[0].path if there else "/"


def _seed_notices() -> None:
    for city, kind, title, summary, body in NOTICES:
        Notice.objects.get_or_create(
            city=city, title=title,
            defaults={
                "kind": kind, "summary": summary, "body": body, "published_at": clock.now(), "division": city,
                "org_path": _path() if city == CITY else "/", "created_by": system().ref,
            },
        )  # fmt: skip


def _seed_survey() -> None:
    day = clock.today()
    Survey.objects.get_or_create(
        city=CITY, title=f"{day.year} 年住房需求调查",
        defaults={
            "intro": "只问想要什么样的住房，不问姓名。结果用来安排明年的房源和户型，不影响任何人的申请和轮候。",
            "opens_on": day, "closes_on": day + timedelta(days=60), "published_at": clock.now(), "division": CITY,
            "org_path": _path(), "created_by": system().ref,
        },
    )  # fmt: skip


def _seed_resident(each: Demonstration, hashed: str) -> None:
    resident, made = Resident.objects.get_or_create(
        phone_blind=blind(each.phone),
        defaults={
            "phone": each.phone, "phone_masked": mask_phone(each.phone), "password": hashed, "city": CITY,
        },
    )  # fmt: skip
    if not made or not each.verified:
        return
    number = each.number
    IdentityVerification.objects.create(
        resident=resident, way=VerificationWay.BANK, name=each.name, document_type="id_card",
        document_number=number, number_blind=blind(number), number_masked=mask_id_number(number),
        state=VerificationState.APPROVED, due_on=clock.today(), decided_by=system().ref, decided_name="银行接口",
        decided_at=clock.now(), division=CITY, org_path=_path(), created_by=resident.ref,
    )  # fmt: skip
    person = find_or_make_person("id_card", number, each.name, actor=system())
    resident.name, resident.verified, resident.person_id = each.name, VerifiedState.VERIFIED, person.pk
    resident.save(update_fields=["name", "verified", "person_id", "updated_at"])
