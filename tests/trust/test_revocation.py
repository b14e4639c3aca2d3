"""Revocation lists of authorities: fetched, believed only when signed and not older, and looked at when one signs in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from anju.identity.models import Account
from anju.kernel.audit.models import AuditEntry
from anju.kernel.scope import Actor
from anju.trust.certificates import authority, revocation, x509
from anju.trust.certificates.binding import NotTrusted, bind
from anju.trust.models import RevocationList
from tests.sandbox_fixture import Sandbox
from tests.trust.test_certificates import Medium, account, enter, keeper, medium, refused

__all__ = ["account", "keeper", "medium"]
pytestmark = pytest.mark.django_db


def made(serials: list[int], *, key: str = authority.KEY, start: int = -1, end: int = 1) -> bytes:
    """A list of our authority's, from some hours ago until some hours from now."""
    now = datetime.now(UTC).replace(microsecond=0)
    period = (now + timedelta(hours=start), now + timedelta(hours=end))
    return revocation.build(issuer=authority.own(), key=key, serials=serials, period=period)


@pytest.fixture
def publish(sandbox: Sandbox, settings: Any) -> Any:
    """The authority publishes a list; the platform fetches it."""
    settings.ANJU_REVOCATION_LISTS = [f"{sandbox.url}/ca/revoked.crl"]

    def put(content: bytes) -> None:
        httpx.put(f"{sandbox.url}/ca/revoked.crl", content=content, trust_env=False).raise_for_status()
        revocation.fetch()

    return put


def alarms() -> list[str]:
    return list(AuditEntry.objects.filter(action="alarm").order_by("id").values_list("title", flat=True))


@pytest.mark.covers("SH-233.1", "SH-234.1")
def test_what_its_authority_revoked_neither_signs_in_nor_is_bound(
    account: Account, medium: Medium, keeper: Actor, publish: Any, settings: Any
) -> None:
    settings.ANJU_CERTIFICATES = "all"
    publish(made([1, 2]))
    assert enter(headers=medium.headers("zhoumin")).status_code == 200
    publish(made([1, int(x509.read(medium.content).serial, 16)]))
    assert "已被签发机构吊销" in refused(enter(headers=medium.headers("zhoumin")))
    with pytest.raises(NotTrusted) as told:
        bind(actor=keeper, account_id=account.pk, content=medium.content)
    assert told.value.code == "certificate.revoked_by_issuer"
    assert alarms() == []


@pytest.mark.parametrize("content", [b"nothing", b"\x30\x80\x00"])
def test_what_is_no_list_is_not_taken(publish: Any, content: bytes) -> None:
    publish(content)
    assert not RevocationList.objects.exists()
    assert alarms() == ["证书吊销列表还没有取到过：不是受信任机构签发的证书吊销列表"]


def test_a_forged_or_older_list_changes_nothing_and_one_out_of_date_is_an_alarm(publish: Any) -> None:
    publish(made([7]))
    publish(made([], key="stranger"))
    publish(made([], start=-2))
    assert RevocationList.objects.get().serials == ["7"]
    assert alarms() == []
    RevocationList.objects.update(valid_until=datetime.now(UTC) - timedelta(minutes=1))
    publish(made([], key="stranger"))
    assert alarms() == ["证书吊销列表已过有效期：不是受信任机构签发的证书吊销列表"]
    publish(made([8], start=0))
    assert RevocationList.objects.get().serials == ["8"]
    publish(made([], start=0))
    assert RevocationList.objects.get().serials == []
    assert len(alarms()) == 1
