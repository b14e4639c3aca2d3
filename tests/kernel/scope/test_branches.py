"""Branches: by index or by the beginning of a path, the same rows; and the list of a district begins at its index."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection, transaction

from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.scope import Actor, Reach, admits, reach_filter, restrict
from anju.kernel.scope.branches import LEVELS, levels_of
from anju.supply.models import Unit

PATHS = ["/1/", "/1/2/", "/1/2/5/", "/1/2/5/9/", "/1/25/", "/1/25/2/", "/1/3/52/", "/"]
ME = Actor(kind="staff", id=1, division="339901", grants={"x": Reach.ORG_AND_BELOW})


@pytest.mark.django_db
def test_a_branch_holds_what_lies_below_and_nothing_else() -> None:
    for path in PATHS:
        AuditEntry.objects.create(at=clock.now(), action="act", actor="staff:1", org_path=path, subject="branch")
    rows = list(AuditEntry.objects.filter(subject="branch"))
    for path in PATHS:
        actor = replace(ME, org_path=path)
        found = reach_filter(actor, "x", owner="actor", levels=LEVELS)
        assert found is not None
        held = set(AuditEntry.objects.filter(found, subject="branch").values_list("org_path", flat=True))
        assert held == {row.org_path for row in rows if admits(actor, "x", row)}, path


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/1/2/", "/1/2/5/"])
def test_the_list_of_a_branch_is_read_from_an_index_in_its_order(path: str) -> None:
    rows = restrict(Unit.objects.order_by("code", "id"), replace(ME, org_path=path), "x")[:51]
    sql, params = rows.values_list("code", "pk").query.sql_with_params()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert f"supply_unit_branch{path.count('/') - 2}" in plan
    assert "Sort" not in plan


def test_deeper_ones_go_by_the_beginning_of_their_path() -> None:
    assert levels_of(Unit) == set(LEVELS)
    assert levels_of(AuditEntry) == set()
    deep = reach_filter(replace(ME, org_path="/1/2/5/9/"), "x", levels=LEVELS)
    assert "startswith" in str(deep)
