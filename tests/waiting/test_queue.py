"""The queue: who may join, in which order they stand, what changes a place and what does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anju.kernel import clock
from anju.waiting.models import Entry
from anju.waiting.queue import next_in_line, place_of, queue
from tests.casework import Town
from tests.eligibility.test_acceptance import pdf_text
from tests.support import go_to, pass_days
from tests.waiting.kit import certificate, choose, entry, homes, place, published, queued, wish


@pytest.mark.covers("SH-052.1")
def test_only_with_a_valid_certificate_can_one_register(town: Town) -> None:
    who = town.household()
    none = who.api.put("/citizen/waiting/intention", wish())
    assert (none.status_code, none.json()["code"]) == (409, "waiting.no_certificate")
    assert who.api.get("/citizen/waiting").json()["entry"] is None
    held = certificate(town, who)
    assert who.api.put("/citizen/waiting/intention", wish()).status_code == 200
    assert place(who) == 1
    late = town.household()
    certificate(town, late, until=clock.today() + timedelta(days=1))
    go_to(clock.today() + timedelta(days=2))
    assert late.api.put("/citizen/waiting/intention", wish()).json()["code"] == "waiting.no_certificate"
    assert Entry.objects.get().certificate_id == held.pk


@pytest.mark.covers("SH-052.1")
def test_the_way_through_review_ends_in_a_certificate_with_which_one_registers(town: Town) -> None:
    who = town.household()
    held = town.certified(who, priority_group="disabled")
    answer = who.api.put("/citizen/waiting/intention", wish()).json()
    assert (answer["entry"]["certificate_no"], answer["entry"]["priority_group"]) == (held.number, "disabled")
    assert answer["place"] == 1


@pytest.mark.covers("SH-052.2")
def test_the_intention_takes_area_project_and_layout_and_refuses_what_does_not_exist(town: Town) -> None:
    who, some = town.household(), homes()
    certificate(town, who)
    wanted = wish(divisions=["339901"], project_ids=[some.supply.project.pk], layouts=["two_one"], note="靠近医院")
    told = who.api.put("/citizen/waiting/intention", wanted).json()["entry"]
    assert {key: told[key] for key in wanted} == wanted
    for wrong in ({"divisions": ["110000"]}, {"project_ids": [10**9]}, {"layouts": ["castle"]}):
        answer = who.api.put("/citizen/waiting/intention", wish(**wrong))
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["details"]["errors"]] == list(wrong)
    assert entry(who).layouts == ["two_one"]


@pytest.mark.covers("SH-052.3")
def test_the_registration_form_is_made_from_it_and_prints(town: Town) -> None:
    some = homes()
    who = queued(town, wishes=wish(divisions=["339901"], project_ids=[some.supply.project.pk], layouts=["two_one"]))
    (paper,) = who.api.get("/citizen/waiting").json()["documents"]
    text = pdf_text(town.staff("fangting"), paper["url"]).replace(" ", "")
    for wanted in ("轮候报名申请表", who.name, entry(who).certificate_no, "JW家园", "江湾区", "两室一厅"):
        assert wanted in text, (wanted, text)


def test_changed_wishes_keep_the_place(town: Town) -> None:
    first, second = queued(town), queued(town)
    assert (place(first), place(second)) == (1, 2)
    first.api.put("/citizen/waiting/intention", wish(layouts=["two_one"]))
    assert (place(first), place(second)) == (1, 2)
    assert Entry.objects.count() == 2
    assert first.api.get("/citizen/waiting").json()["moves"][0]["cause"] == "修改意向，位次不变"


def test_at_the_counter_a_clerk_registers_within_his_reach_only(town: Town) -> None:
    who = town.household()
    held = certificate(town, who)
    sent = {"certificate_no": held.number, **wish()}
    assert town.staff("fangting.np").post("/waiting/entries", sent).status_code == 404
    assert town.staff("zhoumin").post("/waiting/entries", sent).status_code == 403
    assert not Entry.objects.exists()
    made = town.staff("fangting").post("/waiting/entries", sent)
    assert (made.status_code, made.json()["place"]) == (200, 1)
    assert town.staff("fangting").post("/waiting/entries", {**sent, "certificate_no": "ZR-none"}).status_code == 404


@pytest.mark.covers("SH-053.1")
def test_the_queue_is_ordered_by_certificate_date_earliest_first(town: Town) -> None:
    today = clock.today()
    late = queued(town, on=today)
    early = queued(town, on=today - timedelta(days=40))
    middle = queued(town, on=today - timedelta(days=3))
    assert [place(each) for each in (early, middle, late)] == [1, 2, 3]
    assert [each.holder_ref for each in queue("339901")] == [each.actor.ref for each in (early, middle, late)]
    shown = early.api.get("/citizen/waiting").json()
    assert (shown["ahead"], shown["total"]) == (0, 3)


@pytest.mark.covers("SH-053.1")
def test_a_certificate_that_ran_out_counts_for_nobody_s_place(town: Town) -> None:
    today = clock.today()
    short = queued(town, on=today - timedelta(days=10), until=today + timedelta(days=1))
    other = queued(town)
    assert (place(short), place(other)) == (1, 2)
    pass_days(1)  # its last day
    assert (place(short), place(other)) == (1, 2)
    pass_days(1)
    assert (place(short), place(other)) == (None, 1)
    assert next_in_line("339901", "one_one", set(), 5) == [entry(other)]


@pytest.mark.covers("SH-053.2")
def test_special_groups_choose_first_by_the_rule_of_the_district(town: Town) -> None:
    today = clock.today()
    plain = queued(town, on=today - timedelta(days=40))
    elderly = queued(town, on=today, group="elderly")
    disabled = queued(town, on=today, group="disabled")
    assert [place(each) for each in (disabled, elderly, plain)] == [1, 2, 3]


@pytest.mark.covers("SH-053.3")
def test_called_and_chosen_one_keeps_the_place_until_signing_is_complete(town: Town) -> None:
    some = homes()
    first, second = queued(town, on=clock.today() - timedelta(days=3)), queued(town)
    batch = published(town.staff("fangting"), some.ids[:1], {"one_one": 1})
    assert (place(first), place(second)) == (1, 2)
    assert choose(first, batch, some.ids[0]).status_code == 200
    assert (place(first), place(second)) == (1, 2)
    assert entry(first).state == "chosen"


def test_a_place_of_another_district_does_not_count(town: Town) -> None:
    first, second = queued(town), queued(town)
    Entry.objects.filter(pk=entry(first).pk).update(division="339902")
    assert (place_of(entry(first)), place_of(entry(second))) == (1, 1)


def test_the_register_of_the_queue_stays_within_the_district(town: Town) -> None:
    queued(town)
    assert len(town.staff("fangting").get("/registers/waiting.entries/rows").json()["rows"]) == 1
    assert town.staff("fangting.np").get("/registers/waiting.entries/rows").json()["rows"] == []
