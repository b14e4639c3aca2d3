"""What a record is about is said in words: the kind and the row's name, a link only where the reader may see the row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anju.households.services import find_or_make_person
from anju.identity.models import Role
from anju.identity.services import make_organisation
from anju.kernel.audit import record
from anju.kernel.audit.models import AuditEntry
from anju.kernel.registers.dictionaries import titles
from anju.kernel.registers.lists import Query, apart, narrowed, piecewise
from anju.kernel.registers.models import Import as ImportRecord
from anju.kernel.registers.register import REGISTERS
from anju.kernel.registers.subjects import kinds, told_of, words_of
from anju.kernel.scope import Actor, system
from tests.kernel.registers.exports import exported, sheet
from tests.supply.samples import make_supply

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
        "rows": [{"name": f"远方（{far.account}）", "page": f"/registers/identity.accounts?row={far.id}"}],
        "more": "",
        "rest": "",
    }
    panel = client_as(reader).get(f"/registers/audit.entries/rows/{row['id']}").json()
    assert panel["subtitle"] == f"账号 远方（{far.account}）"
    # another office's row, and a row of a register that is not open to the reader
    assert told_of([subject], close)[0] == {
        "title": "账号", "rows": [{"name": str(far.id), "page": ""}], "more": "", "rest": "",
    }  # fmt: skip
    assert said("supply.units:7", reader) == "房源 7"


@pytest.mark.django_db
def test_marks_of_several_rows_of_none_and_of_unknown_kinds(staff: Staff) -> None:
    people = [staff("identity.account.view", name=name) for name in ("甲", "乙", "丙", "丁")]
    ids = [each.id for each in people]
    named = [f"{each.name}（{each.account}）" for each in people]
    assert said(f"identity.accounts:{','.join(map(str, ids))}", people[0]) == f"账号 {'、'.join(named[:3])}等多个"
    assert said("identity.accounts:*", people[0]) == "账号"
    assert said("identity.accounts", people[0]) == "账号"
    assert said(f"identity.accounts:{ids[0]},{'9' * 18},{'9' * 18}".ljust(120, "9"), people[0]).startswith(
        f"账号 {named[0]}、"
    )
    assert said("report:workspace.task_efficiency", people[0]) == "报表 任务办理效率"
    assert said("supply.pushes:talent_platform", people[0]) == "房源推送 市人才安居平台"
    assert said("calendar.day:2026-10-01", people[0]) == "工作日历 2026-10-01"
    assert said("identity.policy:1", people[0]) == "账号安全策略"
    assert said("alarm:audit.cut", people[0]) == "告警"
    assert said("nobody.knows:3", people[0]) == "nobody.knows:3"
    assert told_of([""], people[0]) == [None]


@pytest.mark.django_db
def test_an_auditor_is_told_every_name_that_is_no_personal_data_without_a_way_into_its_ledger(
    staff: Staff, city: Any
) -> None:
    auditor = staff(*AUDIT)
    clerk = staff("supply.unit.view", "households.person.view")
    supply = make_supply("A", city.path)
    batch = ImportRecord.objects.create(register="supply.units", kind="units", file_name="十月.xlsx", file_id=1)
    person = find_or_make_person("passport", "E12345678", "林秋")
    for subject, words in (
        (f"supply.units:{supply.unit.pk}", f"房源 {supply.unit.address}"),
        (f"supply.projects:{supply.project.pk}", "项目 A家园"),
        (f"identity.organisations:{city.pk}", f"组织机构 {city.name}"),
        (f"identity.account:{clerk.id}", f"账号 测试员（{clerk.account}）"),
        (
            f"identity.role:{Role.objects.get(key=clerk.account).pk}",
            f"角色 {Role.objects.get(key=clerk.account).title}",
        ),
        (f"import:{batch.pk}", "导入 十月.xlsx"),
        # what tells of a person stays a number
        (f"households.persons:{person.pk}", f"人员 {person.pk}"),
        ("case:12", "案件 12"),
        ("contract:12", "合同 12"),
        ("resident:12", "居民账号 12"),
    ):
        told = told_of([subject], auditor)[0]
        assert words_of(told) == words
        assert told is not None
        assert [row["page"] for row in told["rows"]] == [""]
    # nobody else is told of more than he may see; and an auditor who may see the ledger finds his way into it
    assert said(f"supply.projects:{supply.project.pk}", clerk) == f"项目 {supply.project.pk}"
    assert said(f"households.persons:{person.pk}", clerk) == "人员 林秋"
    both = told_of([f"supply.units:{supply.unit.pk}"], staff(*AUDIT, "supply.unit.view"))[0]
    assert both is not None
    assert both["rows"][0]["page"] == f"/registers/supply.units?row={supply.unit.pk}"


@pytest.mark.django_db
def test_who_acted_is_said_by_name_account_and_office(staff: Staff, client_as: Any) -> None:
    own = make_organisation(name="甲机构", kind="operator", code="JIA", division="339901")
    clerk, api = staff(org=own, name="周敏"), client_as(staff(*AUDIT))
    entry = record("act", actor=clerk, subject="calendar.clock")
    panel = api.get(f"/registers/audit.entries/rows/{entry.pk}").json()["values"]
    assert (panel["actor_name"], panel["office"]) == ("周敏", "甲机构")
    assert words_of(panel["actor_told"]) == f"账号 周敏（{clerk.account}）"
    rest = record("act", actor=system(), subject="calendar.clock")
    panel = api.get(f"/registers/audit.entries/rows/{rest.pk}").json()["values"]
    assert (words_of(panel["actor_told"]), panel["office"]) == ("系统", None)
    columns = ["actor_name", "office", "actor"]
    content, _ = exported(api, "audit.entries", format="csv", columns=columns, filters={"kind": ["calendar.clock"]})
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[2:] == [["系统", "", "系统"], ["周敏", "甲机构", f"账号 周敏（{clerk.account}）"]]
    # who acts is no kind of what an entry is about
    offered = {one["key"]: one for one in api.get("/registers/audit.entries").json()["filters"]}["kind"]["options"]
    assert not {"system", "anonymous", "applicant"} & {one["code"] for one in offered}


@pytest.mark.django_db
def test_the_trail_is_searched_for_people_and_for_what_was_done_to_what(
    staff: Staff, client_as: Any, city: Any
) -> None:
    auditor, clerk = staff(*AUDIT, name="审计员"), staff(name="周敏")
    supply, person = make_supply("A", city.path), find_or_make_person("passport", "E12345678", "林秋")
    other = make_supply("B", city.path)
    first = record("act", actor=clerk, subject=f"supply.units:{supply.unit.pk}")
    second = record("act", actor=clerk, subject=f"supply.units:{other.unit.pk}")
    third = record("act", actor=auditor, subject=f"identity.account:{clerk.id}")
    fourth = record("act", actor=auditor, subject=f"households.persons:{person.pk}")
    # somebody called otherwise since, and nobody's account
    fifth = record("sign_in", actor=replace(clerk, name="周小敏"))
    made = {each.pk for each in (first, second, third, fourth, fifth)}

    def found(text: str, reader: Actor = auditor) -> list[int]:
        api = client_as(reader)
        rows = api.get("/registers/audit.entries/rows", q=text).json()["rows"]
        return [row["id"] for row in rows if row["id"] in made]

    assert found("A-0101") == [first.pk], "a unit by its code"
    assert found(supply.unit.address[:4]) == [first.pk], "by a piece of its address"
    assert found("周敏") == [fifth.pk, third.pk, second.pk, first.pk], (
        "by name: what he did and what was done to his account"
    )
    assert found(clerk.account) == found("周敏"), "by account"
    assert found("周小敏") == [fifth.pk], "by the name of then"
    assert found("周敏 A-0101") == [first.pk], "each piece holds"
    assert found(f"supply.units:{other.unit.pk}") == [second.pk], "by the mark itself"
    # names that he is not told of find nothing, whoever sees the ledger finds by them
    assert found("林秋") == []
    assert found("林秋", staff(*AUDIT, "households.person.view")) == [fourth.pk]
    content, _ = exported(client_as(auditor), "audit.entries", format="csv", columns=["subject"], q="A-0101")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[2:] == [[f"房源 {supply.unit.address}"]]


@pytest.mark.django_db
def test_a_search_of_the_trail_walks_indexes_only(staff: Staff) -> None:
    register, reader = REGISTERS["audit.entries"], staff(*AUDIT)
    asked = narrowed(register, register.rows(reader), Query(q="周敏"), reader).order_by().values_list("pk")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        sql, params = asked.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    for index in ("audit_search", "audit_subject", "audit_actor"):
        assert f"Bitmap Index Scan on {index} " in plan, plan
    assert "Seq Scan on audit_auditentry" not in plan, plan


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
    asked = piecewise(narrowed(register, register.base(), query, system()), apart(register, query), None, True, 3)
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
    assert [row[0] for row in rows[2:]] == ["房源 7", f"账号 周敏（{reader.account}）"]
