"""The register of persons and its spreadsheet: sealed numbers, nobody twice, nobody seen who is none of one's business."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from python_calamine import CalamineWorkbook

from anju.households.models import Dealing, Person
from anju.households.services import Member, find_or_make_person, take_snapshot
from anju.households.synthetic import synthetic_id
from anju.identity.services import make_organisation
from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.registers.models import RegisterHistory
from anju.kernel.scope import Actor, system
from tests.spreadsheets import Desk, filled, workbook

pytestmark = pytest.mark.django_db
RIGHTS = [f"households.person.{verb}" for verb in ("view", "import", "reveal")]
PATH = "/registers/households.persons"
MOTHER = synthetic_id("339901", date(1964, 3, 2), 2)
FATHER = synthetic_id("339901", date(1962, 7, 9), 11)
HEADS = ["姓名", "证件类型", "证件号码", "性别", "出生日期"]


@pytest.fixture
def desk(staff: Callable[..., Actor], client_as: Callable[[Actor], Any]) -> Desk:
    return Desk(client_as(staff(*RIGHTS, reach="org_and_below", name="周敏")))


@pytest.fixture
def elsewhere(city: Any, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]) -> Desk:
    """A clerk of another office, not below the city's."""
    office = make_organisation(name="别处", kind="city", code="BC", division="330100")
    return Desk(client_as(staff(*RIGHTS, reach="org_and_below", org=office, name="吴静")))


def stored_texts() -> str:
    """Everything that the tables of imports, history and persons hold, as text."""
    tables = ("registers_importrow", "registers_registerhistory", "households_person", "audit_auditentry")
    with connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} AS t")
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


@pytest.mark.covers("PR-03.1")
def test_persons_come_in_from_the_template_and_a_repeat_doubles_nobody(desk: Desk) -> None:
    rows: list[dict[str, Any]] = [
        {"姓名": "周桂芳", "证件号码": MOTHER, "性别": "", "出生日期": ""},
        {"姓名": "陈立民", "证件类型": "", "证件号码": FATHER, "性别": "男", "出生日期": "1962-07-09"},
        {"姓名": "Anna Berg", "证件类型": "护照", "证件号码": "X1234567", "性别": "女", "出生日期": "1990/5/1"},
    ]
    file = filled(desk.template("households.persons"), rows)
    checked = desk.upload("households.persons", file)
    assert (checked["new"], checked["failed"]) == (3, 0)
    assert not Person.objects.exists(), "a dry run writes nothing"
    assert desk.run(checked["id"])["done"] == 3
    assert list(Person.objects.order_by("birth_on").values_list("name", "document_type", "gender", "birth_on")) == [
        ("陈立民", "id_card", "male", date(1962, 7, 9)),
        ("周桂芳", "id_card", "female", date(1964, 3, 2)),
        ("Anna Berg", "passport", "female", date(1990, 5, 1)),
    ]
    assert find_or_make_person("id_card", MOTHER, "周桂芳").document_number == MOTHER
    again = desk.upload("households.persons", file)
    assert (again["new"], again["update"], again["failed"]) == (0, 3, 0)
    desk.run(again["id"])
    assert Person.objects.count() == Dealing.objects.count() == 3
    assert set(Person.objects.values_list("version", flat=True)) == {1}
    assert RegisterHistory.objects.filter(register="households.persons").count() == 3


def test_rows_that_cannot_be_are_refused_each_with_its_reason(desk: Desk) -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    find_or_make_person("id_card", FATHER, "陈立民")
    short = MOTHER[:6] + MOTHER[8:17]
    rows = [
        ["甲", "居民身份证", MOTHER[:-1] + ("1" if MOTHER[-1] != "1" else "2"), "", ""],
        ["周桂芳", "居民身份证", synthetic_id("339901", clock.today() + timedelta(days=9), 2), "", ""],
        ["周桂芳", "居民身份证", "12345", "", ""],
        ["周桂芳", "护照", "X1234567", "女", tomorrow],
        ["周桂芳", "居民身份证", MOTHER, "男", ""],
        ["周桂芳", "居民身份证", MOTHER, "", "1964-03-03"],
        ["周桂芳", "居民身份证", float(MOTHER[:17] + "0"), "", ""],
        ["陈立明", "居民身份证", FATHER, "", ""],
        ["周桂芳", "居民身份证", MOTHER, "", ""],
        ["周桂芳", "居民身份证", short, "", ""],
        ["周桂芳", "驾照", MOTHER, "", ""],
        ["", "居民身份证", MOTHER, "", ""],
    ]
    checked = desk.upload("households.persons", workbook([HEADS, *rows]))
    problems = {(item["row"], item["field"], item["code"]) for item in desk.failed(checked["id"])}
    assert problems == {
        (2, "name", "name.invalid"),
        (2, "document_number", "id_number.check"),
        (3, "document_number", "id_number.future"),
        (4, "document_number", "id_number.length"),
        (5, "birth_on", "future"),
        (6, "gender", "differs"),
        (7, "birth_on", "differs"),
        (7, "document_number", "repeated"),
        (8, "document_number", "digits_lost"),
        (9, "name", "differs"),
        (11, "document_number", "repeated"),
        (12, "document_type", "not_in_dictionary"),
        (13, "name", "required"),
        (13, "document_number", "repeated"),
    }
    desk.run(checked["id"])
    assert sorted(Person.objects.values_list("name", flat=True)) == ["周桂芳", "陈立民"]


def test_numbers_are_nowhere_in_clear_and_a_failed_row_can_still_be_corrected(desk: Desk) -> None:
    wrong = MOTHER[:-1] + ("1" if MOTHER[-1] != "1" else "2")
    checked = desk.upload("households.persons", workbook([HEADS, ["周桂芳", "", wrong], ["陈立民", "", FATHER]]))
    [problem] = desk.failed(checked["id"])
    assert (problem["value"], problem["key"]) == (f"{wrong[:6]}********{wrong[14:]}", "周桂芳")
    desk.run(checked["id"])
    file = desk.api.get(f"/imports/{checked['id']}/failures").content
    table = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    assert table[1][table[0].index("证件号码*")] == wrong
    assert AuditEntry.objects.filter(action="read_personal").count() == 1
    still = desk.api.post(
        f"/imports/{checked['id']}/corrections", {"row": 2, "field": "document_number", "value": "3"}
    ).json()
    assert (still["ok"], still["errors"][0]["value"]) == (False, "*")
    fixed = desk.api.post(
        f"/imports/{checked['id']}/corrections", {"row": 2, "field": "document_number", "value": MOTHER}
    )
    assert fixed.json()["ok"] is True
    desk.run(checked["id"])
    assert Person.objects.get(name="周桂芳").document_number == MOTHER
    everything = stored_texts()
    assert not [number for number in (MOTHER, FATHER, wrong) if number in everything]


def test_a_person_is_found_by_name_or_whole_number_and_shown_masked(desk: Desk) -> None:
    desk.run(desk.upload("households.persons", workbook([HEADS, ["周桂芳", "", MOTHER], ["陈立民", "", FATHER]]))["id"])

    def found(q: str) -> list[str]:
        return [row["name"] for row in desk.api.get(f"{PATH}/rows", q=q).json()["rows"]]

    assert found("桂芳") == ["周桂芳"]
    assert found(FATHER) == ["陈立民"]
    assert found(FATHER.lower()[:6] + " " + FATHER[6:]) == ["陈立民"]
    assert found(MOTHER[:6] + MOTHER[8:17]) == ["周桂芳"], "the old number of 15 digits"
    assert found(FATHER[:17]) == []
    row = desk.api.get(f"{PATH}/rows", q="立民").json()["rows"][0]
    assert row["document_number"] == f"{FATHER[:6]}********{FATHER[14:]}"
    told = desk.api.post(f"{PATH}/rows/{row['id']}/reveal", {"field": "document_number", "reason": "核对合同"}).json()
    assert told["value"] == FATHER
    assert AuditEntry.objects.filter(action="read_personal").count() == 1


def test_an_office_sees_the_persons_it_has_to_do_with(desk: Desk, elsewhere: Desk, city: Any) -> None:
    take_snapshot(
        "case:1", [Member("id_card", MOTHER, "周桂芳", "self")], on=clock.today(), org_path=f"{city.path}7/",
        division="339901",
    )  # fmt: skip
    find_or_make_person("id_card", FATHER, "陈立民", actor=system())
    seen = desk.api.get(f"{PATH}/rows").json()["rows"]
    assert [row["name"] for row in seen] == ["周桂芳"]
    assert elsewhere.api.get(f"{PATH}/rows").json()["rows"] == []
    assert elsewhere.api.get(f"{PATH}/rows/{seen[0]['id']}").status_code == 404
    file = workbook([HEADS, ["周桂芳", "", MOTHER], ["陈立明", "", FATHER]])
    checked = elsewhere.upload("households.persons", file)
    assert (checked["update"], checked["failed"]) == (1, 1)
    elsewhere.run(checked["id"])
    assert [row["name"] for row in elsewhere.api.get(f"{PATH}/rows").json()["rows"]] == ["周桂芳"]
    assert Person.objects.count() == 2
