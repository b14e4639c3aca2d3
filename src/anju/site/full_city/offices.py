"""Offices and accounts of the full city: operators and streets below the districts, staff in all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from anju.identity.models import Account, Organisation, Role
from anju.identity.passwords import make_password
from anju.kernel import clock
from anju.kernel.registers import sort_key
from anju.site.demo import CITY, DISTRICTS, PASSWORD
from anju.site.full_city import people
from anju.site.full_city.loading import Sheet, first_free_id, model_of, text

OPERATOR_CODE = "FC-OP-{:03d}"
STREET_CODE = "FC-ST-{:02d}"
COMPANY = ("安居", "宜家", "惠民", "和顺", "安盛", "恒居", "润泽", "广厦", "同心", "乐居", "嘉和", "瑞安")
# The place among the districts of every ten offices: the large district has four, the county one.
SPREAD = (0, 1, 0, 2, 1, 3, 0, 1, 2, 0)
KINDS = ("住房租赁有限公司", "公共住房运营有限公司", "资产管理有限公司", "公租房管理有限公司")
# Of a hundred accounts so many hold each role; the rest are operators' clerks.
SHARES = (
    ("operator_supervisor", "运营主管", 12), ("district_reviewer", "初审岗", 14), ("district_approver", "核定岗", 6),
    ("city_reviewer", "复审岗", 4), ("city_approver", "市级核定岗", 2), ("auditor", "审计员", 1),
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """A member of staff as records keep him."""

    ref: str
    name: str
    organisation: str


@dataclass(frozen=True)
class Office:
    """A place in the tree of organisations."""

    id: int
    name: str
    path: str
    division: str
    operator_id: int = 0


@dataclass
class Staff:
    """The operators of each district, and who holds which role where."""

    operators: dict[str, list[Office]] = field(default_factory=lambda: defaultdict(list))
    members: list[Member] = field(default_factory=list)
    at: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, role: str, place: str, member: Member) -> None:
        self.at[role, place].append(len(self.members))
        self.members.append(member)

    def who(self, random: Random, role: str, operator: Office) -> int:
        """Somebody of the role who handles the operator's cases, by his place among the members."""
        if role.startswith("operator"):
            return random.choice(self.at[role, operator.path])
        return random.choice(self.at[role, operator.division if role.startswith("district") else CITY])


def is_grown() -> bool:
    """Whether the full city is there already."""
    return Organisation.objects.filter(code=OPERATOR_CODE.format(1)).exists()


def make(operators: int, agencies: int, accounts: int) -> Staff:
    """Adds operators, streets and accounts until there are as many as wanted, those of the demonstration included."""
    random = Random(f"{CITY} offices")
    staff = Staff()
    districts = {row.division: row for row in existing("district")}
    known = dict(model_of("supply.Operator")._default_manager.values_list("code", "pk"))
    for row in existing("operator"):
        staff.operators[row.division].append(Office(row.pk, row.name, row.path, row.division, known.get(row.code, 0)))
    present = sum(map(len, staff.operators.values()))
    now = text(clock.now())
    organisation = Sheet(
        "identity.Organisation", "id", "parent", "name", "kind", "code", "division", "path", "created_at", "updated_at"
    )
    operator = Sheet(
        "supply.Operator", "id", "code", "name", "name_pinyin", "contact", "phone", "address", "division", "org_path",
        "created_at", "updated_at",
    )  # fmt: skip
    next_id, operator_id = first_free_id("identity.Organisation"), first_free_id("supply.Operator")
    for number in range(1, max(1, operators - present) + 1):
        division, district, _ = DISTRICTS[SPREAD[number % 10]]
        above, code = districts[division], OPERATOR_CODE.format(number)
        name = f"{district[:-1]}{COMPANY[number % 12]}第{number}{KINDS[number // 12 % 4]}"
        path = f"{above.path}{next_id}/"
        organisation.add(str(next_id), str(above.pk), name, "operator", code, division, path, now, now)
        operator.add(
            str(operator_id), code, name, sort_key(name), people.name(random), f"0599-62{number:06d}",
            f"{district}安居路 {number} 号", division, path, now, now,
        )  # fmt: skip
        staff.operators[division].append(Office(next_id, name, path, division, operator_id))
        next_id, operator_id = next_id + 1, operator_id + 1
    for number in range(1, agencies + 1):
        division, district, _ = DISTRICTS[SPREAD[number % 10]]
        above = districts[division]
        organisation.add(
            str(next_id), str(above.pk), f"{district}第{number}街道住房保障受理中心", "street",
            STREET_CODE.format(number), division, f"{above.path}{next_id}/", now, now,
        )  # fmt: skip
        next_id += 1
    organisation.write()
    operator.write()
    hire(staff, accounts, random)
    return staff


def existing(kind: str) -> list[Organisation]:
    """The organisations of a kind."""
    return list(Organisation.objects.filter(kind=kind).order_by("code"))


def hire(staff: Staff, accounts: int, random: Random) -> None:
    """Adds accounts; every office has somebody for each step, and all have the demonstration's password."""
    held = dict(Role.objects.values_list("key", "pk"))
    for row in Account.objects.prefetch_related("roles").select_related("organisation"):
        for key in [role.key for role in row.roles.all()]:
            member = Member(f"staff:{row.pk}", row.name, row.organisation.name)
            staff.add(key, place_of(key, row.organisation), member)
    account = Sheet(
        "identity.Account", "id", "username", "name", "post", "organisation", "org_path", "division",
        created_at=clock.now(), updated_at=clock.now(), password=make_password(PASSWORD),
    )  # fmt: skip
    roles = Sheet("identity.AccountRole", "id", "account", "role")
    account_id, role_id = first_free_id("identity.Account"), first_free_id("identity.AccountRole")
    offices = {row.path: row for kind in ("city", "district", "operator") for row in existing(kind)}
    for number, (role, post, place) in enumerate(posts(staff, accounts), start=1):
        office, name = offices[place], people.name(random)
        account.add(
            str(account_id), f"u{number:05d}", name, post, str(office.pk), office.path, office.division
        )  # fmt: skip
        roles.add(str(role_id), str(account_id), str(held[role]))
        staff.add(role, place_of(role, office), Member(f"staff:{account_id}", name, office.name))
        account_id, role_id = account_id + 1, role_id + 1
    account.write()
    roles.write()


def place_of(role: str, organisation: Organisation) -> str:
    """Where a role is looked for: at an operator by its path, in a district by its division, in the city by its code."""
    if role.startswith("operator"):
        return str(organisation.path)
    return str(organisation.division) if role.startswith("district") else CITY


def posts(staff: Staff, accounts: int) -> Iterator[tuple[str, str, str]]:
    """Role, post and path of the office of each account; one clerk an operator first, then by shares."""
    all_operators = [office.path for offices in staff.operators.values() for office in offices]
    districts = [row.path for row in existing("district")]
    city = existing("city")[0].path
    for path in all_operators:
        yield "operator_clerk", "运营经办", path
    for path in districts:
        yield "district_reviewer", "初审岗", path
        yield "district_approver", "核定岗", path
    pattern = [(role, post) for role, post, share in SHARES for _ in range(share)]
    pattern += [("operator_clerk", "运营经办")] * (100 - len(pattern))
    for number in range(accounts - len(all_operators) - 2 * len(districts)):
        role, post = pattern[number * 37 % 100]
        where = all_operators if role.startswith("operator") else districts if role.startswith("district") else [city]
        yield role, post, where[number // 3 % len(where)]
