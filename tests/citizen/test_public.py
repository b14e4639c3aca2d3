"""What everybody may read: cities, notices and guides of the chosen city (ZB-02)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from anju.citizen.models import City, Notice, Resident
from anju.citizen.seeds import PASSWORD, RESIDENTS, SPOUSE_OF_WANG, seed_citizens
from anju.households.services import clean_number
from anju.kernel import clock
from anju.kernel.scope import Actor
from tests.citizen.people import client_of, resident
from tests.conftest import Api


@pytest.fixture
def seeded(db: None) -> None:
    seed_citizens()


@pytest.mark.covers("ZB-02.1")
def test_the_country_is_listed_by_province_with_open_cities_and_no_district(seeded: None) -> None:
    provinces = Api("citizen").get("/public/cities").json()["provinces"]
    assert len(provinces) == 34
    by_name = {province["name"]: province for province in provinces}
    cities = by_name["浙江省"]["cities"]
    assert [(city["name"], city["code"]) for city in cities if city["open"]] == [
        ("澜州市", "339900"),
        ("望潮市", "339800"),
    ]
    assert {city["name"] for city in cities} > {"杭州市", "宁波市", "丽水市"}
    assert [city["pinyin"] for city in cities] == sorted(city["pinyin"] for city in cities)
    assert not any(city["name"].endswith("区") for province in provinces for city in province["cities"] if city["open"])
    assert not any(city["code"] in {"339901", "330102"} for province in provinces for city in province["cities"])
    assert [city["name"] for city in by_name["上海市"]["cities"]] == ["上海市"]
    assert by_name["海南省"]["open"] == 0


@pytest.mark.covers("ZB-02.1")
def test_the_head_of_a_city_greets_with_province_and_city(seeded: None) -> None:
    head = Api("citizen").get("/public/cities/339900").json()
    assert (head["province"]["name"], head["name"], head["open"]) == ("浙江省", "澜州市", True)
    assert Api("citizen").get("/public/cities/000000").status_code == 404


@pytest.mark.covers("ZB-02.2")
def test_the_choice_is_remembered_and_can_be_changed(seeded: None) -> None:
    api = client_of(resident("13900000031"))
    assert api.put("/citizen/preferences", {"city": "339800"}).json()["city"] == "339800"
    assert api.get("/citizen/me").json()["city"] == "339800"
    api.put("/citizen/preferences", {"city": "339900", "large_type": True})
    me = api.get("/citizen/me").json()
    assert (me["city"], me["large_type"]) == ("339900", True)


@pytest.mark.covers("ZB-02.1")
@pytest.mark.parametrize(("code", "refusal"), [("339901", "city.not_a_city"), ("330100", "city.closed")])
def test_a_district_and_a_city_that_is_not_open_cannot_be_chosen(seeded: None, code: str, refusal: str) -> None:
    api = client_of(resident("13900000031"))
    answer = api.put("/citizen/preferences", {"city": code})
    assert (answer.status_code, answer.json()["code"]) == (422, refusal)
    assert api.get("/citizen/me").json()["city"] == "339900"


@pytest.mark.covers("ZB-02.2")
def test_notices_and_guides_are_those_of_the_city(seeded: None) -> None:
    api = Api("citizen")
    here = api.get("/public/notices", city="339900").json()["rows"]
    there = api.get("/public/notices", city="339800").json()["rows"]
    assert {row["city"] for row in here} == {"339900"}
    assert {row["city"] for row in there} == {"339800"}
    guides = api.get("/public/notices", city="339900", kind="guide").json()["rows"]
    assert {row["kind"] for row in guides} == {"guide"}
    full = api.get(f"/public/notices/{guides[0]['id']}").json()
    assert len(full["body"]) > 20


def test_notices_come_in_pages_pinned_ones_first_without_gap_or_double(seeded: None) -> None:
    Notice.objects.all().delete()
    made = [
        Notice.objects.create(
            city="339900", title=f"第{at}条", body="正文", published_at=clock.now() - timedelta(days=1), pinned=at == 3
        ).pk
        for at in range(25)
    ]
    api, seen, cursor = Api("citizen"), [], None
    while cursor is not None or not seen:
        more = {"cursor": cursor} if cursor else {}
        page = api.get("/public/notices", city="339900", limit=7, **more).json()
        seen += [row["id"] for row in page["rows"]]
        cursor = page["next"]
    assert seen == [made[3], *(number for number in reversed(made) if number != made[3])]


def test_drafts_and_withdrawn_notices_are_not_shown(seeded: None) -> None:
    draft = Notice.objects.create(city="339900", title="草稿", body="还没有发布")
    gone = Notice.objects.create(
        city="339900", title="撤下", body="已撤下", published_at=clock.now() - timedelta(days=2),
        withdrawn_at=clock.now() - timedelta(days=1),
    )  # fmt: skip
    later = Notice.objects.create(
        city="339900", title="明天", body="明天发布", published_at=clock.now() + timedelta(days=1)
    )
    api = Api("citizen")
    titles = {row["title"] for row in api.get("/public/notices", city="339900").json()["rows"]}
    assert not titles & {"草稿", "撤下", "明天"}
    for hidden in (draft, gone, later):
        assert api.get(f"/public/notices/{hidden.pk}").status_code == 404


def test_staff_draft_publish_and_withdraw_a_notice(
    seeded: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    desk = client_as(staff("citizen.notice.view", "citizen.notice.create", "citizen.notice.change"))
    made = desk.post(
        "/registers/citizen.notices/rows",
        {"values": {"city": "339900", "kind": "notice", "title": "暂停办理", "body": "系统维护，12 月 1 日恢复。"}},
    )
    assert made.status_code == 200
    number = made.json()["id"]
    api = Api("citizen")
    assert api.get(f"/public/notices/{number}").status_code == 404
    assert desk.post("/registers/citizen.notices/actions/publish", {"ids": [number]}).status_code == 200
    assert api.get(f"/public/notices/{number}").json()["title"] == "暂停办理"
    assert desk.post("/registers/citizen.notices/actions/withdraw", {"ids": [number]}).status_code == 200
    assert api.get(f"/public/notices/{number}").status_code == 404
    assert Notice.objects.filter(pk=number).exists()


def test_opening_a_city_in_the_register_shows_it_at_once(
    seeded: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    desk = client_as(staff("citizen.city.view", "citizen.city.create", "citizen.city.change"))
    values = {"code": "330100", "name": "杭州市", "short": "杭州", "pinyin": "hangzhou", "open": True}
    assert desk.post("/registers/citizen.cities/rows", {"values": values}).status_code == 200
    assert City.objects.get(code="330100").province == "330000"
    zhejiang = next(p for p in Api("citizen").get("/public/cities").json()["provinces"] if p["code"] == "330000")
    assert [city["open"] for city in zhejiang["cities"] if city["code"] == "330100"] == [True]
    assert zhejiang["open"] == 3


def test_the_seed_makes_known_people_and_a_repeat_adds_nothing(seeded: None) -> None:
    seed_citizens()
    assert Resident.objects.count() == len(RESIDENTS)
    assert City.objects.count() == 2
    api = Api("citizen")
    first = api.post("/citizen/sign-in", {"phone": "13900000001", "password": PASSWORD}).json()
    assert (first["name"], first["verified"], first["city"]) == ("周桂芳", "verified", "339900")
    for each in RESIDENTS:
        assert clean_number("id_card", each.number) == each.number
    assert clean_number("id_card", SPOUSE_OF_WANG)[15] == RESIDENTS[2].number[15]


@pytest.mark.parametrize("city", ["", "abc", "33990", "339900' OR 1=1"])
def test_a_city_that_is_no_code_is_refused(db: None, city: str) -> None:
    assert Api("citizen").get("/public/notices", city=city).status_code == 422
