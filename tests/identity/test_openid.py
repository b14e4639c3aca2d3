"""Single sign-on as provider: the way of a real client, what it cannot get, how everything ends at once (NF-03.5)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet

from anju.identity import locking
from anju.identity.models import (
    AppClient,
    Application,
    ApplicationState,
    AppLogin,
    AppToken,
    Audience,
    Provider,
    Session,
    SigningKey,
    SsoAttempt,
)
from anju.identity.openid import keys, tokens
from anju.identity.openid.clients import new_secret
from anju.identity.sso import wire
from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.scope import Actor, system
from tests.conftest import Api

BASE = "/api/identity/openid"
HOME, LANDING = "https://loans.example/back", "https://loans.example/bye"
Staff, ClientAs = Callable[..., Actor], Callable[[Actor], Api]


@dataclass
class App:
    """An application with its machine: it speaks over HTTP, without any cookie or header of ours."""

    client: AppClient
    secret: str = ""
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    http: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def wish(self, **other: str) -> dict[str, str]:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "client_id": self.client.client_id, "redirect_uri": HOME, "response_type": "code",
            "scope": "openid profile menus", "state": "s/1", "nonce": "n-1", "code_challenge": challenge,
            "code_challenge_method": "S256",
        }  # fmt: skip
        return asked | other

    def post(self, path: str, **form: str) -> Any:
        headers = {}
        if self.secret:
            word = base64.b64encode(f"{self.client.client_id}:{self.secret}".encode()).decode()
            headers["Authorization"] = f"Basic {word}"
        else:
            form["client_id"] = self.client.client_id
        return self.http.post(f"{BASE}/{path}", data=form, headers=headers)

    def exchange(self, code: str, **other: str) -> Any:
        form = {"redirect_uri": HOME, "code_verifier": self.verifier} | other
        return self.post("token", grant_type="authorization_code", code=code, **form)

    def refresh(self, token: str) -> Any:
        return self.post("token", grant_type="refresh_token", refresh_token=token)

    def read(self, what: str, token: str) -> Any:
        return self.http.get(f"{BASE}/{what}", headers={"Authorization": f"Bearer {token}"})


def answer_of(address: str) -> dict[str, str]:
    """What the application finds in the address that the browser brings."""
    assert address.startswith(f"{HOME}?"), address
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def send(browser: Api, app: App, **other: str) -> Any:
    return browser.client.get(f"{BASE}/authorize", query_params=app.wish(**other))


def code_for(browser: Api, app: App) -> str:
    """The whole way of a person who agrees."""
    there = browser.post("/identity/openid/decide", app.wish() | {"agree": True}).json()["to"]
    return answer_of(there)["code"]


@pytest.fixture
def application(db: None) -> Application:
    return Application.objects.create(
        key="loans", title="公积金贷款", path="https://loans.example/", state=ApplicationState.PUBLISHED, rights=["loans.case.view"]
    )  # fmt: skip


def make_app(application: Application, kind: str = "confidential", **values: Any) -> App:
    client = AppClient.objects.create(
        application=application, client_id=f"app_{application.key}", kind=kind, redirects=HOME, landings=LANDING,
        scopes="openid profile phone menus", **values,
    )  # fmt: skip
    return App(client, new_secret(system(), client) if kind == "confidential" else "")


@pytest.fixture
def app(application: Application) -> App:
    return make_app(application)


@pytest.fixture
def clerk(staff: Staff) -> Actor:
    return staff("loans.case.view", name="周敏")


@pytest.fixture
def browser(clerk: Actor, client_as: ClientAs) -> Api:
    return client_as(clerk)


def test_from_the_application_through_consent_to_tokens_and_the_menus(
    app: App, clerk: Actor, browser: Api, anonymous: Api
) -> None:
    told = app.http.get(f"{BASE}/.well-known/openid-configuration").json()
    assert told["token_endpoint"] == f"{told['issuer']}/token"
    # nobody is in: on to our own page with the same request, which signs in first
    assert send(anonymous, app)["Location"].startswith(f"/office/openid?client_id={app.client.client_id}&")
    assert answer_of(send(anonymous, app, prompt="none")["Location"])["error"] == "login_required"
    assert send(browser, app)["Location"].startswith("/office/openid?")
    shown = browser.post("/identity/openid/ask", app.wish()).json()
    assert (shown["application"], [each["key"] for each in shown["scopes"]]) == (
        "公积金贷款", ["openid", "profile", "menus"],
    )  # fmt: skip
    refused = answer_of(browser.post("/identity/openid/decide", app.wish() | {"agree": False}).json()["to"])
    assert (refused["error"], refused["state"]) == ("access_denied", "s/1")
    came = answer_of(browser.post("/identity/openid/decide", app.wish() | {"agree": True}).json()["to"])
    assert (came["state"], came["iss"]) == ("s/1", told["issuer"])
    got = app.exchange(came["code"]).json()
    public = KeySet.import_key_set(app.http.get(f"{BASE}/jwks").json())
    claims = jwt.decode(got["id_token"], public, algorithms=["ES256"]).claims
    assert (claims["iss"], claims["aud"], claims["sub"], claims["nonce"]) == (
        told["issuer"], app.client.client_id, clerk.ref, "n-1",
    )  # fmt: skip
    person = app.read("userinfo", got["access_token"]).json()
    assert (person["sub"], person["name"], person["preferred_username"]) == (clerk.ref, "周敏", clerk.account)
    assert "phone_number" not in person
    assert app.read("menus", got["access_token"]).json()["rights"] == ["loans.case.view"]
    active = app.post("introspect", token=got["access_token"]).json()
    assert (active["active"], active["sub"]) == (True, clerk.ref)
    # agreed once: the next time nobody is asked, for more he is
    assert "code" in answer_of(send(browser, app, prompt="none")["Location"])
    assert answer_of(send(browser, app, prompt="none", scope="openid phone")["Location"])["error"] == "consent_required"
    (row,) = browser.get("/identity/openid/logins").json()["rows"]
    assert row["application"] == "公积金贷款"
    assert AuditEntry.objects.filter(action="sign_in", title="登录应用公积金贷款").count() == 2
    assert browser.post(f"/identity/openid/logins/{row['id']}/end").status_code == 200
    assert app.read("userinfo", got["access_token"]).status_code == 401
    assert send(browser, app)["Location"].startswith("/office/openid?")


@pytest.mark.django_db(transaction=True)
def test_our_own_client_signs_in_over_http(live_server: Any, settings: Any, city: Any, staff: Staff) -> None:
    """Another installation of Anju as the application: it checks the description, the key set and the token itself."""
    settings.PUBLIC_URL = live_server.url
    actor = staff(name="周敏")
    application = Application.objects.create(key="other", title="另一个平台", path="/x", state="published")
    provider = Provider.objects.create(
        key="anju", title="安居", protocol="oidc", audience=Audience.STAFF, url=f"{live_server.url}{BASE}", client_id="app_other"
    )  # fmt: skip
    client = AppClient.objects.create(
        application=application, client_id="app_other", kind="confidential", redirects=wire.callback_of(provider),
        scopes="openid profile phone", trusted=True,
    )  # fmt: skip
    provider.client_secret = new_secret(system(), client)
    from tests.conftest import signed_in

    way = wire.send_to(provider, "state", "nonce", "v" * 64)
    assert way.startswith(f"{live_server.url}{BASE}/authorize?")
    location = signed_in("staff", actor.id, "office").client.get(way.removeprefix(live_server.url))["Location"]
    code = parse_qs(urlsplit(location).query)["code"][0]
    attempt = SsoAttempt(provider=provider, nonce="nonce", verifier="v" * 64)
    profile = wire.profile_of(attempt, "state", code, "")
    assert (profile.subject, profile.name) == (actor.ref, "周敏")
    with pytest.raises(wire.Refused):
        wire.profile_of(attempt, "state", code, "")


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"client_id": "app_nobody"}, "openid.unknown_client"),
        ({"redirect_uri": "https://evil.example/"}, "openid.wrong_redirect"),
        ({"redirect_uri": f"{HOME}/"}, "openid.wrong_redirect"),
        ({"redirect_uri": f"{HOME}?x=1"}, "openid.wrong_redirect"),
        ({"redirect_uri": ""}, "openid.wrong_redirect"),
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(
    app: App, browser: Api, other: dict[str, str], code: str
) -> None:
    for answer in (
        send(browser, app, **other),
        browser.post("/identity/openid/ask", app.wish(**other)),
        browser.post("/identity/openid/decide", app.wish(**other) | {"agree": True}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert "Location" not in answer
    assert not AppLogin.objects.exists()


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": "openid everything"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"prompt": "login"}, "invalid_request"),
    ],
)
def test_what_is_asked_wrongly_is_told_to_the_application(
    app: App, browser: Api, other: dict[str, str], error: str
) -> None:
    told = answer_of(send(browser, app, **other)["Location"])
    assert (told["error"], told["state"]) == (error, "s/1")
    assert answer_of(browser.post("/identity/openid/decide", app.wish(**other) | {"agree": True}).json()["to"])["error"]
    assert not AppLogin.objects.exists()


def test_a_public_application_proves_itself_by_pkce_alone(application: Application, browser: Api) -> None:
    app = make_app(application, "public")
    none = {"code_challenge": "", "code_challenge_method": ""}
    assert answer_of(send(browser, app, **none)["Location"])["error"] == "invalid_request"
    code = code_for(browser, app)
    assert app.exchange(code, code_verifier="w" * 64).json()["error"] == "invalid_grant"
    assert app.exchange(code, code_verifier="").json()["error"] == "invalid_grant"
    got = app.exchange(code).json()
    assert app.read("userinfo", got["access_token"]).status_code == 200
    assert app.post("introspect", token=got["access_token"]).json()["error"] == "invalid_client"


def test_a_code_serves_once_for_a_minute_and_whoever_brings_it_again_ends_the_sign_in(app: App, browser: Api) -> None:
    code = code_for(browser, app)
    stranger = make_app(Application.objects.create(key="x", title="X", path="/x", state="published"))
    stranger.verifier = app.verifier
    assert stranger.exchange(code).json()["error"] == "invalid_grant"
    assert app.exchange(code, redirect_uri=LANDING).json()["error"] == "invalid_grant"
    wrong = App(app.client, "wrong", app.verifier).exchange(code)
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert wrong["WWW-Authenticate"].startswith("Basic")
    got = app.exchange(code).json()
    assert app.read("userinfo", got["access_token"]).status_code == 200
    assert app.exchange(code).json()["error"] == "invalid_grant"
    assert app.read("userinfo", got["access_token"]).status_code == 401
    assert AuditEntry.objects.filter(title__contains="授权码被重复使用").count() == 1
    late = code_for(browser, app)
    AppLogin.objects.filter(exchanged_at=None).update(code_expires_at=clock.real_now() - timedelta(seconds=1))
    assert app.exchange(late).json()["error"] == "invalid_grant"
    assert app.post("token", grant_type="password").json()["error"] == "unsupported_grant_type"


def test_a_refresh_token_serves_once_and_its_second_use_ends_the_sign_in(app: App, browser: Api) -> None:
    first = app.exchange(code_for(browser, app)).json()
    second = app.refresh(first["refresh_token"]).json()
    assert "nonce" not in jwt.decode(second["id_token"], KeySet.import_key_set(keys.published())).claims
    assert app.read("userinfo", second["access_token"]).status_code == 200
    assert app.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert app.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"
    assert app.read("userinfo", second["access_token"]).status_code == 401
    third = app.exchange(code_for(browser, app)).json()
    AppToken.objects.filter(kind="access").update(expires_at=clock.real_now())
    answer = app.read("userinfo", third["access_token"])
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert app.post("revoke", token=third["refresh_token"]).status_code == 200
    assert app.refresh(third["refresh_token"]).json()["error"] == "invalid_grant"


def test_another_applications_token_is_neither_told_nor_ended(app: App, browser: Api) -> None:
    got = app.exchange(code_for(browser, app)).json()
    other = make_app(Application.objects.create(key="x", title="X", path="/x", state="published"))
    assert other.post("introspect", token=got["access_token"]).json() == {"active": False}
    assert other.post("revoke", token=got["refresh_token"]).status_code == 200
    assert other.refresh(got["refresh_token"]).json()["error"] == "invalid_grant"
    assert app.read("userinfo", got["access_token"]).status_code == 200
    assert app.http.get(f"{BASE}/userinfo").status_code == 401
    # a person's token is no key to anything else
    assert (
        app.http.get("/api/identity/me", headers={"Authorization": f"Bearer {got['access_token']}"}).status_code == 401
    )


def suspended(app: App, clerk: Actor, keeper: Api, browser: Api) -> None:
    wish = {"ids": [app.client.application_id], "values": {}}
    assert keeper.post("/registers/identity.apps/actions/suspend", wish).json()["done"] == 1


def locked(app: App, clerk: Actor, keeper: Api, browser: Api) -> None:
    locking.lock(system(), clerk.id, "测试锁定")


def signed_out(app: App, clerk: Actor, keeper: Api, browser: Api) -> None:
    assert browser.post("/identity/sign-out").status_code == 200


def out_of_range(app: App, clerk: Actor, keeper: Api, browser: Api) -> None:
    from anju.identity.services import make_organisation

    elsewhere = make_organisation(name="江湾", kind="district", code="JW", division="339901")
    app.client.application.organisations.set([elsewhere])


def all_out(app: App, clerk: Actor, keeper: Api, browser: Api) -> None:
    wish = {"ids": [app.client.pk], "values": {}}
    assert keeper.post("/registers/identity.clients/actions/sign_out_all", wish).json()["done"] == 1


@pytest.mark.covers("SH-224.2")
@pytest.mark.parametrize("ended", [suspended, locked, signed_out, out_of_range, all_out])
def test_tokens_are_dead_at_once_and_do_not_come_back(
    app: App, clerk: Actor, browser: Api, staff: Staff, client_as: ClientAs, ended: Callable[..., None]
) -> None:
    keeper = client_as(staff("identity.app.view", "identity.app.change"))
    got, waiting = app.exchange(code_for(browser, app)).json(), code_for(browser, app)
    assert app.read("userinfo", got["access_token"]).status_code == 200
    ended(app, clerk, keeper, browser)
    assert app.read("userinfo", got["access_token"]).status_code == 401
    expected = "invalid_client" if ended is suspended else "invalid_grant"
    assert app.refresh(got["refresh_token"]).json()["error"] == expected
    assert app.exchange(waiting).json()["error"] == expected
    if ended is suspended:
        assert send(browser, app).json()["code"] == "openid.unknown_client"
        Application.objects.update(state=ApplicationState.PUBLISHED)
        assert app.read("userinfo", got["access_token"]).status_code == 401
    if ended is out_of_range:
        assert answer_of(send(browser, app)["Location"])["error"] == "access_denied"


def test_leaving_from_the_application_ends_the_session_and_leads_to_a_registered_address(
    app: App, browser: Api, anonymous: Api
) -> None:
    got = app.exchange(code_for(browser, app)).json()

    def leave(**query: str) -> Any:
        return anonymous.client.get(f"{BASE}/logout", query_params=query)

    assert leave().json()["code"] == "openid.no_hint"
    assert leave(id_token_hint=got["id_token"][:-4] + "AAAA").json()["code"] == "openid.no_hint"
    assert browser.get("/identity/me").status_code == 200
    away = leave(id_token_hint=got["id_token"], post_logout_redirect_uri="https://evil.example/", state="z")
    assert away["Location"] == "/office/login"
    assert browser.get("/identity/me").status_code == 401
    assert app.read("userinfo", got["access_token"]).status_code == 401
    assert leave(id_token_hint=got["id_token"], post_logout_redirect_uri=LANDING, state="z")["Location"] == (
        f"{LANDING}?state=z"
    )


def test_keys_are_sealed_renewed_and_published_for_a_while(app: App, browser: Api) -> None:
    got = app.exchange(code_for(browser, app)).json()
    first = SigningKey.objects.get()
    assert not keys.renew_old()
    SigningKey.objects.update(made_at=clock.real_now() - keys.RENEWED_AFTER - timedelta(days=1))
    assert keys.renew_old()
    assert {each["kid"] for each in keys.published()["keys"]} > {first.kid}
    assert all("d" not in each for each in keys.published()["keys"])
    assert keys.read(got["id_token"]) is not None
    again = app.refresh(got["refresh_token"]).json()
    assert keys.read(again["id_token"]) is not None
    SigningKey.objects.filter(pk__gt=first.pk).update(made_at=clock.real_now() - timedelta(days=8))
    keys.renew()
    assert not SigningKey.objects.filter(pk=first.pk).exists()
    assert SigningKey.objects.count() == 2
    Session.objects.update(expires_at=clock.real_now() - timedelta(days=8))
    assert tokens.forget_old() > 0
    assert not AppLogin.objects.exists()


def test_the_register_checks_addresses_and_tells_a_secret_once(
    application: Application, staff: Staff, client_as: ClientAs, browser: Api
) -> None:
    keeper = client_as(staff("identity.app.view", "identity.app.create", "identity.app.change", "identity.app.export"))
    rows = "/registers/identity.clients/rows"
    values = {
        "application": application.pk,
        "kind": "confidential",
        "redirects": HOME,
        "scopes": "openid profile menus",
    }
    for wrong in ("http://loans.example/", "loans.example", f"{HOME}#x", "javascript:alert(1)", "https://a@b.example/"):
        refused = keeper.post(rows, {"values": values | {"redirects": f"{HOME}\n{wrong}"}})
        assert refused.status_code == 422, wrong
        assert refused.json()["details"]["errors"][0]["field"] == "redirects"
    made = keeper.post(rows, {"values": values})
    assert made.status_code in (200, 201), made.content
    again = keeper.post(rows, {"values": values})
    assert (again.status_code, again.json()["code"]) == (409, "client.exists")
    client = AppClient.objects.get()
    act = {"ids": [client.pk], "values": {}}
    told = keeper.post("/registers/identity.clients/actions/new_secret", act).json()["told"][0]["text"]
    app = App(client, told.partition("密钥 ")[2].partition("（")[0])
    assert app.exchange(code_for(browser, app)).status_code == 200
    assert app.secret not in str(keeper.get(f"{rows}/{client.pk}").json())
    keeper.post("/registers/identity.clients/actions/new_secret", act)
    assert app.exchange(code_for(browser, app)).json()["error"] == "invalid_client"
    assert browser.get(rows).status_code == 403
    assert keeper.post("/identity/openid/keys/renew").status_code == 403
    guard = client_as(staff("trust.key.manage"))
    kid = guard.post("/identity/openid/keys/renew").json()["kid"]
    assert next((row["kid"], row["signs"]) for row in guard.get("/identity/openid/keys").json()["rows"]) == (kid, True)
