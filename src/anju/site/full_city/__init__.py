"""A whole city for load and for a look at long lists, written by COPY in minutes.

The demonstration city is there first; this grows it. All people are invented. The same day and the same sizes give the
same rows, sealed columns apart, whose nonces are random. One transaction: it is there whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

from anju.kernel import clock
from anju.kernel.errors import Conflict
from anju.kernel.processes.locks import graph_of
from anju.kernel.processes.publishing import current
from anju.site.full_city import expanding, homes, offices
from anju.site.full_city.journeys import Ways
from anju.site.full_city.loading import bulk_loading
from anju.site.full_city.matters import Matters
from anju.site.full_city.planning import Plan
from anju.site.full_city.registry import Registry
from anju.site.full_city.tenancies import Tenancies
from anju.workspace.finished import count_anew

TABLES = (
    "identity.Organisation", "identity.Account", "identity.AccountRole", "supply.Operator", "supply.Project",
    "supply.Estate", "supply.Building", "supply.Unit", "supply.Occupancy", "supply.DayCount", "households.Person",
    "households.Dealing", "households.HouseholdSnapshot", "households.SnapshotMember", "cases.Case", "cases.Party",
    "cases.Entry", "cases.Material", "cases.Check", "processes.Instance", "processes.Token", "eligibility.Publicity",
    "eligibility.Certificate", "waiting.Entry", "waiting.Move", "tenancy.Contract", "tenancy.Occupant",
    "tenancy.Happening",
)  # fmt: skip
PROCESS = "public_rental"


class AlreadyFull(Conflict):
    """The city was grown before; a second time would need other codes."""

    code, message, advice = "full_city.exists", "全市数据已在库中", "要重新生成，请先 ./dev reset"


@dataclass(frozen=True)
class Size:
    """How large the city becomes, and over how many years.

    `persons` and `contracts` are what there is at least: everybody who applied or rents is a person, and every unit
    that is let has its contract.
    """

    units: int = 450_000
    projects: int = 720
    operators: int = 430
    agencies: int = 30
    accounts: int = 5_000
    persons: int = 0
    cases: int = 200_000
    contracts: int = 0
    years: int = 3


# The tender's figures (NF-01.1), and those of the whole city.
FULL = Size()
CITY = Size(projects=1_200, persons=5_000_000, cases=2_000_000, contracts=1_500_000, years=12)


def grow(size: Size, say: Callable[[str], None] = lambda line: None) -> None:
    """Makes the city as large as wanted and lets the planner know. Raises `AlreadyFull`."""
    if offices.is_grown():
        raise AlreadyFull
    with transaction.atomic(), bulk_loading(TABLES, say):
        fill(size, say)
        count_anew()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say("统计信息已更新")


def fill(size: Size, say: Callable[[str], None]) -> None:
    """Plans everything, then writes it part by part."""
    staff = offices.make(size.operators, size.agencies, size.accounts)
    say(f"机构 {size.operators} 家运营、{size.agencies} 个街道，账号 {size.accounts} 个")
    definition = current(PROCESS)
    ways = Ways(graph_of(definition.pk))
    stock = homes.plan(size.units, size.projects, size.years, staff)
    plan = Plan(stock, staff, ways, clock.today().toordinal(), size.years)
    plan.lease(size.contracts)
    plan.apply(size.cases)
    persons = plan.settle(size.persons)
    registry = Registry(plan)
    matters = Matters(plan, registry, ways)
    tenancies = Tenancies(plan, registry, matters)
    say(f"全市规划完成：项目 {stock.projects} 个、小区 {stock.estates} 个、楼栋 {len(stock.blocks)} 栋")
    registry.write()
    say(f"人员 {persons} 名")
    matters.write()
    say(f"案件 {len(plan.cases)} 件，其中原系统迁入 {matters.own} 件")
    tokens = expanding.expand(definition.pk, ways, matters, staff)
    say(f"流程环节 {tokens} 个，以及记录、核查、材料、公示")
    tenancies.write()
    homes.write_counts(stock)
    say(f"合同 {len(plan.leases)} 份，房源 {len(stock)} 套")
