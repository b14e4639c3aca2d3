"""A full city for load: 450,000 units, 430 operators, 5,000 accounts, 200,000 cases, written by COPY in minutes.

The demonstration city is there first; this grows it. All people are invented. The same day and the same sizes give the
same rows, sealed columns apart, whose nonces are random. One transaction: it is there whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

from anju.kernel.errors import Conflict
from anju.site.full_city import homes, offices
from anju.site.full_city.loading import bulk_loading
from anju.site.full_city.matters import make as make_cases

TABLES = (
    "identity.Organisation", "identity.Account", "identity.AccountRole", "supply.Operator", "supply.Project",
    "supply.Estate", "supply.Building", "supply.Unit", "cases.Case", "cases.Party", "cases.Entry", "cases.Material",
    "cases.Check", "processes.Instance", "processes.Token", "eligibility.Publicity",
)  # fmt: skip


class AlreadyFull(Conflict):
    """The city was grown before; a second time would need other codes."""

    code, message, advice = "full_city.exists", "全市数据已在库中", "要重新生成，请先 ./dev reset"


@dataclass(frozen=True)
class Size:
    """How large the city becomes; the tender's figures by default (NF-01.1)."""

    units: int = 450_000
    operators: int = 430
    agencies: int = 30
    accounts: int = 5_000
    cases: int = 200_000


def grow(size: Size, say: Callable[[str], None] = lambda line: None) -> None:
    """Makes the city as large as wanted and lets the planner know. Raises `AlreadyFull`."""
    if offices.is_grown():
        raise AlreadyFull
    with transaction.atomic(), bulk_loading(TABLES, say):
        staff = offices.make(size.operators, size.agencies, size.accounts)
        say(f"机构 {size.operators} 家运营、{size.agencies} 个街道，账号 {size.accounts} 个")
        made = homes.make(size.units, staff)
        say(f"项目 {made.projects} 个、小区 {made.estates} 个、楼栋 {made.buildings} 栋、房源 {made.units} 套")
        make_cases(size.cases, staff, say)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say("统计信息已更新")
