"""Documents: frozen when issued, made once however often and by however many, sealed, verifiable, never rewritten."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.documents import ensure_rendered, may_see, revoke, services, verification
from anju.kernel.documents.guards import _GUARDS
from anju.kernel.documents.models import Document
from anju.kernel.errors import DomainError
from anju.kernel.files import blobs, open_file
from anju.kernel.files.models import StoredFile
from anju.kernel.scope import Actor, Reach
from anju.trust.services import verify_pdf

Issue = Callable[..., Document]


@pytest.fixture
def guarded() -> Any:
    """Resident 3 may see the papers of test cases."""
    may_see("testcase")(lambda actor, number: actor.is_resident and actor.id == 3 and number == "1")
    yield "testcase:1"
    del _GUARDS["testcase"]


def waiting_jobs() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs WHERE task_name = 'documents.render'")
        return [json.loads(row[0]) for row in cursor.fetchall()]


@pytest.mark.django_db
def test_issuing_freezes_the_data_and_asks_for_the_file(issued: Issue) -> None:
    data = {"applicant": "王建华", "submitted_on": date(2026, 11, 3), "organisation": "江湾区住房保障中心"}
    document = issued(data=data)
    assert document.state == "waiting"
    assert document.data["submitted_on"] == "2026-11-03"
    assert (document.holder, document.organisation, document.org_path) == ("王*华", "江湾区住房保障中心", "/1/4/")
    assert len(document.data_digest) == 64
    assert len(document.verify_code) == 16
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM documents_document WHERE id = %s", [document.pk])
        assert "王建华".encode() not in bytes(cursor.fetchone()[0]), "names are sealed at rest"
    assert waiting_jobs() == [{"document_id": document.pk}]


@pytest.mark.django_db
def test_a_paper_that_nobody_issues_is_refused(issued: Issue) -> None:
    with pytest.raises(ValueError, match="organisation"):
        issued(data={"applicant": "王建华"}, actor=Actor(kind="system", name="系统"))


@pytest.mark.django_db
def test_what_is_rolled_back_was_never_issued(issued: Issue) -> None:
    try:
        with transaction.atomic():
            issued()
            raise KeyError
    except KeyError:
        pass
    assert not Document.objects.exists()
    assert waiting_jobs() == []


@pytest.mark.django_db
def test_the_file_is_made_once_and_sealed(issued: Issue) -> None:
    document = ensure_rendered(issued().pk)
    again = ensure_rendered(document.pk)
    assert (document.state, again.file_id) == ("ready", document.file_id)
    assert StoredFile.objects.count() == 1
    assert document.file is not None
    report = verify_pdf(open_file(document.file.pk))
    assert report.intact
    assert report.signer == "江湾区住房保障中心"


@pytest.mark.django_db(transaction=True)
def test_many_asking_at_once_get_the_same_file(issued: Issue) -> None:
    document = issued()

    def ask(_: int) -> int | None:
        try:
            return ensure_rendered(document.pk).file_id
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1
    assert StoredFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_between_row_and_file_leaves_a_paper_that_can_be_made(
    issued: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = issued()

    class Killed(BaseException):
        """Stands for the end of the process: nothing in the code may catch it."""

    def die(*_: Any, **__: Any) -> None:
        raise Killed

    monkeypatch.setattr(services, "store", die)
    with pytest.raises(Killed):
        ensure_rendered(document.pk)
    document.refresh_from_db()
    assert (document.state, document.file_id) == ("waiting", None)
    monkeypatch.undo()
    assert ensure_rendered(document.pk).state == "ready"


@pytest.mark.django_db(transaction=True)
def test_a_failure_is_noted_and_the_next_try_may_succeed(issued: Issue, monkeypatch: pytest.MonkeyPatch) -> None:
    document = issued()

    def fail(_: Document) -> bytes:
        raise OSError("disk full")

    monkeypatch.setattr(services, "make_file", fail)
    with pytest.raises(DomainError, match=r"document\.not_made"):
        ensure_rendered(document.pk)
    document.refresh_from_db()
    assert (document.state, document.failure) == ("failed", "OSError: disk full")
    monkeypatch.undo()
    done = ensure_rendered(document.pk)
    assert (done.state, done.failure) == ("ready", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"number": "1"},
        {"title": "x"},
        {"content": "{}"},
        {"valid_until": date(2099, 1, 1)},
        {"verify_code": "x"},
        {"organisation": "x"},
        {"state": "waiting"},
        {"file": None},
    ],
)
def test_the_database_refuses_to_rewrite_an_issued_paper(issued: Issue, change: dict[str, Any]) -> None:
    document = ensure_rendered(issued().pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        document.delete()


@pytest.mark.django_db
def test_verification_tells_whether_it_is_genuine_and_in_force(issued: Issue) -> None:
    document = issued("qualification_certificate", valid_until=clock.today() + timedelta(days=700))
    waiting = verification(document.verify_code)
    assert (waiting["valid"], waiting["seal"]) == (True, None)
    ensure_rendered(document.pk)
    told = verification("-".join([document.verify_code[:4], document.verify_code[4:].lower()]))
    assert told == {
        "valid": True,
        "state": "valid",
        "title": "公共租赁住房准入资格证",
        "number": "ZR3399012026000088",
        "holder": "王*华",
        "organisation": "江湾区住房保障中心",
        "issued_on": date(2026, 11, 21),
        "valid_until": clock.today() + timedelta(days=700),
        "seal": {"intact": True, "signer": "江湾区住房保障中心"},
    }


@pytest.mark.django_db
def test_verification_of_what_is_over_revoked_unknown_or_tampered_with(issued: Issue, clerk: Actor) -> None:
    over = issued(issued_on=clock.today() - timedelta(days=9), valid_until=clock.today() - timedelta(days=1))
    assert (verification(over.verify_code)["state"], verification(over.verify_code)["valid"]) == ("expired", False)
    last_day = issued(issued_on=clock.today(), valid_until=clock.today())
    assert verification(last_day.verify_code)["valid"], "the last day counts"

    gone = issued()
    revoke(gone.pk, reason="家庭已购房", actor=clerk)
    assert (verification(gone.verify_code)["state"], verification(gone.verify_code)["valid"]) == ("revoked", False)
    with pytest.raises(DomainError, match=r"document\.revoked"):
        revoke(gone.pk, reason="再次", actor=clerk)

    assert verification("NOSUCHCODE")["state"] == "unknown"
    assert not verification("NOSUCHCODE")["valid"]

    forged = ensure_rendered(issued().pk)
    assert forged.file is not None
    blobs.place_of(forged.file.address).unlink()
    told = verification(forged.verify_code)
    assert (told["valid"], told["seal"]) == (False, {"intact": False, "signer": ""})


@pytest.mark.django_db
def test_validity_cannot_end_before_it_begins(issued: Issue) -> None:
    with pytest.raises(IntegrityError, match="documents_valid_after_issue"), transaction.atomic():
        issued(issued_on=date(2026, 11, 21), valid_until=date(2026, 11, 20))


@pytest.mark.django_db
def test_who_sees_a_paper(issued: Issue, guarded: str) -> None:
    document = issued(subject=guarded)

    def sees(actor: Actor) -> bool:
        try:
            return services.visible(document.pk, actor) == document
        except services.DocumentNotThere:
            return False

    def clerk_of(path: str, *rights: str) -> Actor:
        return Actor(kind="staff", id=9, org_path=path, grants=dict.fromkeys(rights, Reach.ORG_AND_BELOW))

    assert sees(Actor(kind="resident", id=3))
    assert not sees(Actor(kind="resident", id=4))
    assert not sees(Actor(kind="anonymous"))
    assert sees(clerk_of("/1/4/", "documents.view"))
    assert sees(clerk_of("/1/", "documents.view"))
    assert not sees(clerk_of("/1/5/", "documents.view"))
    assert not sees(clerk_of("/1/4/"))


@pytest.mark.django_db
def test_the_api_gives_the_file_and_counts_the_printing(issued: Issue, staff: Any, client_as: Any) -> None:
    document = issued()
    api = client_as(staff("documents.view"))
    shown = api.get(f"/documents/{document.pk}/file")
    assert (shown.status_code, shown["Content-Type"]) == (200, "application/pdf")
    assert shown.content.startswith(b"%PDF")
    assert shown["Content-Disposition"].startswith("inline;")
    saved = api.get(f"/documents/{document.pk}/file", download=1)
    assert saved["Content-Disposition"].startswith("attachment;")
    assert saved.content == shown.content
    document.refresh_from_db()
    assert document.print_count == 2
    assert AuditEntry.objects.filter(action="print", subject="case:12").count() == 2
    assert client_as(staff()).get(f"/documents/{document.pk}/file").status_code == 404
    document.refresh_from_db()
    assert document.print_count == 2


@pytest.mark.django_db
def test_anyone_may_verify_and_learns_no_more_than_the_paper_shows(issued: Issue, anonymous: Any) -> None:
    document = ensure_rendered(issued().pk)
    answer = anonymous.get(f"/documents/verify/{document.verify_code}")
    assert answer.status_code == 200
    assert answer.json()["state"] == "valid"
    assert "王建华" not in answer.content.decode()
    assert anonymous.get(f"/documents/{document.pk}/file").status_code == 401
    assert anonymous.get("/documents/verify/XXXX").json()["state"] == "unknown"


@pytest.mark.django_db
def test_machines_asking_for_codes_are_slowed_down(anonymous: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from anju.kernel.documents import api
    from anju.kernel.documents.rate import Limit

    monkeypatch.setattr(api, "VERIFICATIONS", Limit(3))
    answers = [anonymous.get("/documents/verify/XXXX").status_code for _ in range(5)]
    assert answers[:3] == [200] * 3
    assert 429 in answers
