"""One service behind one interface: the same acts on local keys and over HTTP, switched by settings alone."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connection, models, transaction

from anju.kernel.crypto import (
    CryptoGarbage,
    CryptoRefused,
    CryptoUnavailable,
    EncryptedText,
    Unreadable,
    blind,
    open_bytes,
    open_text,
    reseal,
    seal_bytes,
    seal_text,
    service,
    sm3,
    version_of,
)
from anju.kernel.crypto.provider import REMOTE, _remote
from anju.kernel.errors import DomainError
from tests.sandbox_fixture import Sandbox

NUMBER = "339901199003071234"


@pytest.fixture
def remote(sandbox: Sandbox, settings: Any, tmp_path: Path) -> Sandbox:
    """The platform configured to use the sandbox's service, without a keyring of its own."""
    settings.ANJU_SECRETS = tmp_path / "secrets"
    settings.ANJU_CRYPTO_URL = f"{sandbox.url}/crypto"
    _remote.cache_clear()
    return sandbox


@pytest.fixture(params=["local", "http"])
def either(request: pytest.FixtureRequest) -> str:
    """Each service in turn."""
    if request.param == "http":
        request.getfixturevalue("remote")
    else:
        request.getfixturevalue("settings").ANJU_SECRETS = request.getfixturevalue("tmp_path") / "secrets"
    return str(request.param)


@pytest.mark.covers("SH-233.8", "SH-234.8")
@pytest.mark.django_db
def test_every_act_on_either_service(either: str, settings: Any) -> None:
    assert service().name == either
    sealed = seal_text("张三")
    assert open_text(sealed) == "张三"
    assert "张三".encode() not in sealed
    large = bytes(range(256)) * 400
    assert open_bytes(seal_bytes(large)) == large
    assert blind(f" {NUMBER} ") == blind(NUMBER) != blind("339901199003071235")
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    signature = service().sign("probe", b"content")
    assert service().verify("probe", b"content", signature)
    assert not service().verify("probe", b"changed", signature)
    assert not service().verify("other", b"content", signature)
    assert service().verify_with(service().public_key("probe"), b"content", signature)
    assert not service().verify_with(service().public_key("other"), b"content", signature)
    keys = settings.ANJU_SECRETS
    assert keys.exists() == (either == "local"), "the HTTP service leaves no key on this machine"


@pytest.mark.django_db
def test_what_was_changed_is_opened_by_neither(either: str) -> None:
    for sealed in (seal_text("x" * 10), seal_bytes(b"y" * 9000)):
        purpose = "text" if len(sealed) < 200 else "file"
        for position in (5, 40, len(sealed) // 2, len(sealed) - 1):
            if position < len(sealed):
                changed = bytearray(sealed)
                changed[position] ^= 1
                with pytest.raises((Unreadable, CryptoGarbage)):
                    open_bytes(bytes(changed), purpose=purpose)
    with pytest.raises(Unreadable):
        open_bytes(seal_text("一")[:3], purpose="text")


@pytest.mark.covers("SH-233.8", "SH-234.8")
def test_a_change_of_the_setting_leaves_old_values_readable(remote: Sandbox, settings: Any) -> None:
    url, settings.ANJU_CRYPTO_URL = settings.ANJU_CRYPTO_URL, ""
    before = [seal_text("一"), seal_text("二")]
    settings.ANJU_CRYPTO_URL = url
    assert [open_text(each) for each in before] == ["一", "二"]
    moved = reseal([*before, seal_text("三")], purpose="text")
    assert [open_text(each) for each in moved] == ["一", "二", "三"]
    assert all(version_of(each) & REMOTE for each in moved)
    settings.ANJU_CRYPTO_URL = ""
    with pytest.raises(CryptoUnavailable):
        open_text(moved[0])


def test_the_services_keys_are_renewed_there_and_old_values_open(remote: Sandbox) -> None:
    old = seal_text("一")
    version = remote.tell("/control/crypto/renew", {})["version"]
    new = seal_text("一")
    assert version_of(new) == REMOTE | version == version_of(old) + 1
    assert open_text(old) == open_text(new) == "一"


@pytest.mark.parametrize("mode", ["fail", "silent"])
@pytest.mark.covers("SH-233.8")
def test_a_service_that_is_down_stops_the_act_with_a_sentence(remote: Sandbox, settings: Any, mode: str) -> None:
    settings.ANJU_CRYPTO_TIMEOUT = 0.3
    sealed = seal_text("一")
    remote.behave("crypto", mode, seconds=2)
    for act in (
        lambda: seal_text("二"),
        lambda: open_text(sealed),
        lambda: blind("1"),
        lambda: service().sign("a", b""),
    ):
        with pytest.raises(CryptoUnavailable) as refusal:
            act()
        assert (refusal.value.status, refusal.value.code) == (503, "crypto.unavailable")
        assert "密码服务" in refusal.value.message
        assert refusal.value.advice


@pytest.mark.parametrize("kind", ["page", "cut", "unsigned", "shape", "foreign"])
def test_garbage_is_not_used(remote: Sandbox, kind: str) -> None:
    sealed, signature = seal_text("一"), service().sign("probe", b"content")
    remote.behave("crypto", "garbage", kind=kind)
    for act in (
        lambda: seal_text("二"),
        lambda: open_text(sealed),
        lambda: service().sign("probe", b""),
        lambda: service().verify("probe", b"content", signature),
        lambda: service().version(),
    ):
        with pytest.raises(CryptoGarbage):
            act()


def test_a_wrong_secret_is_refused(remote: Sandbox, settings: Any) -> None:
    settings.ANJU_CRYPTO_SECRET = "not ours"
    with pytest.raises(CryptoRefused):
        seal_text("一")


class Paper(models.Model):
    """A table with a sealed column, made for the test."""

    text = EncryptedText("text")

    class Meta:
        app_label = "audit"
        db_table = "crypto_paper"


def test_nothing_half_done_when_the_service_dies_between_two_values(remote: Sandbox) -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Paper)
    kept = Paper.objects.create(text="一")
    remote.behave("crypto", "fail")
    with pytest.raises(DomainError), transaction.atomic():
        Paper.objects.bulk_create([Paper(text="二"), Paper(text="三")])
    with pytest.raises(DomainError), transaction.atomic():
        Paper.objects.update(text="四")
    remote.behave("crypto", "ok")
    _rested()
    assert list(Paper.objects.values_list("pk", "text")) == [(kept.pk, "一")]


def _rested() -> None:
    service()._rests_until = 0.0  # type: ignore[attr-defined]


def test_the_number_of_a_query_serves_once(remote: Sandbox, settings: Any) -> None:

    from anju.kernel.crypto.remote import signature_of

    body, at, once = b'{"items":["' + base64.b64encode(b"x") + b'"]}', str(int(time.time())), "1" * 32
    secret = settings.ANJU_CRYPTO_SECRET.encode()
    headers = {
        "X-Crypto-App": "anju", "X-Crypto-At": at, "X-Crypto-Once": once,
        "X-Crypto-Signature": signature_of(secret, b"mac", b"anju", at.encode(), once.encode(), body).decode(),
    }  # fmt: skip
    url = f"{settings.ANJU_CRYPTO_URL}/v1/mac"
    statuses = [httpx.post(url, content=body, headers=headers, trust_env=False).status_code for _ in range(2)]
    assert statuses == [200, 401]
