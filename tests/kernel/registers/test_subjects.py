"""What a record is about is said in words: the kind and the row's name, a link only where the reader may see the row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anju.identity.services import make_organisation
from anju.kernel.audit import record
from anju.kernel.audit.models import AuditEntry
from anju.kernel.registers.dictionaries import titles
from anju.kernel.registers.lists import Query, apart, narrowed, piecewise
from anju.kernel.registers.register import REGISTERS
from anju.kernel.registers.subjects import kinds, told_of, words_of
from anju.kernel.scope import Actor, system
from tests.kernel.registers.exports import exported, sheet

SOURCE = Path(__file__).resolve().parents[3] / "src" / "anju"
AUDIT = ("audit.entry.view", "audit.entry.export")
Staff = Callable[..., Actor]


def note(subject: str, title: str = "办理") -> AuditEntry:
    return record("act", actor=system(), subject=subject, title=title)


def said(subject: str, actor: Actor) -> str:
    return words_of(told_of([subject], actor)[0])


def test_every_mark_that_the_program_writes_is_of_a_kind() -> None:
    written = re.compile(r"""(?:subject=f?"([a-z_-]+(?:\.[a-z_]+)?)[:"]|owner=f"([a-z_.-]+):)""")
    found = {
        (mark or owner, path.name)
        for path in SOURCE.rglob("*.py")
        for mark, owner in written.findall(path.read_text(encoding="utf-8"))
    }
    assert len(found) > 50
    unknown = sorted(each for each in found if each[0] not in kinds())
    assert not unknown


@pytest.mark.django_db
def test_every_act_of_the_trail_has_a_word() -> None:
    assert titles("audit_action") == dict(AuditEntry.Action.choices)


@pytest.mark.django_db
def test_the_trail_names_the_rows_that_its_reader_may_see(staff: Staff, client_as: Any) -> None:
    own = make_organisation(name="甲机构", kind="operator", code="JIA", division="339901")
    other = make_organisation(name="乙机构", kind="operator", code="YI", division="339902")
    reader = staff(*AUDIT, "identity.account.view", name="周敏")
    close = staff("identity.account.view", reach="org_and_below", org=own)
    far = staff(org=other, name="远方")
    subject = f"identity.account:{far.id}"
    note(subject)
    row = client_as(reader).get("/registers/audit.entries/rows").json()["rows"][0]
    assert row["subject"] == subject
    assert row["subject_told"] == {
        "title": "账号",
        "rows": [{"name": "远方", "page": f"/registers/identity.accounts?row={far.id}"}],
        "more": "",
        "rest": "",
    }
    panel = client_as(reader).get(f"/registers/audit.entries/rows/{row['id']}").json()
    assert panel["subtitle"] == "账号 远方"
    # another office's row, and a row of a register that is not open to the reader
    assert told_of([subject], close)[0] == {
        "title": "账号", "rows": [{"name": str(far.id), "page": ""}], "more": "", "rest": "",
    }  # fmt: skip
    assert said("supply.units:7", reader) == "房源 7"


@pytest.mark.django_db
def test_marks_of_several_rows_of_none_and_of_unknown_kinds(staff: Staff) -> None:
    people = [staff("identity.account.view", name=name) for name in ("甲", "乙", "丙", "丁")]
    ids = [each.id for each in people]
    assert said(f"identity.accounts:{','.join(map(str, ids))}", people[0]) == "账号 甲、乙、丙等多个"
    assert said("identity.accounts:*", people[0]) == "账号"
    assert said("identity.accounts", people[0]) == "账号"
    assert said(f"identity.accounts:{ids[0]},{'9' * 18},{'9' * 18}".ljust(120, "9"), people[0]).startswith("账号 甲、")
    assert said("report:workspace.task_efficiency", people[0]) == "报表 任务办理效率"
    assert said("supply.pushes:talent_platform", people[0]) == "房源推送 市人才安居平台"
    assert said("calendar.day:2026-10-01", people[0]) == "工作日历 2026-10-01"
    assert said("identity.policy:1", people[0]) == "账号安全策略"
    assert said("alarm:audit.cut", people[0]) == "告警"
    assert said("nobody.knows:3", people[0]) == "nobody.knows:3"
    assert told_of([""], people[0]) == [None]


@pytest.mark.django_db
def test_names_are_found_with_one_statement_a_kind(staff: Staff) -> None:
    reader = staff("identity.account.view", "identity.role.view")
    people = [staff() for _ in range(6)]
    few = [f"identity.account:{people[0].id}", "identity.role:1"]
    many = [f"identity.account:{each.id}" for each in people] + [f"identity.accounts:{each.id}" for each in people]
    many += [f"identity.role:{each}" for each in range(1, 40)] + ["trust.keys", "supply.units:3", "", "x:1"]
    told_of(few, reader)
    with CaptureQueriesContext(
        connection,
    ) as once:
        told_of(few, reader)
    with CaptureQueriesContext(connection) as often:
        told_of(many, reader)
    assert len(once) == len(often) == 2


@pytest.mark.django_db
def test_the_trail_is_narrowed_by_kind_in_its_own_order(staff: Staff, client_as: Any) -> None:
    reader = staff(*AUDIT)
    api = client_as(reader)
    before = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    marks = [
        "identity.account:1",
        "supply.units:2",
        "identity.accounts:3",
        "identity.account_flow:city",
        "supply.units",
    ]
    made = [note(mark).pk for mark in marks * 3]
    wanted = [pk for at, pk in enumerate(made) if at % 5 in {0, 2}][::-1]
    seen: list[int] = []
    cursor = ""
    while True:
        page = api.get(
            "/registers/audit.entries/rows", **{"f.kind": "identity.accounts", "limit": 4, "cursor": cursor}
        ).json()
        seen += [row["id"] for row in page["rows"]]
        cursor = page["next"]
        if not cursor:
            break
    assert [pk for pk in seen if pk > before] == wanted
    back = api.get(
        "/registers/audit.entries/rows", **{"f.kind": "identity.accounts", "limit": 4, "cursor": page["prev"]}
    )
    assert [row["id"] for row in back.json()["rows"]] == seen[-4 - len(page["rows"]) : -len(page["rows"])]
    two = api.get("/registers/audit.entries/rows", **{"f.kind": ["supply.units", "identity.account_flow"]}).json()[
        "rows"
    ]
    assert [row["id"] for row in two] == [pk for at, pk in enumerate(made) if at % 5 in {1, 3, 4}][::-1]
    one = api.get("/registers/audit.entries/rows", **{"f.kind": "identity.accounts:3"}).json()["rows"]
    assert {row["subject"] for row in one} == {"identity.accounts:3"}
    refused = api.get("/registers/audit.entries/rows", **{"f.kind": "nothing"})
    assert (refused.status_code, refused.json()["code"]) == (422, "register.bad_filter")
    offered = {one["key"]: one for one in api.get("/registers/audit.entries").json()["filters"]}["kind"]["options"]
    assert {"code": "identity.accounts", "title": "账号"} in offered
    assert len(offered) == len({one["code"] for one in offered})


@pytest.mark.django_db
def test_each_kind_is_walked_along_its_index_and_nothing_is_sorted_but_a_page() -> None:
    for mark in ("identity.account:1", "identity.accounts:1") * 5:
        note(mark)
    register, query = REGISTERS["audit.entries"], Query({"kind": ["identity.accounts"]})
    asked = piecewise(narrowed(register, register.base(), query), apart(register, query), None, True, 3)
    with connection.cursor() as cursor:
        for path in ("seqscan", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{path} = off")
        sql, params = asked.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert plan.count("Backward using audit_subject_kind") == len(kinds()["staff"].marks) == 3, plan
    assert plan.count("Sort Key") == 1, plan


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_export_says_the_same_words(staff: Staff, client_as: Any, form: str) -> None:
    reader = staff(*AUDIT, "identity.account.view", name="周敏")
    note(f"identity.account:{reader.id}")
    note("supply.units:7")
    kinds_asked = {"kind": ["identity.accounts", "supply.units"]}
    content, _ = exported(
        client_as(reader), "audit.entries", format=form, columns=["subject", "title"], filters=kinds_asked, limit=2
    )
    rows = sheet(content) if form == "xlsx" else list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[2:]] == ["房源 7", "账号 周敏"]
