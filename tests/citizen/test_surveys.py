"""Demand surveys: published by the city, answered once by a resident, changed until the last day, counted without names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from anju.citizen.models import City, Resident, Survey, SurveyAnswer
from anju.kernel import clock
from anju.kernel.scope import Actor
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db
ANSWERS = {
    "situation": "market", "programme": "public_rental", "wanted_division": "339901", "layout": "two_one",
    "rent_band": "to_1500", "moving": "now", "people": 3, "note": "",
}  # fmt: skip


@pytest.fixture
def survey(city: Any) -> Survey:
    City.objects.create(code="339900", name="澜州市", short="澜州", pinyin="lanzhou", province="330000", open=True)
    return Survey.objects.create(
        city="339900", title="住房需求调查", opens_on=clock.today(), closes_on=clock.today() + timedelta(days=9),
        published_at=clock.now(), org_path=city.path, division="339900",
    )  # fmt: skip


@pytest.fixture
def resident() -> Callable[[str], Any]:
    def make(phone: str) -> Any:
        row = Resident.objects.create(phone=phone, phone_blind=phone.encode(), phone_masked=phone[:3], city="339900")
        return signed_in("resident", row.pk, "citizen")

    return make


@pytest.mark.covers("JN-01.2")
def test_everybody_sees_what_is_asked_and_a_resident_answers_once(
    survey: Survey, resident: Callable[[str], Any], anonymous: Any
) -> None:
    assert [row["title"] for row in anonymous.get("/public/surveys", city="339900").json()["rows"]] == ["住房需求调查"]
    asked = anonymous.get(f"/public/surveys/{survey.pk}").json()
    assert [field["key"] for field in asked["form"]["sections"][0]["fields"]] == list(ANSWERS)
    path = f"/citizen/surveys/{survey.pk}"
    assert anonymous.post(path, {"answers": ANSWERS}).status_code == 401
    first, second = resident("13900000901"), resident("13900000902")
    assert first.get(path).json() == {"mine": None}
    wrong = first.post(path, {"answers": ANSWERS | {"people": 0, "layout": "castle", "moving": None}})
    assert {error["field"] for error in wrong.json()["details"]["errors"]} == {"people", "layout", "moving"}
    assert not SurveyAnswer.objects.exists()
    for _ in range(2):
        assert first.post(path, {"answers": ANSWERS}).status_code == 200
    assert first.post(path, {"answers": ANSWERS | {"people": 4}}).json()["mine"]["answers"]["people"] == 4
    assert second.post(path, {"answers": ANSWERS | {"layout": "one_one"}}).status_code == 200
    assert sorted(SurveyAnswer.objects.values_list("people", flat=True)) == [3, 4]
    assert second.get(path).json()["mine"]["answers"]["layout"] == "one_one"


def test_what_is_over_withdrawn_or_not_yet_published_takes_no_answers(
    survey: Survey, resident: Callable[[str], Any]
) -> None:
    api, path = resident("13900000903"), f"/citizen/surveys/{survey.pk}"
    changes: list[tuple[dict[str, Any], int, str]] = [
        (
            {"opens_on": clock.today() - timedelta(days=9), "closes_on": clock.today() - timedelta(days=1)},
            409,
            "survey.closed",
        ),
        ({"opens_on": clock.today() + timedelta(days=1)}, 404, "not_found"),
        ({"withdrawn_at": clock.now()}, 404, "not_found"),
        ({"published_at": None}, 404, "not_found"),
    ]
    for values, status, code in changes:
        kept = {field: getattr(survey, field) for field in ("opens_on", "closes_on", "withdrawn_at", "published_at")}
        Survey.objects.filter(pk=survey.pk).update(**(kept | values))
        refused = api.post(path, {"answers": ANSWERS})
        assert (refused.status_code, refused.json()["code"]) == (status, code), values
    assert not SurveyAnswer.objects.exists()


def test_the_database_holds_one_answer_a_resident(survey: Survey, resident: Callable[[str], Any]) -> None:
    resident("13900000904").post(f"/citizen/surveys/{survey.pk}", {"answers": ANSWERS})
    answer = SurveyAnswer.objects.get()
    answer.pk = None
    with pytest.raises(IntegrityError, match="citizen_survey_answered_once"), transaction.atomic():
        answer.save(force_insert=True)


@pytest.mark.covers("JN-01.2")
def test_the_office_publishes_counts_and_exports_without_names(
    survey: Survey, resident: Callable[[str], Any], staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    rights = [f"citizen.survey.{verb}" for verb in ("view", "create", "change", "delete", "export")]
    clerk = client_as(staff(*rights, "reports.view"))
    today = clock.today().isoformat()
    made = clerk.post("/registers/citizen.surveys/rows", {
        "values": {"city": "339900", "title": "第二份", "opens_on": today, "closes_on": today}
    })  # fmt: skip
    assert made.status_code == 200, made.json()
    assert clerk.post("/registers/citizen.surveys/actions/publish", {"ids": [made.json()["id"]]}).status_code == 200
    kept = clerk.delete(f"/registers/citizen.surveys/rows/{made.json()['id']}?version={made.json()['version'] + 1}")
    assert kept.json()["code"] == "survey.published"
    for number, layout in enumerate(("two_one", "two_one", "one_one")):
        answer = {"answers": ANSWERS | {"layout": layout, "people": number + 1}}
        assert resident(f"1390000091{number}").post(f"/citizen/surveys/{survey.pk}", answer).status_code == 200
    listed = {row["title"]: row["answers"] for row in clerk.get("/registers/citizen.surveys/rows").json()["rows"]}
    assert listed == {"住房需求调查": 3, "第二份": None}
    rows = clerk.get("/registers/citizen.survey_answers/rows", **{"f.layout": "two_one"}).json()["rows"]
    assert len(rows) == 2
    assert not any("resident" in key or "phone" in key for key in rows[0])
    table = clerk.get("/reports/citizen.survey_demand", rows="layout", columns="").json()
    assert {row["titles"][0]: (row["values"]["answers"], row["values"]["people"]) for row in table["rows"]} == {
        "两室一厅": (2, 3), "一室一厅": (1, 3),
    }  # fmt: skip
