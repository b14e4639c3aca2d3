"""Messages on a person's list, and the search over everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anju.kernel.scope import Actor
from anju.workspace.models import Message
from anju.workspace.search import Hit, search, searchable
from anju.workspace.services import send_message, unread_count


def test_staff_read_their_own_messages_and_nobody_elses(
    db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    clerk, other = staff(), staff()
    mine = send_message(clerk.ref, "有新案件", "江湾区有一件新案件", subject="case:1")
    theirs = send_message(other.ref, "别人的", "别人的消息")
    api = client_as(clerk)
    page = api.get("/workspace/messages").json()
    assert [(row["id"], row["read"]) for row in page["rows"]] == [(mine.pk, False)]
    assert page["unread"] == 1
    assert api.post(f"/workspace/messages/{mine.pk}/read").json() == {"unread": 0}
    assert api.post(f"/workspace/messages/{theirs.pk}/read").status_code == 404
    assert unread_count(other.ref) == 1


def test_the_same_occasion_is_told_once_to_each(db: None) -> None:
    for _ in range(2):
        send_message("staff:1", "一次", "只有一条", key="case:1:accept")
        send_message("staff:2", "一次", "只有一条", key="case:1:accept")
    assert Message.objects.count() == 2


def test_a_long_list_comes_in_pages_without_gap_or_double(
    db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    clerk = staff()
    made = [send_message(clerk.ref, f"第{at}条", "内容").pk for at in range(120)]
    api, seen, cursor = client_as(clerk), [], None
    while True:
        page = api.get("/workspace/messages", **({"cursor": cursor} if cursor else {})).json()
        seen += [row["id"] for row in page["rows"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == made[::-1]
    assert api.post("/workspace/messages/read-all").json() == {"unread": 0}
    assert unread_count(clerk.ref) == 0


def test_search_asks_every_group_and_says_when_there_is_more(db: None) -> None:
    @searchable("test.numbers", title="数字", order=1)
    def find(actor: Actor, text: str, limit: int) -> list[Hit]:
        return [Hit(at, f"{text}{at}", "", f"/numbers/{at}") for at in range(limit)] if text == "找数字" else []

    groups = {group["key"]: group for group in search(Actor(kind="staff"), "  找数字 ")}
    assert [row["title"] for row in groups["test.numbers"]["rows"]][:2] == ["找数字0", "找数字1"]
    assert len(groups["test.numbers"]["rows"]) == 6
    assert groups["test.numbers"]["more"] is True
    assert search(Actor(kind="staff"), "找") == []


def test_functions_are_found_only_where_the_right_is_held(
    db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    def titles(actor: Actor) -> list[str]:
        groups = client_as(actor).get("/search", q="短信").json()["groups"]
        return [row["title"] for group in groups if group["key"] == "functions" for row in group["rows"]]

    assert any("短信" in title for title in titles(staff("workspace.sms.view")))
    assert titles(staff()) == []


def test_search_is_for_staff_only(anonymous: Any) -> None:
    assert anonymous.get("/search", q="短信").status_code == 401
