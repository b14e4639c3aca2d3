"""What surrounds every request: headers of every answer, cookies, requests of other pages, odd addresses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from anju.identity.sessions import COOKIES
from tests.citizen.people import client_of, resident
from tests.conftest import Api

ODD = ["/api/none", "/api/cases/a%0Ab/return", "/api/..%2f..%2fetc/passwd", "/api/" + "x" * 3000]


@pytest.mark.parametrize("path", ["/healthz", "/api/openapi.json", "/api/identity/me", "/", "/office/", "/api/none"])
def test_every_answer_carries_the_security_headers(anonymous: Api, path: str) -> None:
    answer = anonymous.client.get(path)
    policy = {
        name: value
        for name, _, value in (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    }
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert "unsafe" not in policy.get("script-src", policy["default-src"])
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Referrer-Policy"] == "same-origin"
    if path.startswith("/api/"):
        assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("production", [False, True])
def test_a_session_cookie_is_for_this_site_and_no_script(db: None, settings: Any, production: bool) -> None:
    settings.ENV = "production" if production else "demo"
    from django.http import HttpRequest, HttpResponse

    from anju.identity.sessions import open_session

    for kind, name in COOKIES.items():
        answer = HttpResponse()
        open_session(kind, 1, HttpRequest(), answer)
        cookie = answer.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert bool(cookie["secure"]) is production
        assert len(cookie.value) >= 40


def test_only_the_digest_of_a_session_is_kept(db: None) -> None:
    from anju.identity.models import Session

    api = client_of(resident())
    token = api.client.cookies[COOKIES["resident"]].value
    assert token.encode() not in bytes(Session.objects.get().digest)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_change_asked_for_by_another_page_is_refused(db: None, method: str) -> None:
    """A form on another site can make a browser send its cookie, but not our header."""
    api = client_of(resident())
    answer = getattr(api.client, method)(
        "/api/citizen/preferences", data=json.dumps({"city": "339900"}), content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "request.foreign")
    assert answer.json()["message"] == "请求不是从本系统页面发出的"


@pytest.mark.parametrize("path", ODD)
def test_an_address_that_is_none_answers_in_the_shape_of_every_error(anonymous: Api, path: str) -> None:
    answer = anonymous.client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/api/registers?q=%00", "/api/registers?q=%FF", "/a%00b"])
def test_null_and_broken_characters_in_an_address_are_refused(anonymous: Api, path: str) -> None:
    answer = anonymous.client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.malformed")


@pytest.mark.parametrize("path", ["/" + "长" * 3000, "/office/" + "x" * 5000, "/office/../../pyproject.toml", "/a%0Ab"])
def test_an_odd_address_of_a_page_gives_no_file_and_no_failure(anonymous: Api, path: str) -> None:
    answer = Client(raise_request_exception=False).get(path)
    assert answer.status_code in {200, 404, 503}
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert b"[project]" not in content


def test_a_method_that_an_address_does_not_know_answers_in_shape(anonymous: Api) -> None:
    answer = anonymous.call("patch", "/identity/sign-in", {})
    assert answer.status_code == 405
    assert answer.json()["code"]
    assert answer.json()["message"]
