"""A resident's messages (JN-10)."""

from __future__ import annotations

import pytest

from anju.workspace.services import send_message
from tests.citizen.people import client_of, resident


@pytest.mark.covers("JN-10.1")
def test_unread_messages_are_counted_and_fall_when_read(db: None) -> None:
    person, other = resident("13900000051"), resident("13900000052")
    api = client_of(person)
    for title in ("已收到你的申请", "申请已受理", "初审公示结束"):
        send_message(person.ref, title, title, kind="case", link="/records/1")
    send_message(other.ref, "别人的", "别人的")
    page = api.get("/citizen/messages").json()
    assert [row["title"] for row in page["rows"]] == ["初审公示结束", "申请已受理", "已收到你的申请"]
    assert api.get("/citizen/me").json()["unread"] == page["unread"] == 3
    assert api.post(f"/citizen/messages/{page['rows'][0]['id']}/read").json() == {"unread": 2}
    assert api.post(f"/citizen/messages/{page['rows'][0]['id']}/read").json() == {"unread": 2}
    assert api.get("/citizen/me").json()["unread"] == 2
    assert api.post("/citizen/messages/read-all").json() == {"unread": 0}
    assert api.get("/citizen/me").json()["unread"] == 0
    assert client_of(other).get("/citizen/me").json()["unread"] == 1
