"""Acceptance: the whole application before the clerk, duplicates stopped, notices issued, refusal told and no bar."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from anju.households.synthetic import synthetic_id
from anju.kernel import clock
from anju.kernel.cases.models import Case
from anju.kernel.documents.models import Document
from anju.kernel.errors import DomainError, Invalid
from anju.kernel.http.constraints import explained
from tests.casework import REASON, Town, member, pages, person, pushed
from tests.sandbox_fixture import Sandbox
from tests.support import run_jobs


def pdf_text(api: Any, url: str) -> str:
    answer = api.get(url.removeprefix("/api"))
    assert answer.status_code == 200, answer.content
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).replace("\n", "")


def refused(town: Town, **changes: Any) -> DomainError:
    """The refusal of an application; nothing of it is kept."""
    who = changes.pop("who", None) or town.household()
    before = Case.objects.count()
    with pytest.raises((DomainError, IntegrityError)) as caught, transaction.atomic():
        town.apply(who, **changes)
    assert Case.objects.count() == before
    error = caught.value
    return explained(error) if isinstance(error, IntegrityError) else error


@pytest.mark.covers("SH-015.1")
def test_a_complete_form_is_made_from_what_was_filled_in_for_the_clerk_to_read(town: Town) -> None:
    who = town.household()
    case = town.apply(who, remark="母亲行动不便")
    clerk = town.staff("fangting")
    paper = next(p for p in clerk.get(f"/cases/{case.pk}").json()["documents"] if p["template"] == "application_form")
    text = pdf_text(clerk, paper["url"])
    for wanted in (case.number, who.name, "江湾区文昌路86弄12号301室", "澜州市启衡机械厂", "5200", "母亲行动不便"):
        assert wanted in text.replace(" ", "").replace(",", ""), (wanted, text)


@pytest.mark.covers("SH-023.1")
def test_the_clerk_sees_data_household_housing_and_material_files(town: Town) -> None:
    who = town.household()
    home = {"kind": "public", "address": "江湾区石桥弄 5 号", "area": "20.00", "share": "100", "owner": who.name}
    mother = synthetic_id("339901", date(1955, 4, 5), 4)
    family = [member(who.name, who.number), member("李秀兰", mother, "parent", marriage="widowed")]
    case = town.apply(who, members=family, homes=[home])
    page = town.staff("fangting").get(f"/cases/{case.pk}").json()
    data = page["form"]["data"]
    assert data["form"]["address"] == "江湾区文昌路 86 弄 12 号 301 室"
    assert [(m["name"], m["relation"]) for m in data["members"]["members"]] == [
        (who.name, "self"),
        ("李秀兰", "parent"),
    ]
    assert data["members"]["members"][1]["document_number"] == f"339901********{mother[-4:]}"
    assert data["housing"]["homes"][0]["address"] == "江湾区石桥弄 5 号"
    assert (page["household"], page["division_name"]) == ({"name": who.name, "size": 2}, "江湾区")
    assert {m["klass"] for m in page["materials"]} == {"identity", "household_register", "marriage"}
    for material in page["materials"]:
        assert town.staff("fangting").get(f"/files/{material['file_id']}").status_code == 200


@pytest.mark.covers("SH-023.3")
def test_an_application_of_anyone_already_in_an_open_one_is_stopped(town: Town) -> None:
    who, wife = town.household(), town.household(name="李秀兰")
    couple = [
        member(who.name, who.number, marriage="married"), member(wife.name, wife.number, "spouse", marriage="married"),
    ]  # fmt: skip
    case = town.apply(who, members=couple)
    assert refused(town, who=who).code == "application.open_exists"
    assert refused(town, who=wife).code == "application.open_exists"
    town.act(case, "refuse")
    assert town.apply(wife).pk != case.pk


def test_one_person_listed_twice_is_told_where(town: Town) -> None:
    who = town.household()
    lower = "33990119900307123"
    number = lower + "x" if person(9).endswith("X") else who.number
    error = refused(town, who=who, members=[member(who.name, who.number), member("周方", number, "child")])
    assert isinstance(error, Invalid)
    assert any("同一人" in each.message for each in error.errors)


@pytest.mark.parametrize(
    "number",
    [
        synthetic_id("339901", date.today() + timedelta(days=400), 2),  # noqa: DTZ011
        "339901199002301234", "339901199001011235", "000000000000000000", "1", "",
    ],
)  # fmt: skip
def test_impossible_numbers_and_births_in_the_future_are_refused(town: Town, number: str) -> None:
    error = refused(town, who=town.household(number=number or " "))
    assert isinstance(error, Invalid)
    assert any("document_number" in each.path for each in error.errors), error.errors


def test_a_future_birth_of_a_passport_holder_is_refused(town: Town) -> None:
    who = town.household()
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    baby = member("周小", "E12345678", "child", document_type="passport", birth_date=tomorrow)
    error = refused(town, who=who, members=[member(who.name, who.number), baby])
    assert isinstance(error, Invalid)
    assert [each.path.rpartition(".")[2] for each in error.errors] == ["birth_date"]


@pytest.mark.parametrize("relations", [(), ("child",), ("self", "self")])
def test_exactly_one_of_the_household_applies(town: Town, relations: tuple[str, ...]) -> None:
    who = town.household()
    family = [member(f"周{n}", person(100 + n), relation) for n, relation in enumerate(relations)]
    from anju.eligibility.services import submit_application

    filled = pages(who)
    filled["members"] = {"members": family}
    with pytest.raises(Invalid), transaction.atomic():
        submit_application(
            resident_id=1, key="k", pages=filled, materials=town.materials(), source="citizen", actor=who.actor,
            phone=who.phone,
        )  # fmt: skip
    assert not Case.objects.exists()


def test_required_materials_are_named_when_they_are_missing(town: Town) -> None:
    from anju.eligibility.services import submit_application

    who = town.household()
    with pytest.raises(Invalid) as caught, transaction.atomic():
        submit_application(
            resident_id=1, key="k", pages=pages(who), materials=town.materials(["identity"]), source="citizen",
            actor=who.actor, phone=who.phone,
        )  # fmt: skip
    assert [each.path for each in caught.value.errors] == ["materials.household_register", "materials.marriage"]


def test_a_district_without_an_office_is_refused_in_words(town: Town) -> None:
    from anju.identity.models import Organisation

    Organisation.objects.filter(kind="operator", division="339901").update(active=False)
    assert refused(town).code == "application.no_office"


@pytest.mark.covers("ZB-05.5")
def test_the_same_submission_again_files_nothing_and_clerks_find_the_case(town: Town) -> None:
    from anju.eligibility.services import submit_application

    who = town.household()
    made = [
        submit_application(
            resident_id=1, key="once", pages=pages(who), materials=town.materials(), source="citizen", actor=who.actor,
            phone=who.phone,
        ).pk
        for _ in range(2)
    ]  # fmt: skip
    assert made[0] == made[1]
    assert Case.objects.count() == 1
    assert refused(town, who=who).code == "application.open_exists"
    assert [row["case_id"] for row in town.staff("fangting").get("/cases/todo").json()["rows"]] == [made[0]]


@pytest.mark.covers("SH-023.4", "SH-015.2")
def test_with_an_opinion_the_case_goes_to_checks_and_review_or_is_refused(town: Town) -> None:
    case = town.apply()
    assert town.act(case, "accept", opinion="").status_code == 422
    assert town.act(case, "accept", opinion="材料齐全").status_code == 200
    run_jobs()
    case.refresh_from_db()
    assert case.node == "first_review"
    page = town.take(case)
    assert page["form"]["data"]["form"]["employer"] == "澜州市启衡机械厂"
    assert any(line["text"] == "材料齐全" and line["opinion"] for line in page["timeline"])
    other = town.apply()
    assert town.act(other, "refuse").status_code == 200
    other.refresh_from_db()
    assert (other.state, other.is_open) == ("refused", False)


@pytest.mark.covers("SH-023.7")
def test_a_refusal_closes_the_case_with_its_reason_and_is_pushed(town: Town, sandbox: Sandbox) -> None:
    case = town.apply()
    assert town.act(case, "refuse", reason="短").status_code == 422
    assert town.act(case, "refuse", reason_type="materials").status_code == 200
    run_jobs()
    case.refresh_from_db()
    assert (case.state, case.fail_type, case.fail_reason) == ("refused", "materials", REASON)
    told = pushed(sandbox, case)[-1]
    assert (told["state"], told["state_title"], told["reason"]) == ("not_accepted", "不予受理", REASON)


@pytest.mark.covers("SH-023.8")
def test_refused_one_has_no_qualification_and_may_apply_again(town: Town) -> None:
    who = town.household()
    case = town.apply(who)
    town.act(case, "refuse")
    run_jobs()
    assert who.api.get("/citizen/certificate").json()["certificate"] is None
    refusal = who.api.get(f"/citizen/cases/{case.pk}").json()["refusal"]
    assert (refusal["reason"], refusal["can_apply_again"]) == (REASON, True)
    again = town.apply(who)
    assert town.go(again, "first_review").node == "first_review"


@pytest.mark.covers("SH-024.1", "SH-024.2")
@pytest.mark.parametrize(("outcome", "title"), [("accept", "受理通知书"), ("refuse", "不予受理通知书")])
def test_each_decision_makes_its_own_notice_which_prints(town: Town, outcome: str, title: str) -> None:
    case = town.apply()
    town.act(case, outcome)
    template = "acceptance_notice" if outcome == "accept" else "refusal_notice"
    notice = Document.objects.get(subject=f"case:{case.pk}", template=template)
    assert notice.title == f"公共租赁住房{title}"
    clerk = town.staff("fangting")
    text = pdf_text(clerk, f"/api/documents/{notice.pk}/file").replace(" ", "")
    for wanted in (case.number, case.household, "澜州安居住房租赁有限公司"):
        assert wanted in text, (wanted, text)
    assert ("45个工作日" in text) == (outcome == "accept")
    assert (REASON in text) == (outcome == "refuse")
    notice.refresh_from_db()
    assert notice.print_count == 1


def test_days_on_papers_are_those_of_shanghai(town: Town) -> None:
    case = town.apply()
    late = clock.start_of(date(2026, 12, 2)) + timedelta(minutes=10)  # still the first of December in UTC
    Case.objects.filter(pk=case.pk).update(submitted_at=late)
    town.act(case)
    notice = Document.objects.get(subject=f"case:{case.pk}", template="acceptance_notice")
    assert notice.data["submitted_on"] == "2026-12-02"


@pytest.mark.covers("SH-023.3")
def test_withdrawn_the_household_may_apply_again_and_nobody_can_go_on(town: Town) -> None:
    who = town.household()
    case = town.apply(who)
    page = town.take(case)
    assert who.api.post(f"/citizen/cases/{case.pk}/withdraw").status_code == 200
    assert who.api.post(f"/citizen/cases/{case.pk}/withdraw").json()["code"] == "case.closed"
    body = {"task_id": page["task"]["id"], "version": page["version"], "outcome": "accept", "opinion": "同意"}
    late = town.staff("fangting").post(f"/cases/{case.pk}/act", body)
    assert (late.status_code, late.json()["code"]) == (409, "case.moved")
    assert town.household().api.post(f"/citizen/cases/{case.pk}/withdraw").status_code == 404
    assert town.apply(who).pk != case.pk
