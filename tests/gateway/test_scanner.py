"""What a scanner looks for from outside, asked of every operation: headers, cookies, cross-site requests, redirects."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from anju.identity.openid import BACK_CHANNEL
from anju.identity.sessions import COOKIES
from anju.kernel.http import PUBLIC
from tests.conftest import Api
from tests.matrix.operations import Operation, example, operations

OPERATIONS = operations()
READS = [each for each in OPERATIONS if each.method == "get"]
CHANGES = [each for each in OPERATIONS if each.method != "get"]
# Answered without a session, so what is asked for is seen before anybody is known.
TOKENS = {"/open/token", "/open/token/revoke", *(path.removeprefix("/api") for path in BACK_CHANNEL)}
EVIL = "https://evil.example"
STRICT = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "SAMEORIGIN", "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}  # fmt: skip


def ask(operation: Operation, client: Client, **headers: str) -> Any:
    """A call of an operation without any header of ours."""
    body = (
        {"data": example(operation.body) or {}, "content_type": "application/json"}
        if operation.body and not operation.form
        else {}
    )
    return getattr(client, operation.method)(f"/api{operation.url({})}", **body, headers=headers)


@pytest.fixture
def office(staff: Any, client_as: Any) -> Api:
    """Somebody who is signed in and holds nothing."""
    api: Api = client_as(staff())
    return api


@pytest.mark.covers("NF-05.5")
def test_every_operation_answers_with_the_headers_and_opens_to_no_other_site(office: Api) -> None:
    wrong = {}
    for each in READS:
        answer = ask(each, office.client, Origin=EVIL)
        lacking = {name for name, value in STRICT.items() if answer.get(name) != value}
        policy = answer.get("Content-Security-Policy", "")
        if lacking or "default-src 'self'" not in policy or "unsafe-eval" in policy:
            wrong[str(each)] = lacking
        if answer.get("Access-Control-Allow-Origin") or answer.get("Server") or answer.get("X-Powered-By"):
            wrong[str(each)] = {"opens or tells too much"}
    assert wrong == {}


@pytest.mark.covers("NF-05.5")
def test_no_change_is_made_for_a_page_of_another_site(office: Api) -> None:
    """With the cookie that a browser sends along, and without our header: every changing operation refuses."""
    wrong = {}
    for each in CHANGES:
        for headers in ({"Origin": EVIL}, {"Sec-Fetch-Site": "cross-site"}, {"Authorization": "Bearer x"}):
            answer = ask(each, office.client, **headers)
            if (answer.status_code, answer.json().get("code")) != (403, "request.foreign"):
                wrong[str(each), str(headers)] = answer.status_code
    assert wrong == {}


def test_without_a_session_only_the_tokens_address_takes_what_has_no_header_of_ours(db: None) -> None:
    for each in CHANGES:
        answer = ask(each, Client())
        refused = answer.json().get("code") == "request.foreign"
        assert refused is (each.path not in TOKENS), str(each)


@pytest.mark.covers("NF-05.5")
def test_a_browser_is_told_no_to_ask_beforehand(office: Api) -> None:
    """A preflight from another site gets no leave, so the browser does not send what would carry our header."""
    for each in CHANGES[:40]:
        answer = office.client.options(
            f"/api{each.url({})}",
            headers={
                "Origin": EVIL, "Access-Control-Request-Method": each.method.upper(),
                "Access-Control-Request-Headers": "x-anju-client,authorization",
            },
        )  # fmt: skip
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")], str(each)


@pytest.mark.covers("NF-05.5")
def test_no_answer_sets_a_cookie_that_a_script_or_another_site_could_use(anonymous: Api) -> None:
    answers = [ask(each, anonymous.client) for each in READS if each.right == PUBLIC]
    public = [each for each in CHANGES if each.right == PUBLIC and not each.form]
    answers += [anonymous.call(each.method, each.url({}), example(each.body) if each.body else {}) for each in public]
    for answer in answers:
        cookies: SimpleCookie = answer.cookies
        for name, cookie in cookies.items():
            assert name in COOKIES.values() or cookie["httponly"], name
            if cookie.value:
                assert cookie["httponly"], name
                assert cookie["samesite"] in {"Lax", "Strict"}, name
                assert cookie["domain"] == "", name


@pytest.mark.covers("NF-05.5")
@pytest.mark.parametrize(
    "path",
    [
        "//evil.example", "/\\evil.example", "/office//evil.example", "/office/%2f%2fevil.example", "/%5cevil.example",
        "/office/login?to=https://evil.example", "/office/login?next=//evil.example", "/?url=https://evil.example",
        "/api//evil.example/%2e%2e", "/office/..//evil.example", "/%0d%0aLocation:%20https://evil.example",
        "/office?r=%0d%0aSet-Cookie:%20a=b",
    ],
)  # fmt: skip
def test_no_address_leads_away(anonymous: Api, path: str) -> None:
    answer = anonymous.client.get(path)
    assert urlsplit(answer.get("Location", "")).netloc in {"", "testserver"}
    assert "evil" not in answer.get("Location", "")
    assert "a" not in answer.cookies
    assert answer.status_code != 500


def test_no_read_leads_to_another_site(office: Api) -> None:
    for each in READS:
        answer = office.client.get(f"/api{each.url({})}", {"next": EVIL, "to": EVIL, "url": EVIL, "redirect_uri": EVIL})
        assert "evil" not in answer.get("Location", ""), str(each)


@pytest.mark.covers("NF-05.5")
def test_another_host_is_not_answered_for(db: None) -> None:
    """A forged Host header would otherwise be written into links."""
    assert "*" not in settings.ALLOWED_HOSTS
    answer = Client(raise_request_exception=False).get("/api/identity/me", headers={"Host": "evil.example"})
    assert "evil" not in answer.content.decode() + str(answer.headers)


def test_methods_that_nobody_needs_are_refused(office: Api) -> None:
    for method in ("TRACE", "CONNECT", "PROPFIND", "TRACK"):
        answer = office.client.generic(method, "/api/identity/me", headers={"X-Anju-Client": "office"})
        assert answer.status_code in {400, 403, 404, 405}, method
    overridden = office.client.get("/api/identity/me", headers={"X-HTTP-Method-Override": "DELETE"})
    assert overridden.status_code == 200
