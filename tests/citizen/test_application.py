"""The application wizard: drafts that lose nothing, checks that name what is missing, one submission (ZB-05)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from anju.citizen.models import ApplicationDraft, DraftMaterial, Resident, Submission
from anju.households.services import members_of
from anju.households.synthetic import synthetic_id
from anju.identity.services import make_organisation
from anju.kernel.cases.models import Case
from anju.kernel.processes.publishing import publish_all
from anju.kernel.scope import Actor
from tests.citizen.people import NUMBER, client_of, picture, resident
from tests.conftest import Api

HUSBAND = synthetic_id("339901", date(1962, 7, 9), 11)
KEY = "tap-0001-0001"


def pages() -> dict[str, dict[str, Any]]:
    """A complete application of two."""
    return {
        "place": {"division": "339901", "street": "文昌街道"},
        "notice": {"read": True},
        "commitment": {"agreed": True},
        "form": {
            "residence": "local", "address": "文昌路 86 弄 12 号 301 室", "phone": "13900000001",
            "employment": "retired", "income": "4200.00",
        },
        "members": {
            "members": [
                {"relation": "self", "marriage": "married", "phone": "13900000001"},
                {
                    "relation": "spouse", "name": "陈立民", "document_type": "id_card", "document_number": HUSBAND,
                    "marriage": "married",
                },
            ]
        },
        "housing": {"situation": "rented", "rent": "2300.00", "residents": 2},
        "property": {
            "assets": [
                {
                    "owner": "周桂芳", "asset_class": "deposit", "quantity": 1, "measure": "笔", "value": "30000.00",
                    "note": "定期",
                }
            ]
        },
    }  # fmt: skip


@pytest.fixture
def person(city: Any) -> Resident:
    publish_all()
    district = make_organisation(name="江湾区", kind="district", code="JW", division="339901", parent=city)
    make_organisation(name="江湾运营", kind="operator", code="YY-JW", division="339901", parent=district)
    return resident(verified=True)


def save(api: Api, page: str, data: dict[str, Any], version: int = 0) -> Any:
    return api.put(f"/citizen/application/pages/{page}", {"version": version, "data": data})


def put_material(api: Api, klass: str, content: bytes | None = None, name: str = "证件.jpg") -> Any:
    file = SimpleUploadedFile(name, picture(seed=len(klass)) if content is None else content)
    return api.upload("/citizen/application/materials", {"klass": klass, "file": file})


def fill_all(api: Api) -> None:
    for page, data in pages().items():
        answer = save(api, page, data)
        assert (answer.status_code, answer.json()["errors"]) == (200, []), answer.json()
    for klass in ("identity", "household_register", "marriage"):
        assert put_material(api, klass).status_code == 200


@pytest.mark.covers("ZB-05.1")
def test_the_pages_come_in_order_and_the_applicant_is_filled_in(person: Resident) -> None:
    told = client_of(person).get("/citizen/application").json()
    assert [section["key"] for section in told["schema"]["sections"]] == [
        "place", "notice", "commitment", "form", "members", "housing", "property", "materials",
    ]  # fmt: skip
    assert (told["can_start"], told["draft"], told["open_case"]) == (True, None, None)
    assert told["prefill"]["members"]["members"] == [
        {"relation": "self", "name": "周桂芳", "document_type": "id_card", "document_number": NUMBER}
    ]


@pytest.mark.covers("ZB-05.1")
def test_district_and_applicant_are_required_housing_property_street_and_committee_are_not(person: Resident) -> None:
    api = client_of(person)
    least = pages() | {"place": {"division": "339901"}, "housing": {}, "property": {}}
    least["members"] = {"members": [{"relation": "self", "marriage": "single"}]}
    for page, data in least.items():
        save(api, page, data)
    for klass in ("identity", "household_register", "marriage"):
        put_material(api, klass)
    assert api.get("/citizen/application/check").json()["errors"] == []
    for page, data, field in (
        ("place", {"street": "文昌街道"}, "place.division"),
        ("notice", {"read": False}, "notice.read"),
        ("commitment", {}, "commitment.agreed"),
        ("members", {"members": []}, "members.members"),
    ):
        save(api, page, data, 1)
        told = api.get("/citizen/application/check").json()
        assert [error["field"] for error in told["errors"]] == [field]
        assert page not in told["done"]
        save(api, page, least[page], 2)


@pytest.mark.covers("ZB-04.4")
def test_before_the_name_is_verified_nothing_can_be_applied_for(person: Resident) -> None:
    api = client_of(resident("13900000041"))
    told = api.get("/citizen/application").json()
    assert (told["can_start"], told["why_not"]["code"]) == (False, "identity.unverified")
    assert save(api, "place", {"division": "339901"}).json()["code"] == "identity.unverified"
    assert put_material(api, "identity").json()["code"] == "identity.unverified"
    assert api.post("/citizen/application/submit", {"key": KEY}).json()["code"] == "identity.unverified"
    assert not ApplicationDraft.objects.exists()
    assert not Case.objects.exists()


@pytest.mark.covers("ZB-05.4")
def test_a_draft_left_at_any_step_is_resumed_on_another_device(person: Resident) -> None:
    phone, desktop = client_of(person), client_of(person)
    save(phone, "place", pages()["place"])
    half = {"members": [{"relation": "self"}, {"relation": "spouse", "name": "陈立民"}]}
    assert save(phone, "members", half).json()["errors"] == []
    put_material(phone, "identity")
    draft = desktop.get("/citizen/application").json()["draft"]
    assert draft["pages"]["place"]["data"] == pages()["place"]
    assert draft["pages"]["place"]["version"] == 1
    assert draft["pages"]["members"]["data"]["members"][1] == {"relation": "spouse", "name": "陈立民"}
    assert len(draft["pages"]["materials"]["items"]) == 1
    assert draft["pages"]["form"] == {"version": 0, "saved_at": None, "data": {}}
    assert draft["done"] == ["place"]


@pytest.mark.covers("ZB-05.4")
def test_two_devices_on_one_page_the_second_is_told_and_sees_both(person: Resident) -> None:
    phone, desktop = client_of(person), client_of(person)
    save(phone, "form", {"address": "文昌路 1 号 101 室"})
    assert save(phone, "form", {"address": "文昌路 2 号 202 室"}, 1).json()["version"] == 2
    late = save(desktop, "form", {"address": "文昌路 3 号 303 室"}, 1)
    assert (late.status_code, late.json()["code"]) == (409, "draft.newer")
    current = late.json()["details"]["current"]
    assert (current["version"], current["data"]["address"]) == (2, "文昌路 2 号 202 室")
    assert current["saved_at"]
    assert save(desktop, "form", {"address": "文昌路 3 号 303 室"}, 2).json()["version"] == 3


def test_what_is_wrong_on_a_page_is_told_at_once_and_kept(person: Resident) -> None:
    api = client_of(person)
    wrong = pages()["members"]
    wrong["members"][1]["document_number"] = HUSBAND[:17] + ("1" if HUSBAND[17] != "1" else "2")
    told = save(api, "members", wrong).json()
    assert [error["field"] for error in told["errors"]] == ["members.members.1.document_number"]
    assert told["errors"][0]["page"] == "members"
    kept = api.get("/citizen/application").json()["draft"]["pages"]["members"]["data"]["members"][1]
    assert kept["document_number"] == wrong["members"][1]["document_number"]


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"value": "很多钱"}, "property.assets.0.value"),
        ({"quantity": -1}, "property.assets.0.quantity"),
        ({"asset_class": "spaceship"}, "property.assets.0.asset_class"),
    ],
)
@pytest.mark.covers("ZB-05.2")
def test_a_property_row_has_owner_class_quantity_unit_value_and_note(
    person: Resident, data: dict[str, Any], path: str
) -> None:
    api = client_of(person)
    row = pages()["property"]["assets"][0]
    assert set(row) == {"owner", "asset_class", "quantity", "measure", "value", "note"}
    assert save(api, "property", {"assets": [row]}).json()["errors"] == []
    told = save(api, "property", {"assets": [row | data]}, 1).json()
    assert [error["field"] for error in told["errors"]] == [path]


def test_a_member_listed_twice_is_told_by_name(person: Resident) -> None:
    api = client_of(person)
    twice = pages()["members"]
    twice["members"][1]["document_number"] = NUMBER
    told = save(api, "members", twice).json()
    assert [error["field"] for error in told["errors"]] == ["members.members.1.document_number"]


def test_the_applicants_own_row_cannot_become_somebody_else(person: Resident) -> None:
    api = client_of(person)
    stolen = pages()["members"]
    stolen["members"][0] |= {"document_number": HUSBAND, "document_type": "id_card"}
    refused = save(api, "members", stolen)
    assert (refused.status_code, refused.json()["code"]) == (422, "members.not_you")
    assert not ApplicationDraft.objects.exists()
    renamed = pages()["members"]
    renamed["members"][0] |= {"name": "另一个名字"}
    save(api, "members", renamed)
    kept = api.get("/citizen/application").json()["draft"]["pages"]["members"]["data"]["members"][0]
    assert (kept["name"], kept["document_number"]) == ("周桂芳", NUMBER)


@pytest.mark.covers("ZB-05.3")
def test_materials_are_uploaded_by_class_with_preview_and_a_missing_class_is_named(person: Resident) -> None:
    api = client_of(person)
    classes = api.get("/citizen/application").json()["materials"]
    assert [each["key"] for each in classes] == [
        "identity", "household_register", "application_form", "marriage", "other",
    ]  # fmt: skip
    for page, data in pages().items():
        save(api, page, data)
    held = put_material(api, "identity").json()
    preview = api.client.get(held["url"], headers=api.headers)
    assert (preview.status_code, preview["Content-Type"]) == (200, "image/jpeg")
    told = api.get("/citizen/application/check").json()
    assert [(error["page"], error["field"]) for error in told["errors"]] == [
        ("materials", "materials.household_register"),
        ("materials", "materials.marriage"),
    ]
    assert "户口簿" in told["errors"][0]["message"]
    refused = api.post("/citizen/application/submit", {"key": KEY})
    assert refused.status_code == 422
    assert "户口簿" in str(refused.json()["details"]["errors"])
    assert not Case.objects.exists()
    assert len(api.get("/citizen/application").json()["draft"]["pages"]["materials"]["items"]) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"\xff\xd8\xff" + b"\x00" * 3000, "file.not_picture"), (b"tiny", "file.too_small")],
    ids=["broken", "tiny"],
)
def test_a_material_that_is_no_picture_is_refused(person: Resident, content: bytes, code: str) -> None:
    api = client_of(person)
    refused = put_material(api, "identity", content)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert put_material(api, "passport_of_the_moon").json()["code"] == "material.unknown_class"
    assert not DraftMaterial.objects.exists()


def test_a_material_can_be_removed_by_its_owner_only(person: Resident) -> None:
    api = client_of(person)
    held = put_material(api, "identity").json()
    stranger = client_of(resident("13900000042", verified=True, number=HUSBAND))
    assert stranger.delete(f"/citizen/application/materials/{held['id']}").status_code == 404
    assert stranger.get(f"/files/{held['file_id']}").status_code == 404
    assert api.delete(f"/citizen/application/materials/{held['id']}").json()["items"] == []


@pytest.mark.covers("ZB-05.5")
def test_a_complete_application_is_submitted_once_and_found_by_the_clerks(
    person: Resident, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    api = client_of(person)
    fill_all(api)
    assert api.get("/citizen/application/check").json()["ready"] is True
    first = api.post("/citizen/application/submit", {"key": KEY})
    assert first.status_code == 200
    again = api.post("/citizen/application/submit", {"key": KEY})
    assert again.json() == first.json()
    assert Case.objects.count() == Submission.objects.count() == 1
    case = Case.objects.get(pk=first.json()["case_id"])
    assert [member.document_number for member in members_of(case.subject)] == [NUMBER, HUSBAND]
    assert case.materials.count() == 3
    told = api.get("/citizen/application").json()
    assert told["draft"] is None
    assert (told["can_start"], told["why_not"]["code"]) == (False, "application.open_exists")
    assert told["open_case"]["number"] == first.json()["number"]
    second = api.post("/citizen/application/submit", {"key": "tap-0002-0002"})
    assert (second.status_code, second.json()["code"]) == (409, "application.open_exists")
    clerk = client_as(staff("cases.public_rental.view", "cases.public_rental.accept"))
    found = clerk.get("/cases/todo", view="claimable").json()["rows"]
    assert [row["number"] for row in found] == [first.json()["number"]]


def test_a_member_of_another_open_application_cannot_be_in_a_second(person: Resident) -> None:
    api = client_of(person)
    fill_all(api)
    api.post("/citizen/application/submit", {"key": KEY})
    other = client_of(resident("13900000043", verified=True, number=HUSBAND))
    told = pages()
    told["members"] = {"members": [{"relation": "self", "marriage": "divorced"}]}
    for page, data in told.items():
        save(other, page, data)
    for klass in ("identity", "household_register", "marriage"):
        put_material(other, klass)
    refused = other.post("/citizen/application/submit", {"key": "tap-0003-0003"})
    assert refused.status_code == 409
    assert Case.objects.count() == 1
    assert other.get("/citizen/application").json()["draft"] is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("ZB-05.5")
def test_a_tap_repeated_at_the_same_moment_files_once(person: Resident) -> None:
    fill_all(client_of(person))
    start, answers = Barrier(4), []

    def tap() -> None:
        api = client_of(person)
        start.wait()
        try:
            answers.append(api.post("/citizen/application/submit", {"key": KEY}).json())
        finally:
            connection.close()

    threads = [Thread(target=tap) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Case.objects.count() == 1
    assert answers == [{"case_id": Case.objects.get().pk, "number": Case.objects.get().number}] * 4


def test_the_draft_can_be_given_up(person: Resident) -> None:
    api = client_of(person)
    fill_all(api)
    assert api.delete("/citizen/application").json() == {"draft": None}
    assert not ApplicationDraft.objects.exists()
    assert api.get("/citizen/application").json()["can_start"] is True


def test_a_draft_is_sealed(person: Resident) -> None:
    save(client_of(person), "members", pages()["members"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(citizen_draftpage::text, '') FROM citizen_draftpage")
        text = cursor.fetchone()[0]
    assert NUMBER not in text
    assert HUSBAND not in text


@pytest.mark.parametrize("page", ["materials", "submit", "nowhere"])
def test_only_pages_that_are_filled_in_can_be_saved(person: Resident, page: str) -> None:
    assert save(client_of(person), page, {}).json()["code"] == "draft.no_page"


def test_a_page_beyond_all_measure_is_refused(person: Resident) -> None:
    refused = save(client_of(person), "form", {"remark": "长" * 50_000})
    assert refused.json()["code"] == "draft.too_large"
    assert not ApplicationDraft.objects.exists()
