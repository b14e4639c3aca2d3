"""The demonstration city: 澜州市, its offices, one account a role, its homes and its residents. All of it invented."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from anju.identity.models import Account, Organisation, Provider, Role
from anju.identity.services import make_account, make_organisation
from anju.identity.shipped import sync, was_here
from anju.site.roles import ROLES

PASSWORD = "Anju-2026-demo"
CITY = "339900"
DISTRICTS = (
    ("339901", "江湾区", "JW"),
    ("339902", "南屏区", "NP"),
    ("339903", "文昌区", "WC"),
    ("339904", "云溪县", "YX"),
)
OPERATORS = (
    ("339901", "LZ-OP-01", "澜州安居住房租赁有限公司", "0599-6201 8801"),
    ("339902", "LZ-OP-02", "南屏惠民公共住房运营有限公司", "0599-6201 8802"),
    ("339903", "LZ-OP-03", "文昌和居资产管理有限公司", "0599-6201 8803"),
    ("339904", "LZ-OP-04", "云溪县保障房运营中心", "0599-6201 8804"),
)


DEVELOPERS = (
    ("339901", "LZ-DV-01", "澜州江湾城建开发有限公司", "0599-6201 8821"),
    ("339902", "LZ-DV-02", "南屏安居建设有限公司", "0599-6201 8822"),
)


@dataclass(frozen=True)
class Person:
    """An account of the demonstration."""

    role: str
    account: str
    name: str
    organisation: str
    post: str


PEOPLE = (
    Person("operator_clerk", "fangting", "方婷", "LZ-OP-01", "运营经办"),
    Person("operator_supervisor", "liangchen", "梁辰", "LZ-OP-01", "运营主管"),
    Person("district_reviewer", "zhoumin", "周敏", "JW", "区级经办，初审岗"),
    Person("district_approver", "shenliqun", "沈立群", "JW", "区级核定岗"),
    Person("city_reviewer", "gaoyuan", "高远", "LZ", "市级复审岗"),
    Person("city_approver", "helan", "何岚", "LZ", "市级核定岗"),
    Person("administrator", "guanli", "管理员", "LZ", "系统管理员"),
    Person("security_administrator", "anquan", "安佳宁", "LZ", "安全管理员"),
    Person("district_administrator", "quguan", "江湾管理员", "JW", "区级管理员"),
    Person("auditor", "shenji", "申纪", "LZ", "审计员"),
    Person("street_clerk", "jiedao", "陆小川", "JW-BJ", "街道经办"),
    Person("property_clerk", "wuye", "邱实", "LZ-OP-01", "物业经办"),
    Person("fund_clerk", "gongjijin", "金予安", "LZ", "公积金中心经办"),
    Person("developer", "jianshe", "陆建", "LZ-DV-01", "建设单位填报"),
    Person("developer", "jianshe.np", "秦筑", "LZ-DV-02", "建设单位填报"),
    Person("operator_clerk", "fangting.np", "卢晓", "LZ-OP-02", "运营经办"),
    Person("district_reviewer", "zhoumin.np", "潘越", "NP", "区级初审岗"),
    Person("district_approver", "shenliqun.np", "邵平", "NP", "区级核定岗"),
)


def seed_roles() -> None:
    """Adds the product's roles; those a city changed stay as they are, those it deleted stay away."""
    for seed in ROLES:
        if not was_here(seed.key):
            Role.objects.get_or_create(
                key=seed.key, defaults={"title": seed.title, "reach": seed.reach, "rights": list(seed.rights)}
            )
    sync()


def seed_offices() -> None:
    """The city's office, a housing centre a district, an operator a district, a street office, developers of two."""
    city = make_organisation(name="澜州市住房保障中心", kind="city", code="LZ", division=CITY, phone="0599-6201 8800")
    districts = {}
    for division, name, code in DISTRICTS:
        districts[division] = make_organisation(
            name=f"{name}住房保障中心",
            kind="district",
            code=code,
            division=division,
            parent=city,
            phone="0599-6201 8801",
        )
    make_organisation(
        name="滨江街道办事处", kind="street", code="JW-BJ", division="339901", parent=districts["339901"],
        phone="0599-6201 8811",
    )  # fmt: skip
    below = [("operator", *each) for each in OPERATORS] + [("developer", *each) for each in DEVELOPERS]
    for kind, division, code, name, phone in below:
        make_organisation(name=name, kind=kind, code=code, division=division, parent=districts[division], phone=phone)


def seed_accounts() -> None:
    """One account a role and a second district's, so that scope can be seen."""
    for person in PEOPLE:
        make_account(
            username=person.account, name=person.name, organisation=Organisation.objects.get(code=person.organisation),
            roles=[person.role], password=PASSWORD, post=person.post,
        )  # fmt: skip


def seed_providers() -> None:
    """The city app, from whose menu residents come in, and the offices' common sign-in; the sandbox plays both."""
    shared = {"client_id": "anju", "client_secret": "sandbox-secret", "trusts_phone": True}
    Provider.objects.create(
        key="city-app", title="城市服务 App", protocol="oidc", audience="resident", url=f"{settings.SANDBOX_URL}/oidc",
        **shared,
    )  # fmt: skip
    Provider.objects.create(
        key="office", title="政务统一认证", protocol="cas", audience="staff", url=f"{settings.SANDBOX_URL}/cas"
    )


def is_seeded() -> bool:
    """Whether the demonstration is there already."""
    return Account.objects.exists()


def seed(*, past: bool = False) -> None:
    """The whole demonstration in one transaction; with `past`, homes have the last two years behind them."""
    from anju.citizen.seeds import seed_citizens
    from anju.construction.seeds import seed_construction
    from anju.eligibility.seed_talents import seed_talents
    from anju.gateway.seeds import seed_gateway
    from anju.kernel.processes.publishing import publish_all
    from anju.supply.seed import seed_supply
    from anju.supply.seed_information import seed_information
    from anju.supply.seed_life import seed_life
    from anju.supply.seed_talent import seed_talent
    from anju.workspace.seeds import seed_workspace

    with transaction.atomic():
        publish_all()
        seed_roles()
        seed_offices()
        seed_accounts()
        seed_providers()
        paths = dict(Organisation.objects.filter(kind="operator").values_list("code", "path"))
        seed_supply(org_paths=paths, past=past)
        seed_life()
        seed_talent()
        seed_information()
        seed_citizens()
        seed_gateway()
        seed_workspace()
        seed_construction()
        seed_talents()
