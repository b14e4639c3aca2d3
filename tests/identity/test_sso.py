"""Single sign-on as client: the way to a provider and back, what cannot be forged, binding (JN-01.1, NF-03.5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pyotp
import pytest

from anju.citizen.models import PhoneCode, Resident
from anju.identity.models import Account, ExternalIdentity, Provider, Session, SsoAttempt, Totp
from anju.identity.sso.attempts import inside
from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.scope import Actor
from anju.workspace.models import Sms
from tests.citizen.people import resident
from tests.conftest import Api
from tests.identity.doors import enter
from tests.sandbox_fixture import Sandbox

Staff = Callable[..., Actor]
ClientAs = Callable[[Actor], Api]


@pytest.fixture
def city_app(sandbox: Sandbox) -> Provider:
    return Provider.objects.create(
        key="city-app", title="城市服务 App", protocol="oidc", audience="resident", url=f"{sandbox.url}/oidc",
        client_id="anju", client_secret="sandbox-secret", trusts_phone=True,
    )  # fmt: skip


@pytest.fixture
def office(sandbox: Sandbox) -> Provider:
    return Provider.objects.create(
        key="office", title="政务统一认证", protocol="cas", audience="staff", url=f"{sandbox.url}/cas"
    )


@pytest.fixture
def browser(db: None) -> Api:
    return Api("citizen")


class There:
    """The same person's browser at the provider."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.http = httpx.Client(base_url=sandbox.url, trust_env=False)
        self.sandbox = sandbox

    def sign_in(self, who: str) -> There:
        self.http.get(f"/city-app/enter?as={who}")
        return self

    def fault(self, what: str) -> None:
        self.sandbox.tell("/control/sign-on", {"fault": what})


@pytest.fixture
def there(sandbox: Sandbox) -> Any:
    found = There(sandbox)
    yield found
    found.fault("")


def start(api: Api, key: str = "city-app", to: str = "/") -> str:
    """Where the platform sends the browser."""
    answer = api.client.get(f"/api/identity/sso/{key}/start", query_params={"to": to})
    assert answer.status_code == 302, answer.content
    return str(answer.headers["Location"])


def back(there: There, address: str) -> str:
    """Where the provider sends the browser: our path with its query."""
    answer = there.http.get(address)
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["location"])
    return f"{parts.path}?{parts.query}"


def land(api: Api, path: str) -> str:
    """Comes back; gives the page one lands on."""
    answer = api.client.get(path)
    assert answer.status_code == 302, answer.content
    return str(answer.headers["Location"])


def telephone_code(api: Api, phone: str) -> str:
    PhoneCode.objects.update(created_at=clock.now() - timedelta(minutes=2))
    assert api.post("/citizen/codes", {"phone": phone, "purpose": "bind"}).status_code == 200
    return str(Sms.objects.latest("id").text.partition("验证码 ")[2][:6])


@pytest.mark.covers("JN-01.1")
def test_from_the_city_app_s_menu_to_the_home_page_without_a_password(
    browser: Api, there: There, city_app: Provider
) -> None:
    there.sign_in("lin")
    menu = there.http.get("/city-app").text
    assert "/api/identity/sso/city-app/start?to=/" in menu
    assert browser.get("/citizen/me").status_code == 401
    assert land(browser, back(there, start(browser))) == "/"
    me = browser.get("/citizen/me").json()
    assert me["phone"] == "139****0001"
    made = Resident.objects.get()
    # the second time he is known by his number there, whatever his telephone is
    again = Api("citizen")
    assert land(again, back(there, start(again, to="/me"))) == "/me"
    assert Resident.objects.count() == 1
    assert Session.objects.filter(kind="resident", account_id=made.pk).count() == 2


@pytest.mark.covers("JN-01.1")
def test_who_registered_before_finds_his_own_account(browser: Api, there: There, city_app: Provider) -> None:
    known = resident("13900010001", verified=True)
    land(browser, back(there.sign_in("lin"), start(browser)))
    assert browser.get("/citizen/me").json()["id"] == known.pk
    assert ExternalIdentity.objects.get().account_id == known.pk


def test_a_closed_account_is_not_opened_by_the_provider(browser: Api, there: There, city_app: Provider) -> None:
    known = resident("13900010001")
    Resident.objects.filter(pk=known.pk).update(active=False)
    assert land(browser, back(there.sign_in("lin"), start(browser))) == "/sign-in?sso=citizen.closed"
    assert browser.get("/citizen/me").status_code == 401


@pytest.mark.parametrize("fault", ["nonce", "audience", "issuer", "expired", "key"])
def test_a_token_that_was_not_made_for_this_way_is_refused(
    browser: Api, there: There, city_app: Provider, fault: str
) -> None:
    path = back(there.sign_in("lin"), start(browser))
    there.fault(fault)
    assert land(browser, path) == "/sign-in?sso=sso.refused"
    assert not Resident.objects.exists()
    assert not Session.objects.exists()
    there.fault("")
    assert land(browser, path) == "/sign-in?sso=sso.refused"  # the way was used up


def test_a_way_is_ended_by_the_browser_that_began_it_once_and_in_time(
    browser: Api, there: There, city_app: Provider
) -> None:
    there.sign_in("lin")
    path = back(there, start(browser))
    stranger = Api("citizen")
    assert land(stranger, path) == "/sign-in?sso=sso.refused"
    start(stranger)
    assert land(stranger, path) == "/sign-in?sso=sso.refused"
    forged = path.replace("state=", "state=x")
    assert land(browser, forged) == "/sign-in?sso=sso.refused"
    assert not Session.objects.exists()
    assert land(browser, path) == "/"
    assert land(browser, path) == "/sign-in?sso=sso.refused"
    late = back(there, start(browser))
    SsoAttempt.objects.update(expires_at=clock.real_now() - timedelta(seconds=1))
    assert land(browser, late) == "/sign-in?sso=sso.refused"
    assert land(browser, "/api/identity/sso/city-app/callback?error=access_denied") == "/sign-in?sso=sso.refused"
    assert Session.objects.count() == 1


def test_pkce_and_nonce_go_along_and_the_verifier_stays(browser: Api, city_app: Provider) -> None:
    told = parse_qs(urlsplit(start(browser)).query)
    assert told["code_challenge_method"] == ["S256"]
    assert len(told["code_challenge"][0]) == 43
    attempt = SsoAttempt.objects.get()
    assert told["nonce"] == [attempt.nonce]
    assert attempt.verifier not in str(told)
    assert told["state"][0].encode() not in bytes(attempt.state)


@pytest.mark.parametrize("to", [
    "https://evil.example/", "//evil.example", "/\\evil.example", "/%2F/evil.example", "/\\\\x", "javascript:alert(1)",
    "/%5Cevil.example", "", "x",
])  # fmt: skip
def test_nobody_is_sent_on_to_another_site(browser: Api, there: There, city_app: Provider, to: str) -> None:
    assert inside(to, "/") == "/"
    assert land(browser, back(there.sign_in("lin"), start(browser, to=to))) == "/"


def test_paths_of_our_own_are_kept() -> None:
    assert [inside(path, "/") for path in ("/me", "/units?layout=one#a", "/office/")] == [
        "/me", "/units?layout=one#a", "/office/",
    ]  # fmt: skip


def test_a_provider_that_is_down_or_closed(browser: Api, city_app: Provider) -> None:
    Provider.objects.update(url="http://127.0.0.1:9/oidc")
    answer = browser.get("/identity/sso/city-app/start")
    assert (answer.status_code, answer.json()["code"]) == (503, "sso.unavailable")
    Provider.objects.update(active=False)
    assert browser.get("/identity/sso/city-app/start").status_code == 404
    assert browser.get("/identity/sso", audience="resident").json() == []
    assert not SsoAttempt.objects.exists()


@pytest.mark.covers("JN-01.1")
def test_an_unknown_resident_is_led_to_binding(browser: Api, there: There, city_app: Provider) -> None:
    known = resident("13900010009")
    page = land(browser, back(there.sign_in("nophone"), start(browser, to="/units")))
    assert page.startswith("/bind#binding=")
    binding = page.partition("binding=")[2]
    assert browser.post("/identity/sso/waiting", {"binding": binding}).json()["name"] == "顾言"
    body = {"binding": binding, "phone": "13900010009", "code": "000000"}
    code = telephone_code(browser, "13900010009")
    wrong = browser.post("/citizen/bind", body | {"code": "111111" if code != "111111" else "222222"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "code.wrong")
    assert browser.post("/citizen/bind", body | {"binding": "forged"}).json()["code"] == "sso.binding_expired"
    assert not ExternalIdentity.objects.exists()
    bound = browser.post("/citizen/bind", body | {"code": code})
    assert bound.status_code == 200, bound.content
    assert (bound.json()["id"], bound.json()["to"]) == (known.pk, "/units")
    assert browser.post("/citizen/bind", body | {"code": code}).json()["code"] == "sso.binding_expired"
    again = Api("citizen")
    assert land(again, back(there, start(again))) == "/"
    assert again.get("/citizen/me").json()["id"] == known.pk


def test_one_account_is_one_person_s_there(browser: Api, there: There, city_app: Provider) -> None:
    land(browser, back(there.sign_in("lin"), start(browser)))
    other = Api("citizen")
    page = land(other, back(there.sign_in("nophone"), start(other)))
    code = telephone_code(other, "13900010001")
    answer = other.post(
        "/citizen/bind", {"binding": page.partition("binding=")[2], "phone": "13900010001", "code": code}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "sso.account_bound")
    assert ExternalIdentity.objects.count() == 1
    assert other.get("/citizen/me").status_code == 401


def to_office(api: Api, there: There, who: str, to: str = "/office/cases/todo") -> str:
    address = start(api, "office", to)
    parts = urlsplit(address)
    return land(api, back(there, f"{parts.path}?{parts.query}&as={who}"))


def test_staff_bind_once_with_the_password_and_come_in_by_cas_from_then_on(
    anonymous: Api, there: There, office: Provider, staff: Staff
) -> None:
    clerk = staff("supply.unit.view")
    page = to_office(anonymous, there, "zhoumin")
    assert page.startswith("/office/login#binding=")
    assert anonymous.get("/identity/me").status_code == 401
    binding = page.partition("binding=")[2]
    assert enter(anonymous, clerk.account, "wrong", binding=binding).status_code == 401
    assert not ExternalIdentity.objects.exists()
    assert enter(anonymous, clerk.account, binding=binding).status_code == 200
    assert AuditEntry.objects.filter(title__startswith="绑定统一身份").count() == 1
    again = Api("office")
    assert to_office(again, there, "zhoumin") == "/office/cases/todo"
    assert again.get("/identity/me").json()["account"] == clerk.account
    assert Session.objects.latest("id").factor == "sso"
    Account.objects.filter(pk=clerk.id).update(state="suspended")
    out = Api("office")
    assert to_office(out, there, "zhoumin") == "/office/login?sso=sign_in.not_usable"
    assert out.get("/identity/me").status_code == 401


def test_a_ticket_is_for_one_service_and_serves_once(anonymous: Api, there: There, office: Provider) -> None:
    parts = urlsplit(start(anonymous, "office"))
    path = back(there, f"{parts.path}?{parts.query}&as=zhoumin")
    forged = path.partition("ticket=")[0] + "ticket=ST-forged"
    assert land(anonymous, forged) == "/office/login?sso=sso.refused"
    assert land(anonymous, path) == "/office/login?sso=sso.refused"  # the way was used up by the forged one
    assert not SsoAttempt.objects.filter(binding__isnull=False).exists()


def test_a_second_factor_is_asked_after_the_provider_too(
    anonymous: Api, there: There, office: Provider, staff: Staff
) -> None:
    clerk = staff()
    secret = pyotp.random_base32()
    enter(anonymous, clerk.account, binding=to_office(anonymous, there, "zhoumin").partition("binding=")[2])
    Totp.objects.create(account_id=clerk.id, secret=secret, created_at=clock.now(), confirmed_at=clock.now())
    again = Api("office")
    page = to_office(again, there, "zhoumin")
    assert page.startswith("/office/login#second=")
    assert again.get("/identity/me").status_code == 401
    token = parse_qs(urlsplit(page).fragment)["second"][0]
    assert again.post("/identity/sign-in/ways", {"ticket": token}).json()["ways"] == ["totp"]
    body = {"ticket": token, "way": "totp", "code": pyotp.TOTP(secret).now()}
    assert again.post("/identity/sign-in/second", body).status_code == 200
    assert Session.objects.latest("id").factor == "sso+totp"


def test_one_s_bindings_are_listed_and_released_by_oneself_only(
    anonymous: Api, there: There, office: Provider, staff: Staff, client_as: ClientAs
) -> None:
    clerk = staff()
    enter(anonymous, clerk.account, binding=to_office(anonymous, there, "zhoumin").partition("binding=")[2])
    (row,) = anonymous.get("/identity/sso/own").json()
    other = client_as(staff())
    assert other.get("/identity/sso/own").json() == []
    assert other.post(f"/identity/sso/own/{row['id']}/release").status_code == 404
    assert ExternalIdentity.objects.count() == 1
    assert anonymous.post(f"/identity/sso/own/{row['id']}/release").status_code == 200
    assert to_office(Api("office"), there, "zhoumin").startswith("/office/login#binding=")


def test_providers_are_kept_by_who_may_and_their_secret_is_never_shown(staff: Staff, client_as: ClientAs) -> None:
    desk = client_as(staff(*(f"identity.provider.{verb}" for verb in ("view", "create", "change"))))
    values = {
        "key": "gov", "title": "政务认证", "protocol": "oidc", "audience": "staff", "url": "https://sso.example.gov",
        "client_id": "anju", "active": True,
    }  # fmt: skip
    row = desk.post("/registers/identity.providers/rows", {"values": values})
    assert row.status_code in {200, 201}, row.content
    act = {"ids": [row.json()["id"]], "values": {"secret": "very-secret-words"}}
    assert desk.post("/registers/identity.providers/actions/set_secret", act).json()["done"] == 1
    assert Provider.objects.get().client_secret == "very-secret-words"
    shown = desk.get(f"/registers/identity.providers/rows/{row.json()['id']}").content.decode()
    assert "very-secret-words" not in shown
    for wrong in ({"url": "ftp://x"}, {"client_id": ""}, {"trusts_phone": True}, {"key": "Gov"}):
        answer = desk.post("/registers/identity.providers/rows", {"values": values | {"key": "other"} | wrong})
        assert answer.status_code in {409, 422}, wrong
    assert Provider.objects.count() == 1
