"""Malformed bodies on every operation of the citizen's side get a clear refusal, never a server error."""

from __future__ import annotations

from typing import Any

import pytest

from anju.citizen.models import Resident
from anju.kernel.processes.publishing import publish_all
from tests.citizen.people import client_of, resident
from tests.conftest import Api

HUGE = 10**30
VALUES: list[Any] = [None, True, -1, HUGE, 1.5, "", "长" * 5000, "\u202e", [], [[]], {}, {"a": {"b": [1]}}]
OPERATIONS = [
    ("post", "/citizen/codes", ("phone", "purpose")),
    ("post", "/citizen/check-code", ("phone", "purpose", "code")),
    ("post", "/citizen/register", ("phone", "password", "code", "ticket")),
    ("post", "/citizen/reset", ("phone", "password", "code", "ticket")),
    ("post", "/citizen/sign-in", ("phone", "password")),
    ("put", "/citizen/preferences", ("city", "large_type")),
    ("post", "/citizen/identity/bank", ("name", "document_type", "document_number", "city", "bank_card", "phone")),
    ("put", "/citizen/application/pages/members", ("version", "data")),
    ("post", "/citizen/application/submit", ("key",)),
]
GOOD = {
    "phone": "13900000071", "purpose": "register", "code": "123456", "ticket": None, "password": "jiangwan-2026",
    "city": "339900", "large_type": False, "name": "周桂芳", "document_type": "id_card", "document_number": "1",
    "bank_card": "6222021234567891", "version": 0, "data": {}, "key": "tap-0001-0001",
}  # fmt: skip


@pytest.fixture
def person(city: Any) -> Resident:
    publish_all()
    return resident("13900000071", verified=True)


@pytest.mark.parametrize(("method", "path", "fields"), OPERATIONS, ids=[path for _, path, _ in OPERATIONS])
def test_no_value_breaks_an_operation(person: Resident, method: str, path: str, fields: tuple[str, ...]) -> None:
    api = client_of(person)
    for field in fields:
        for value in VALUES:
            answer = api.call(method, path, {key: GOOD[key] for key in fields} | {field: value})
            assert answer.status_code < 500, (field, value, answer.content)
            if answer.status_code >= 400:
                assert {"code", "message", "advice", "field", "details"} <= set(answer.json())


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '"text"', '{"phone": "\\u0000"}', '{"phone": "\\ud800"}', "\xff"]
)
@pytest.mark.parametrize(("method", "path", "fields"), OPERATIONS, ids=[path for _, path, _ in OPERATIONS])
def test_a_body_that_is_no_object_is_refused(
    person: Resident, method: str, path: str, fields: tuple[str, ...], body: str
) -> None:
    api = client_of(person)
    answer = getattr(api.client, method)(
        f"/api{path}", data=body.encode("latin-1", "replace"), content_type="application/json", headers=api.headers
    )
    if answer.status_code == 200:  # where every field may be left out, a body without any changes nothing
        assert (path, answer.json()["city"]) == ("/citizen/preferences", "339900")
    else:
        assert 400 <= answer.status_code < 500
        assert answer.json()["message"]


@pytest.mark.parametrize(
    "data",
    [
        {"members": None},
        {"members": {}},
        {"members": [None, 1, "x", []]},
        {"members": [{"relation": ["self"]}]},
        {"members": [{"relation": "self", "document_number": 5}]},
        {"members": [{"relation": "self", "document_number": {"a": 1}}]},
        {"members": [{"relation": "spouse", "name": 7, "document_type": "id_card", "document_number": HUGE}]},
        {"members": [{"relation": "child"}] * 200},
        {"unknown": 1},
    ],
)
def test_no_shape_of_the_members_page_breaks_saving_or_checking(person: Resident, data: dict[str, Any]) -> None:
    api = client_of(person)
    assert api.put("/citizen/application/pages/members", {"version": 0, "data": data}).status_code < 500
    assert api.get("/citizen/application/check").status_code == 200
    assert api.get("/citizen/application").status_code == 200
    assert api.post("/citizen/application/submit", {"key": "tap-0001-0001"}).status_code in {409, 422}


@pytest.mark.parametrize(
    "path",
    ["/citizen/messages?cursor=x", f"/citizen/messages?cursor={HUGE}", f"/public/notices/{HUGE}", "/public/cities/x"],
)
def test_odd_addresses_are_refused(person: Resident, path: str) -> None:
    answer = client_of(person).client.get(f"/api{path}", headers={"X-Anju-Client": "citizen"})
    assert answer.status_code < 500


def test_a_request_from_another_page_is_refused(db: None) -> None:
    api = Api("citizen")
    answer = api.client.post("/api/citizen/codes", data="{}", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "request.foreign")
