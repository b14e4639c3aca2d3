"""Whoever calls proves who he is at each call; what was changed, repeated or late is refused and has no effect."""

from __future__ import annotations

import base64
import secrets
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from anju.gateway.credentials import issue, revoke, rotate
from anju.gateway.models import AccessToken, Call, Credential, Party
from anju.gateway.signing import Signed, sign
from anju.identity.models import Organisation
from anju.identity.sessions import COOKIES
from anju.kernel import clock
from anju.kernel.errors import DomainError
from anju.kernel.scope import system
from anju.supply.models import Operator
from tests.conftest import Api
from tests.gateway.kit import UNITS, Bearer, Caller, Signer, ask_token, party
from tests.supply.samples import make_supply

Offices = tuple[Organisation, Organisation]
OPERATORS = "/registers/supply.operators/rows"
NEW = {"values": {"code": "NEW-1", "name": "新机构", "division": "339901"}}


@pytest.fixture
def here(offices: Offices) -> Party:
    """A party of 江湾 that may look after operators and units."""
    make_supply("A", offices[0].path, "339901")
    return party("huidong", offices[0], "units", "operators")


def refused(answer: Any) -> bool:
    """Whether a call was refused as from somebody unknown; the answer says nothing of what was wrong."""
    told = answer.json()
    return answer.status_code == 401 and (told["code"], told["details"]) == ("party.unauthenticated", {})


@pytest.mark.covers("SH-230.2")
@pytest.mark.parametrize("kind", ["hmac", "sm2"])
def test_a_signed_request_is_let_in_at_each_call(here: Party, kind: str) -> None:
    caller = Signer(here, kind)
    for _ in range(2):
        answer = caller.get(UNITS, limit=5, q="A")
        assert answer.status_code == 200, answer.content
    assert [row["code"] for row in answer.json()["rows"]] == ["A-0101"]


@pytest.mark.covers("SH-230.2")
def test_a_client_gets_a_token_and_calls_with_it(here: Party) -> None:
    caller = Bearer(here)
    told = caller.answer.json()
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("Bearer", 1800, "operators units")
    assert caller.get(UNITS).status_code == 200
    assert not AccessToken.objects.filter(digest=caller.token.encode()).exists(), "only a digest is kept"
    by_header = Client().post(
        "/api/open/token", "grant_type=client_credentials", content_type="application/x-www-form-urlencoded",
        headers={"Authorization": "Basic " + base64.b64encode(f"{caller.key_id}:{caller.secret}".encode()).decode()},
    )  # fmt: skip
    assert by_header.status_code == 200


@pytest.mark.covers("SH-230.2")
def test_an_unknown_system_is_refused(here: Party, offices: Offices) -> None:
    caller = Bearer(here)
    for secret, key in ((caller.secret + "x", caller.key_id), (caller.secret, "ac_nobody"), ("", caller.key_id)):
        answer = ask_token(Client(), key, secret)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    caller.token = "nobody-has-this-token"
    assert refused(caller.get(UNITS))
    stranger = Signer(here, "hmac")
    stranger.key_id = "ah_nobody"
    assert refused(stranger.get(UNITS))


@pytest.mark.parametrize("kind", ["hmac", "sm2"])
def test_a_request_changed_on_its_way_is_refused(here: Party, kind: str) -> None:
    caller, content = Signer(here, kind), b'{"values":{"code":"NEW-1","name":"X","division":"339901"}}'
    before = Operator.objects.count()

    def signed() -> str:
        return caller.authorization("POST", f"/api{OPERATORS}", "note=1", content)

    changed = {
        "body": ("POST", OPERATORS, "note=1", content.replace(b"X", b"Y")),
        "query": ("POST", OPERATORS, "note=2", content),
        "more query": ("POST", OPERATORS, "note=1&q=1", content),
        "path": ("POST", "/registers/supply.estates/rows", "note=1", content),
        "method": ("PATCH", f"{OPERATORS}", "note=1", content),
    }
    for what, sent in changed.items():
        assert refused(caller.send(*sent, signed())), what
    for part in ("timestamp", "nonce", "key"):
        read = Signed.read(signed())
        other = {"timestamp": read.timestamp + 1, "nonce": secrets.token_urlsafe(18), "key_id": "ah_other"}
        field = {"key": "key_id"}.get(part, part)
        altered = Signed(**(read.__dict__ | {field: other[field]})).header()
        assert refused(caller.send("POST", OPERATORS, "note=1", content, altered)), part
    assert Operator.objects.count() == before


@pytest.mark.parametrize("kind", ["hmac", "sm2"])
def test_a_request_is_used_once(here: Party, kind: str) -> None:
    caller, content = Signer(here, kind), str.encode('{"values":{"code":"NEW-1","name":"新机构","division":"339901"}}')
    header = caller.authorization("POST", f"/api{OPERATORS}", "", content)
    first = caller.send("POST", OPERATORS, "", content, header)
    assert first.status_code == 200, first.content
    before = Operator.objects.count()
    assert refused(caller.send("POST", OPERATORS, "", content, header))
    assert Operator.objects.count() == before
    assert list(Call.objects.order_by("id").values_list("result", flat=True)) == ["ok", "replayed"]


def test_a_header_that_no_signature_covers_changes_no_signed_request(here: Party) -> None:
    """Whoever stands between could otherwise make a signed list search for something else."""
    signer, bearer = Signer(here, "hmac"), Bearer(here)
    header = signer.authorization("GET", f"/api{UNITS}", "", b"")
    changed = Client().get(f"/api{UNITS}", headers={"Authorization": header, "X-Anju-Search": "A-0101"})
    assert refused(changed)
    told = Client().get(f"/api{UNITS}", headers={"Authorization": f"Bearer {bearer.token}", "X-Anju-Search": "nothing"})
    assert (told.status_code, told.json()["rows"]) == (200, [])


def test_without_its_database_the_door_says_so_and_lets_nobody_in(here: Party) -> None:
    caller = Bearer(here)
    with connection.cursor() as cursor:
        cursor.execute("ALTER FUNCTION gateway_admit RENAME TO gateway_away")
        cursor.execute(
            "CREATE FUNCTION gateway_admit(bytea, text, text, text, text, timestamptz, date) RETURNS integer"
            " LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'away' USING ERRCODE = '57P01'; END $$"
        )
    with transaction.atomic():
        answer = caller.get(UNITS)
        transaction.set_rollback(True)
    assert (answer.status_code, answer.json()["code"]) == (503, "server.database")


def test_a_failed_forgery_does_not_use_up_the_word_of_another(here: Party) -> None:
    caller = Signer(here, "hmac")
    header = caller.authorization("GET", f"/api{UNITS}", "", b"")
    forged = header[:-6] + ('AAA="' if header[-6:-2] != "AAA=" else 'BBB="')
    assert refused(caller.send("GET", UNITS, "", b"", forged))
    assert caller.send("GET", UNITS, "", b"", header).status_code == 200


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_a_clock_that_is_off_is_refused(here: Party, seconds: int) -> None:
    caller = Signer(here, "hmac")
    caller.shift = seconds
    assert refused(caller.get(UNITS))
    assert Call.objects.get().result == "time"
    caller.shift = 290 if seconds > 0 else -290
    assert caller.get(UNITS).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "ANJU-HMAC-SM3", "ANJU-HMAC-SM3 ", "ANJU-HMAC-SM3 key=x", 'ANJU-HMAC-SM3 key="a",key="b"', "ANJU-SM2-SM3 " + "x" * 9000,
        'ANJU-HMAC-SM3 key="a",timestamp="1","nonce"="b",signature="c"',
        'ANJU-HMAC-SM3 key="a",timestamp="1763700000",nonce="short",signature="AAAA"',
        'ANJU-HMAC-SM3 key="a",timestamp="1763700000",nonce="abcdefghijklmnop",signature="不是"',
        'ANJU-SM2-SM3 key="a",timestamp="١٧٦٣٧٠٠٠٠٠",nonce="abcdefghijklmnop",signature="AAAA"',
        "Bearer", "Bearer ", "Bearer \x01", "Bearer " + "a" * 5000,
    ],
)  # fmt: skip
def test_a_malformed_header_is_refused(here: Party, header: str) -> None:
    assert refused(Caller().send("GET", UNITS, "", b"", header))


def test_a_malformed_sm2_signature_is_refused(here: Party) -> None:
    caller = Signer(here, "sm2")
    for signature in (b"", b"0", b"\x30\x00", b"\x30\x80" + b"\xff" * 70, secrets.token_bytes(64), bytes(72)):
        read = Signed.read(caller.authorization("GET", f"/api{UNITS}", "", b""))
        header = Signed(read.scheme, read.key_id, read.timestamp, read.nonce, signature or b"x").header()
        assert refused(caller.send("GET", UNITS, "", b"", header))


def test_the_keys_of_one_kind_do_not_serve_for_another(here: Party) -> None:
    hmac_caller, sm2_caller = Signer(here, "hmac"), Signer(here, "sm2")
    now = int(time.time())
    mixed = sign(
        scheme="ANJU-HMAC-SM3", key_id=sm2_caller.key_id, key="", method="GET", path=f"/api{UNITS}", query="",
        content=b"", timestamp=now, nonce=secrets.token_urlsafe(18),
    )  # fmt: skip
    assert refused(hmac_caller.send("GET", UNITS, "", b"", mixed.header()))


@pytest.mark.covers("SH-230.4")
def test_a_stopped_party_is_refused_at_the_next_call(here: Party) -> None:
    bearer, signer = Bearer(here), Signer(here, "hmac")
    assert [bearer.get(UNITS).status_code, signer.get(UNITS).status_code] == [200, 200]
    Party.objects.filter(pk=here.pk).update(state="stopped")
    assert refused(bearer.get(UNITS))
    assert refused(signer.get(UNITS))
    assert ask_token(Client(), bearer.key_id, bearer.secret).status_code == 401
    Party.objects.filter(pk=here.pk).update(state="active", ends_on=clock.today() - timedelta(days=1))
    assert refused(bearer.get(UNITS))
    Party.objects.filter(pk=here.pk).update(ends_on=None)
    assert bearer.get(UNITS).status_code == 200
    Organisation.objects.filter(pk=here.organisation_id).update(active=False)
    assert refused(bearer.get(UNITS))


def test_a_token_ends(here: Party) -> None:
    bearer = Bearer(here)
    AccessToken.objects.update(expires_at=clock.real_now() - timedelta(seconds=1))
    assert refused(bearer.get(UNITS))


def test_a_client_ends_its_own_token_and_nobody_elses(here: Party, offices: Offices) -> None:
    mine, other = Bearer(here), Bearer(party("other", offices[1], "units"))

    def end(caller: Bearer, token: str) -> int:
        form = {"token": token, "client_id": caller.key_id, "client_secret": caller.secret}
        return int(Client().post("/api/open/token/revoke", form).status_code)

    assert end(other, mine.token) == 200
    assert mine.get(UNITS).status_code == 200
    assert end(mine, mine.token) == 200
    assert refused(mine.get(UNITS))


@pytest.mark.covers("SH-230.4")
def test_keys_are_changed_without_a_gap(here: Party) -> None:
    old = Bearer(here)
    fresh = rotate(actor=system(), credential=old.credential)
    assert ask_token(Client(), old.key_id, old.secret).status_code == 200, "the old key serves while both are valid"
    assert ask_token(Client(), fresh.credential.key_id, fresh.secret).status_code == 200
    assert old.get(UNITS).status_code == 200
    with pytest.raises(DomainError, match=r"gateway\.two_credentials"):
        issue(actor=system(), party=here, kind="client")
    Credential.objects.filter(pk=old.credential.pk).update(
        starts_at=clock.real_now() - timedelta(days=2), ends_at=clock.real_now() - timedelta(days=1)
    )
    assert refused(old.get(UNITS)), "after its end the old key's tokens end too"
    assert ask_token(Client(), old.key_id, old.secret).status_code == 401
    assert issue(actor=system(), party=here, kind="client").credential.slot == old.credential.slot


def test_a_revoked_key_is_refused_at_the_next_call(here: Party) -> None:
    signer, bearer = Signer(here, "hmac"), Bearer(here)
    assert signer.get(UNITS).status_code == 200
    revoke(actor=system(), credential=signer.credential)
    revoke(actor=system(), credential=bearer.credential)
    assert refused(signer.get(UNITS))
    assert refused(bearer.get(UNITS))


@pytest.mark.parametrize("key", ["", "zz", "00" * 64, "11" * 64, "04" + "ab" * 64])
def test_a_public_key_that_is_none_is_not_taken(here: Party, key: str) -> None:
    with pytest.raises(DomainError):
        issue(actor=system(), party=here, kind="sm2", public_key=key)
    assert not Credential.objects.exists()


def test_credentials_do_not_open_the_door_for_a_browser(here: Party, staff: Any, client_as: Any) -> None:
    """A page of another site must not act in the name of whoever is signed in, whatever header it can add."""
    api: Api = client_as(staff("supply.operator.create", "supply.operator.view", reach="all"))
    bearer, before = Bearer(here), Operator.objects.count()
    cookie = f"{COOKIES['staff']}={api.client.cookies[COOKIES['staff']].value}"
    for header in (f"Bearer {bearer.token}", "Bearer x", "Basic eDp5", "ANJU-HMAC-SM3 x"):
        answer = Client().post(
            f"/api{OPERATORS}",
            NEW,
            content_type="application/json",
            headers={"Authorization": header, "Cookie": cookie},
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "request.foreign"), header
        answer = Client().get(f"/api{UNITS}", headers={"Authorization": header, "Cookie": cookie})
        assert answer.status_code == (400 if header.partition(" ")[0] != "Basic" else 403)
    no_cookie = Client().post(
        f"/api{OPERATORS}", NEW, content_type="application/json", headers={"Authorization": "Basic eDp5"}
    )
    assert no_cookie.json()["code"] == "request.foreign"
    assert Operator.objects.count() == before
