"""Signing in with a certificate: bound, in force, genuine, and its key there; everything else stays outside."""

from __future__ import annotations

import base64
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from anju.identity import captcha
from anju.identity.models import Account, Captcha, Session
from anju.identity.services import make_account
from anju.kernel.audit.models import AuditEntry
from anju.kernel.crypto import open_text, service, sm2
from anju.kernel.crypto.provider import _remote
from anju.kernel.scope import Actor
from anju.trust.certificates import authority, checking, x509
from anju.trust.certificates.binding import issue, revoke
from anju.trust.models import CertificateChallenge, UserCertificate
from tests.conftest import Api
from tests.sandbox_fixture import Sandbox

pytestmark = pytest.mark.django_db
PASSWORD = "Certificate-2026"


class Medium:
    """A USB key: a pair that signs, and the certificate over it."""

    def __init__(self) -> None:
        self.public, self.private = sm2.generate()
        self.content = b""

    def headers(self, username: str, **other: str) -> dict[str, str]:
        made = checking.challenge()
        signature = sm2.sign(self.public, self.private, checking.signed_text(made, username))
        told = {
            "X-Certificate": base64.b64encode(self.content).decode(),
            "X-Certificate-Challenge": str(made.pk),
            "X-Certificate-Signature": base64.b64encode(signature).decode(),
        }
        return told | other


@pytest.fixture
def account(city: Any) -> Account:
    made = make_account(username="zhoumin", name="周敏", organisation=city, roles=[], password=PASSWORD)
    Account.objects.filter(pk=made.pk).update(must_change_password=False)
    return made


@pytest.fixture
def keeper(staff: Any) -> Actor:
    actor: Actor = staff("trust.certificate.view", "trust.certificate.create", "trust.certificate.revoke")
    return actor


@pytest.fixture
def medium(account: Account, keeper: Actor) -> Medium:
    made = Medium()
    made.content = bytes(issue(actor=keeper, account_id=account.pk, public=made.public).content)
    return made


def enter(username: str = "zhoumin", headers: dict[str, str] | None = None) -> Any:
    """The ordinary sign-in, with whatever headers."""
    made, _ = captcha.make()
    answer = open_text(bytes(Captcha.objects.get(pk=made.pk).answer))
    api = Api("office")
    api.headers = api.headers | (headers or {})
    body = {"account": username, "password": PASSWORD, "captcha_id": str(made.pk), "captcha": answer}
    return api.post("/identity/sign-in", body)


def refused(answer: Any, code: str = "certificate.refused") -> str:
    """The sentence of a refusal that opened nothing."""
    assert (answer.status_code, answer.json()["code"]) == (403, code), answer.content
    assert "anju_staff" not in answer.cookies
    assert AuditEntry.objects.filter(action="sign_in_failed", detail__why=answer.json()["message"]).exists()
    return str(answer.json()["message"])


@pytest.mark.covers("SH-233.1", "SH-234.1")
@pytest.mark.parametrize("policy", ["all", "kind:city", "role:none, all"])
def test_an_account_that_needs_a_certificate_has_no_way_round(
    account: Account, medium: Medium, settings: Any, policy: str
) -> None:
    assert enter().status_code == 200, "no policy, no certificate"
    settings.ANJU_CERTIFICATES = policy
    refused(enter(), "certificate.required")
    assert enter(headers=medium.headers("zhoumin")).status_code == 200


def test_a_class_that_is_not_named_signs_in_as_before(account: Account, settings: Any) -> None:
    settings.ANJU_CERTIFICATES = "kind:operator, role:auditor"
    assert enter().status_code == 200


@pytest.mark.covers("SH-233.1", "SH-234.1")
def test_the_bound_certificate_opens_only_its_own_account(
    account: Account, medium: Medium, keeper: Actor, city: Any, settings: Any
) -> None:
    settings.ANJU_CERTIFICATES = "all"
    make_account(username="other", name="何平", organisation=city, roles=[], password=PASSWORD)
    assert "没有绑定到这个账号" in refused(enter("other", medium.headers("other")))
    assert "签名不符" in refused(enter("zhoumin", medium.headers("other")))
    unbound = Medium()
    unbound.content = forged(unbound.public, key=authority.KEY)
    assert "没有绑定" in refused(enter(headers=unbound.headers("zhoumin")))


def forged(public: bytes, *, key: str, start: int = -1, end: int = 30, holder: str = "周敏（zhoumin）") -> bytes:
    """A certificate that says it is from our authority, signed with some key."""
    moment = datetime.now(UTC).replace(microsecond=0)
    return x509.build(
        holder=holder, unit="澜州市", issuer=authority.own().holder, public=public, key=key,
        serial=authority.fresh_serial(), period=(moment + timedelta(days=start), moment + timedelta(days=end)),
    )  # fmt: skip


@pytest.mark.covers("SH-233.1", "SH-234.1")
def test_forged_expired_and_revoked_certificates_stay_outside(
    account: Account, medium: Medium, keeper: Actor, settings: Any
) -> None:
    settings.ANJU_CERTIFICATES = "all"
    row = UserCertificate.objects.get()
    false = Medium()
    false.content = forged(false.public, key="stranger")
    # even where somebody wrote the forged one into the table of bindings
    UserCertificate.objects.create(
        account_id=account.pk, account_name="zhoumin", holder="周敏", subject=row.subject, issuer=row.issuer, serial="1",
        fingerprint=x509.read(false.content).fingerprint, not_before=row.not_before, not_after=row.not_after,
        content=false.content,
    )  # fmt: skip
    assert "不是受信任的机构签发" in refused(enter(headers=false.headers("zhoumin")))
    old = Medium()
    old.content = forged(old.public, key=authority.KEY, start=-30, end=-1)
    UserCertificate.objects.create(
        account_id=account.pk, account_name="zhoumin", holder="周敏", subject=row.subject, issuer=row.issuer, serial="2",
        fingerprint=x509.read(old.content).fingerprint, not_before=row.not_before, not_after=row.not_after,
        content=old.content,
    )  # fmt: skip
    assert "有效期" in refused(enter(headers=old.headers("zhoumin")))
    tampered = Medium()
    tampered.public, tampered.private = medium.public, medium.private
    tampered.content = medium.content.replace("周敏".encode(), "周民".encode())
    assert tampered.content != medium.content
    refused(enter(headers=tampered.headers("zhoumin")))
    assert enter(headers=medium.headers("zhoumin")).status_code == 200
    revoke(actor=keeper, certificate=row, reason="介质遗失")
    assert Session.objects.filter(account_id=account.pk, ended_at__isnull=True).count() == 0
    assert "吊销" in refused(enter(headers=medium.headers("zhoumin")))


@pytest.mark.covers("SH-233.1")
def test_a_challenge_serves_once_and_for_two_minutes(account: Account, medium: Medium, settings: Any) -> None:
    settings.ANJU_CERTIFICATES = "all"
    headers = medium.headers("zhoumin")
    assert enter(headers=headers).status_code == 200
    assert "随机数" in refused(enter(headers=headers))
    late = medium.headers("zhoumin")
    CertificateChallenge.objects.filter(used_at=None).update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    refused(enter(headers=late))
    without_key = medium.headers("zhoumin") | {"X-Certificate-Signature": base64.b64encode(b"0" * 70).decode()}
    refused(enter(headers=without_key))


@pytest.mark.parametrize("junk", ["", "%%%", "AAAA", base64.b64encode(b"\x30\x82" + bytes(5000)).decode()])
def test_junk_is_refused_with_a_sentence(account: Account, medium: Medium, settings: Any, junk: str) -> None:
    settings.ANJU_CERTIFICATES = "all"
    good = medium.headers("zhoumin")
    for header in ("X-Certificate", "X-Certificate-Signature", "X-Certificate-Challenge"):
        answer = enter(headers=good | {header: junk})
        assert (answer.status_code, "anju_staff" in answer.cookies) == (403, False)


@pytest.fixture
def gateway(settings: Any, tmp_path: Path) -> dict[str, Any]:
    """A security gateway with a site certificate that our authority issued."""
    public, private = sm2.generate()
    path = tmp_path / "site.der"
    path.write_bytes(forged(public, key=authority.KEY, holder="gateway.example.gov.cn"))
    settings.ANJU_GATEWAY_CERTIFICATE, settings.ANJU_GATEWAY_ADDRESSES = str(path), ["127.0.0.1"]
    settings.ANJU_CERTIFICATES = "all"
    return {"public": public, "private": private}


def passed_on(gateway: dict[str, Any], medium: Medium, username: str, at: int | None = None) -> dict[str, str]:
    given, moment, once = base64.b64encode(medium.content).decode(), str(at or int(time.time())), str(uuid.uuid4())
    text = checking.gateway_text(given, moment, once, username)
    signature = sm2.sign(gateway["public"], gateway["private"], text)
    return {
        "X-Gateway-Certificate": given, "X-Gateway-At": moment, "X-Gateway-Once": once,
        "X-Gateway-Signature": base64.b64encode(signature).decode(),
    }  # fmt: skip


@pytest.mark.covers("SH-233.1", "SH-234.1")
def test_through_the_gateway_with_user_and_site_certificate(
    account: Account, medium: Medium, gateway: dict[str, Any], settings: Any, tmp_path: Path
) -> None:
    headers = passed_on(gateway, medium, "zhoumin")
    assert enter(headers=headers).status_code == 200
    assert "已被使用" in refused(enter(headers=headers))
    assert "过时" in refused(enter(headers=passed_on(gateway, medium, "zhoumin", int(time.time()) - 600)))
    assert "站点签名" in refused(enter(headers=passed_on(gateway, medium, "other")))
    public, private = sm2.generate()
    stranger = {"public": public, "private": private}
    assert "站点签名" in refused(enter(headers=passed_on(stranger, medium, "zhoumin")))
    settings.ANJU_GATEWAY_ADDRESSES = ["192.0.2.1"]
    assert "网关" in refused(enter(headers=passed_on(gateway, medium, "zhoumin")))
    settings.ANJU_GATEWAY_ADDRESSES = ["127.0.0.1"]
    Path(settings.ANJU_GATEWAY_CERTIFICATE).write_bytes(forged(gateway["public"], key="stranger", holder="site"))
    refused(enter(headers=passed_on(gateway, medium, "zhoumin")))


@pytest.mark.covers("SH-234.1")
def test_the_citys_own_authority_is_trusted_by_configuration(
    account: Account, keeper: Actor, client_as: Any, settings: Any, tmp_path: Path
) -> None:
    settings.ANJU_CERTIFICATES = "all"
    moment = datetime.now(UTC).replace(microsecond=0)
    period = (moment - timedelta(days=1), moment + timedelta(days=90))
    root = x509.build(
        holder="澜州市电子政务证书中心", unit="澜州市", issuer="澜州市电子政务证书中心", public=service().public_key("citys_ca"),
        key="citys_ca", serial=7, period=period, authority=True,
    )  # fmt: skip
    medium = Medium()
    medium.content = x509.build(
        holder="周敏",
        unit="澜州市",
        issuer="澜州市电子政务证书中心",
        public=medium.public,
        key="citys_ca",
        serial=8,
        period=period,
    )
    path = f"/trust/accounts/{account.pk}/certificates"
    shown = {"certificate": base64.b64encode(medium.content).decode()}
    answer = client_as(keeper).post(path, shown)
    assert (answer.status_code, answer.json()["code"]) == (422, "certificate.untrusted")
    assert not UserCertificate.objects.exists()
    settings.ANJU_TRUSTED_CAS = str(tmp_path / "cas")
    (tmp_path / "cas").mkdir()
    (tmp_path / "cas" / "root.der").write_bytes(root)
    assert client_as(keeper).post(path, shown).status_code == 200
    assert client_as(keeper).post(path, shown).json()["code"] == "certificate.bound"
    assert enter(headers=medium.headers("zhoumin")).status_code == 200


def test_binding_needs_the_right_and_another_person(
    account: Account, staff: Any, client_as: Any, keeper: Actor
) -> None:
    path, public = f"/trust/accounts/{account.pk}/certificates/issue", base64.b64encode(sm2.generate()[0]).decode()
    assert client_as(staff("cases.case.view")).post(path, {"public_key": public}).status_code == 403
    own = f"/trust/accounts/{keeper.id}/certificates/issue"
    assert client_as(keeper).post(own, {"public_key": public}).json()["code"] == "certificate.own"
    assert client_as(keeper).post(path, {"public_key": "AAAA"}).json()["code"] == "certificate.wrong_key"
    assert not UserCertificate.objects.exists()
    answer = client_as(keeper).post(path, {"public_key": public})
    assert answer.status_code == 200
    assert x509.read(base64.b64decode(answer.json()["certificate"])).public == base64.b64decode(public)


@pytest.mark.covers("SH-233.8")
def test_all_of_it_on_the_http_service(account: Account, keeper: Actor, sandbox: Sandbox, settings: Any) -> None:
    settings.ANJU_CRYPTO_URL, settings.ANJU_CERTIFICATES = f"{sandbox.url}/crypto", "all"
    _remote.cache_clear()
    medium = Medium()
    medium.content = bytes(issue(actor=keeper, account_id=account.pk, public=medium.public).content)
    assert enter(headers=medium.headers("zhoumin")).status_code == 200
    headers = medium.headers("zhoumin")
    sandbox.behave("crypto", "garbage", kind="shape")
    answer = enter_without_reading_the_captcha(headers)
    assert answer.status_code == 503
    assert "anju_staff" not in answer.cookies


def enter_without_reading_the_captcha(headers: dict[str, str]) -> Any:
    """A sign-in whose captcha cannot be read either, for the service answers nonsense."""
    api = Api("office")
    api.headers = api.headers | headers
    number = str(uuid.uuid4())
    Captcha.objects.create(
        pk=number, answer=b"\x80\x01\x00" + bytes(40), expires_at=datetime.now(UTC) + timedelta(minutes=5)
    )
    body = {"account": "zhoumin", "password": PASSWORD, "captcha_id": number, "captcha": "ABCD"}
    return api.post("/identity/sign-in", body)
