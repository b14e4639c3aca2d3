"""Keys renewed while everybody goes on: every sealed column and file moves, nothing is lost, a stop is taken up again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from anju.identity.models import Account
from anju.kernel.crypto import Keyring, KeyringDamaged, Unreadable, keyring, open_text, service
from anju.kernel.crypto.provider import REMOTE, _remote
from anju.kernel.files import open_file, store
from anju.kernel.files.blobs import place_of, version_at
from anju.kernel.jobs.models import Job
from anju.kernel.jobs.watched import Cancelled, Context, run
from anju.kernel.scope import Actor, system
from anju.trust import rotation
from tests.sandbox_fixture import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Path, settings: Any) -> None:
    settings.ANJU_SECRETS, settings.ANJU_FILES = tmp_path / "secrets", tmp_path / "files"


@pytest.fixture
def keeper(staff: Any) -> Actor:
    actor: Actor = staff("trust.key.manage")
    return actor


@pytest.fixture
def people(staff: Any) -> dict[int, str]:
    """Accounts with sealed telephones, and two files."""
    told = {staff(name=f"人{n}").id: f"1381234{n:04d}" for n in range(6)}
    for number, phone in told.items():
        Account.objects.filter(pk=number).update(phone=phone)
    return told


def old_values(wanted: int) -> int:
    return sum(
        count for each in rotation.versions() for version, count in each["versions"].items() if version != wanted
    )


@pytest.mark.covers("SH-233.6", "SH-234.6")
def test_renewing_moves_every_value_and_file(people: dict[int, str], keeper: Actor, client_as: Any) -> None:
    file = store(b"content" * 500, name="a.txt", mime="text/plain", actor=system(), purpose="material")
    sealed = place_of(file.address).read_bytes()
    assert b"content" not in sealed
    api = client_as(keeper)
    told = api.post("/trust/keys/renew").json()
    assert told["version"] == 2
    assert api.post("/trust/keys/renew").json()["code"] == "keys.under_way"
    assert old_values(2) > 0
    assert dict(Account.objects.filter(pk__in=people).values_list("pk", "phone")) == people, "readers go on"
    run(job_id=told["job"])
    job = Job.objects.get(pk=told["job"])
    assert (job.state, job.result["version"]) == ("done", 2)
    assert old_values(2) == 0
    assert version_at(file.address) == 2
    assert dict(Account.objects.filter(pk__in=people).values_list("pk", "phone")) == people
    assert open_file(file.pk) == b"content" * 500
    page = api.get("/trust/keys").json()
    assert (page["service"], page["version"], page["files"]) == ("local", 2, {"2": 1})
    phones = next(each for each in page["columns"] if (each["table"], each["column"]) == ("identity_account", "phone"))
    assert set(phones["versions"]) == {"2"}


@pytest.mark.covers("SH-233.6")
def test_the_row_or_the_file_alone_is_unreadable(people: dict[int, str], settings: Any, tmp_path: Path) -> None:
    number, phone = next(iter(people.items()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM identity_account WHERE id = %s", [number])
        sealed = bytes(cursor.fetchone()[0])
    assert phone.encode() not in sealed
    assert open_text(sealed) == phone
    settings.ANJU_SECRETS = tmp_path / "another"
    with pytest.raises(Unreadable):
        open_text(sealed)


def test_a_cancelled_rotation_is_taken_up_again(
    people: dict[int, str], keeper: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "PORTION", 2)
    rotation.renew()
    context = Context(Job.objects.create(kind="trust.rotate", title="", params={}, actor_ref=keeper.ref, actor={
        "kind": "staff", "id": keeper.id, "grants": {}}))  # fmt: skip
    stops = iter([None, Cancelled()])

    def stop() -> None:
        if (error := next(stops, None)) is not None:
            raise error

    monkeypatch.setattr(context, "raise_if_cancelled", stop)
    with pytest.raises(Cancelled):
        rotation.rotate(context)
    left = old_values(2)
    assert left > 0
    monkeypatch.setattr(context, "raise_if_cancelled", lambda: None)
    rotation.rotate(context)
    assert old_values(2) == 0
    assert dict(Account.objects.filter(pk__in=people).values_list("pk", "phone")) == people


@pytest.mark.covers("SH-233.8", "SH-234.8", "SH-234.6")
def test_another_service_takes_over_what_the_former_keys_sealed(
    people: dict[int, str], keeper: Actor, sandbox: Sandbox, settings: Any, client_as: Any
) -> None:
    file = store(b"content" * 2000, name="a.txt", mime="text/plain", actor=system(), purpose="material")
    settings.ANJU_CRYPTO_URL = f"{sandbox.url}/crypto"
    _remote.cache_clear()
    job = client_as(keeper).post("/trust/keys/rotate").json()["job"]
    run(job_id=job)
    wanted = service().version()
    assert wanted & REMOTE
    assert old_values(wanted) == 0
    assert version_at(file.address) == wanted
    (settings.ANJU_SECRETS / "keyring.json").unlink()
    keyring.__globals__["_held"].clear()
    assert dict(Account.objects.filter(pk__in=people).values_list("pk", "phone")) == people
    assert open_file(file.pk) == b"content" * 2000


def test_a_service_that_dies_midway_leaves_every_value_whole(
    people: dict[int, str], keeper: Actor, sandbox: Sandbox, settings: Any, client_as: Any
) -> None:
    settings.ANJU_CRYPTO_URL = f"{sandbox.url}/crypto"
    _remote.cache_clear()
    job = client_as(keeper).post("/trust/keys/rotate").json()["job"]
    sandbox.behave("crypto", "garbage", kind="cut", times=1)
    run(job_id=job)
    told = Job.objects.get(pk=job)
    assert told.state == "failed"
    assert "密码服务" in told.error
    assert dict(Account.objects.filter(pk__in=people).values_list("pk", "phone")) == people


@pytest.mark.covers("SH-233.6")
def test_a_changed_keyring_is_told_as_such(
    people: dict[int, str], keeper: Actor, client_as: Any, settings: Any
) -> None:
    path = settings.ANJU_SECRETS / "keyring.json"
    kept = path.read_bytes()
    Keyring.fresh().save(path)
    keyring.__globals__["_held"].clear()
    with pytest.raises(Unreadable) as refusal:
        list(Account.objects.filter(pk__in=people))
    assert (refusal.value.status, refusal.value.code) == (503, "crypto.unreadable")
    assert "密钥环" in refusal.value.advice
    path.write_bytes(b"{}")
    keyring.__globals__["_held"].clear()
    with pytest.raises(KeyringDamaged):
        list(Account.objects.filter(pk__in=people))
    path.write_bytes(kept)
    keyring.__globals__["_held"].clear()
    assert dict(Account.objects.filter(pk__in=people).values_list("pk", "phone")) == people
