"""Batches: units and numbers chosen, edited and closed while in draft, fixed once published; who is called."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from anju.kernel import clock
from anju.kernel.scope import system
from anju.supply import information
from anju.supply.models import MediumKind, Unit
from anju.waiting.models import Batch, BatchUnit, Call
from anju.waiting.services import back_to_waiting
from anju.workspace.models import Message
from tests.casework import Town
from tests.supply.media import picture
from tests.support import pass_days, run_jobs
from tests.waiting.kit import body, choose, entry, homes, published, queued, wish


def make(town: Town, units: list[int], quotas: dict[str, int] | None = None, **more: Any) -> dict[str, Any]:
    answer = town.staff("fangting").post("/waiting/batches", body(units, quotas, **more))
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


@pytest.mark.covers("SH-056.1")
def test_a_batch_is_made_of_chosen_units_and_a_period(town: Town) -> None:
    some, clerk = homes(), town.staff("fangting")
    offered = {row["id"] for row in clerk.get("/waiting/vacant-units").json()["rows"]}
    assert offered == set(some.ids)
    made = make(town, some.ids[:2])
    assert (made["state"], {unit["id"] for unit in made["unit_rows"]}) == ("draft", set(some.ids[:2]))
    assert made["starts_on"] == clock.today().isoformat()
    today = clock.today()
    for wrong, field in (
        ({"unit_ids": []}, "unit_ids"), ({"unit_ids": [10**9]}, "unit_ids"), ({"title": " "}, "title"),
        ({"ends_on": today - timedelta(days=1), "starts_on": today - timedelta(days=3)}, "ends_on"),
        ({"starts_on": today + timedelta(days=40)}, "ends_on"),
    ):  # fmt: skip
        answer = clerk.post("/waiting/batches", body(some.ids[2:3]) | wrong)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert Batch.objects.count() == 1


@pytest.mark.covers("SH-056.2")
def test_the_number_of_persons_a_layout_is_allocated_to_a_batch(town: Town) -> None:
    some, clerk = homes(), town.staff("fangting")
    made = make(town, some.ids)
    assert made["quotas"] == {"one_one": 0, "two_one": 0}
    change = {**body(some.ids, {"one_one": 3, "two_one": 1}), "version": made["version"]}
    changed = clerk.patch(f"/waiting/batches/{made['id']}", change)
    assert (changed.status_code, changed.json()["quotas"]) == (200, {"one_one": 3, "two_one": 1})
    for wrong in ({"castle": 1}, {"one_one": -1}):
        again = {**body(some.ids, wrong), "version": changed.json()["version"]}
        assert clerk.patch(f"/waiting/batches/{made['id']}", again).status_code == 422
    empty = make(town, [homes("NX").ids[0]])
    assert clerk.post(f"/waiting/batches/{empty['id']}/publish").json()["field"] == "quotas"


def test_the_homes_of_a_batch_are_shown_in_pictures(town: Town) -> None:
    some, clerk = homes(), town.staff("fangting")
    who = queued(town, wishes=wish(layouts=["one_one", "two_one"]))
    batch = published(clerk, some.ids, {"one_one": 3, "two_one": 1})
    path = f"/citizen/batches/{batch.pk}"
    assert {unit["picture"] for unit in who.api.get(path).json()["units"]} == {None}
    front = information.add_medium(
        actor=system(), project_id=some.supply.project.pk, kind=MediumKind.PICTURE, content=picture(), name="外观.png"
    )  # fmt: skip
    shown = {unit["picture"] for unit in who.api.get(path).json()["units"]}
    assert shown == {f"/api/public/projects/media/{front.pk}"}


@pytest.mark.covers("SH-056.3", "SH-056.4")
def test_in_draft_it_is_edited_and_closed_and_closed_units_are_free(town: Town) -> None:
    some, clerk = homes(), town.staff("fangting")
    made = make(town, some.ids[:1])
    twice = clerk.post("/waiting/batches", body(some.ids[:1]))
    assert (twice.status_code, twice.json()["code"]) == (409, "batch.unit_taken")
    change = {**body(some.ids[:2], title="江湾第二批"), "version": made["version"]}
    changed = clerk.patch(f"/waiting/batches/{made['id']}", change).json()
    assert (changed["title"], changed["units"]) == ("江湾第二批", 2)
    stale = clerk.patch(f"/waiting/batches/{made['id']}", change)
    assert (stale.status_code, stale.json()["details"]["version"]) == (409, changed["version"])
    assert clerk.post(f"/waiting/batches/{made['id']}/close").json()["state"] == "closed"
    assert clerk.post(f"/waiting/batches/{made['id']}/publish").json()["code"] == "batch.closed"
    assert make(town, some.ids[:2])["state"] == "draft"


@pytest.mark.covers("SH-056.5")
def test_published_it_is_neither_edited_nor_closed_and_publishing_again_changes_nothing(town: Town) -> None:
    some, clerk = homes(), town.staff("fangting")
    queued(town)
    batch = published(clerk, some.ids[:1], {"one_one": 1})
    before = (Call.objects.count(), Message.objects.count())
    change = {**body(some.ids), "version": batch.version}
    for refused in (
        clerk.patch(f"/waiting/batches/{batch.pk}", change),
        clerk.post(f"/waiting/batches/{batch.pk}/close"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "batch.published")
    assert clerk.post(f"/waiting/batches/{batch.pk}/publish").status_code == 200
    assert (Call.objects.count(), Message.objects.count()) == before
    batch.refresh_from_db()
    assert (batch.state, batch.units.count()) == ("published", 1)


def test_publishing_calls_the_first_that_wish_for_it_and_tells_them(town: Town) -> None:
    some, today = homes(), clock.today()
    elsewhere = queued(town, on=today - timedelta(days=9), wishes=wish(divisions=["339902"]))
    larger = queued(town, on=today - timedelta(days=8), wishes=wish(layouts=["two_one"]))
    first = queued(town, on=today - timedelta(days=7), wishes=wish(project_ids=[some.supply.project.pk]))
    second, third = queued(town, on=today - timedelta(days=6)), queued(town, on=today - timedelta(days=5))
    batch = published(town.staff("fangting"), some.ids[:2], {"one_one": 2})
    called = [call.entry.holder_ref for call in batch.calls.order_by("id")]
    assert called == [first.actor.ref, second.actor.ref]
    assert {entry(each).state for each in (elsewhere, larger, third)} == {"waiting"}
    assert Message.objects.get(recipient_ref=first.actor.ref, title="轮到你选房了").link == f"/batches/{batch.pk}"
    assert [row["id"] for row in first.api.get("/citizen/batches").json()["rows"]] == [batch.pk]
    assert third.api.get("/citizen/batches").json()["rows"] == []
    assert third.api.get(f"/citizen/batches/{batch.pk}").status_code == 404


def test_when_a_batch_is_over_those_who_took_nothing_wait_on_and_its_units_are_free(town: Town) -> None:
    some, clerk = homes(), town.staff("fangting")
    who = queued(town)
    batch = published(clerk, some.ids[:1], {"one_one": 1})
    assert back_to_waiting() == 0
    pass_days(31)
    assert choose(who, batch, some.ids[0]).json()["code"] == "batch.not_open"
    again = published(clerk, some.ids[:1], {"one_one": 1})
    assert [call.entry.holder_ref for call in again.calls.all()] == [who.actor.ref]
    assert BatchUnit.objects.filter(unit_id=some.ids[0], open=True).count() == 1
    assert choose(who, again, some.ids[0]).status_code == 200
    assert back_to_waiting() == 0


def test_a_batch_of_another_office_is_not_found(town: Town) -> None:
    some = homes()
    made = make(town, some.ids[:1], {"one_one": 1})
    other = town.staff("fangting.np")
    assert other.get(f"/waiting/batches/{made['id']}").status_code == 404
    assert other.get("/waiting/batches").json()["rows"] == []
    assert other.get("/waiting/vacant-units").json()["rows"] == []
    change = {**body(some.ids), "version": made["version"]}
    assert other.patch(f"/waiting/batches/{made['id']}", change).status_code == 404
    assert other.post(f"/waiting/batches/{made['id']}/publish").status_code == 404
    assert other.post(f"/waiting/batches/{made['id']}/close").status_code == 404
    taken = other.post("/waiting/batches", body(some.ids[1:2]))
    assert (taken.status_code, taken.json()["field"]) == (422, "unit_ids")
    assert town.staff("zhoumin").get("/waiting/batches").status_code == 403
    assert Batch.objects.get().state == "draft"


def test_a_unit_that_is_let_meanwhile_goes_into_no_batch(town: Town) -> None:
    some = homes()
    Unit.objects.filter(pk=some.ids[0]).update(status="locked")
    answer = town.staff("fangting").post("/waiting/batches", body(some.ids[:2]))
    assert answer.status_code == 422
    assert "1 套" in answer.json()["message"] or "1 套" in str(answer.json()["details"])
    run_jobs()
