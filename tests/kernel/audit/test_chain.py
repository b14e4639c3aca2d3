"""The chain: sealed while others write, and every way of changing it afterwards is found and named."""

from __future__ import annotations

import gzip
import json
import threading
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction

from anju.kernel import clock
from anju.kernel.audit import anchor, record
from anju.kernel.audit.archive import BlockBroken, archive_old
from anju.kernel.audit.chain import Place, lines
from anju.kernel.audit.jobs import check
from anju.kernel.audit.models import AuditCheck, AuditEntry, AuditSeal
from anju.kernel.audit.sealing import ChainCut, follow_lineage, seal
from anju.kernel.audit.verifying import verify
from anju.kernel.files import open_file
from anju.kernel.scope import Actor, system

pytestmark = pytest.mark.django_db(transaction=True)
CLERK = Actor(kind="staff", id=12, name="周敏", org_path="/1/4/", division="339901", session_id=7)


@pytest.fixture(autouse=True)
def _own_anchor(tmp_path: Path, settings: Any) -> None:
    settings.ANJU_SECRETS = tmp_path / "secrets"


@pytest.fixture
def trail() -> list[int]:
    """Thirty entries in three sealed blocks."""
    made = [record("act", actor=CLERK, subject=f"supply.unit:{n}", title=f"办理\t{n}\n行").pk for n in range(30)]
    assert seal(block=10) == 30
    assert verify().whole
    return made


def behind_its_back(statement: str, *values: Any) -> None:
    """What the owner of the database can do: no trigger stands in his way."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = origin")


@pytest.mark.covers("NF-05.3", "SH-233.7")
def test_blocks_are_chained_and_signed(trail: list[int]) -> None:
    seals = list(AuditSeal.objects.order_by("number"))
    assert [(each.number, each.count) for each in seals] == [(1, 10), (2, 10), (3, 10)]
    assert [bytes(each.previous) for each in seals[1:]] == [bytes(each.head) for each in seals[:2]]
    record("act", actor=CLERK)
    report = verify()
    assert (report.entries, report.seals, report.unsealed, report.findings) == (30, 3, 1, [])
    assert seal() == 1
    assert seal() == 0


@pytest.mark.covers("NF-05.3", "SH-233.7", "SH-233.3")
@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("DELETE FROM audit_auditentry WHERE id = %s", "entry_missing"),
        ("UPDATE audit_auditentry SET title = title || '。' WHERE id = %s", "entry_changed"),
        ("UPDATE audit_auditentry SET actor = 'staff:99' WHERE id = %s", "entry_changed"),
        ("UPDATE audit_auditentry SET at = at - interval '1 microsecond' WHERE id = %s", "entry_changed"),
        ("UPDATE audit_auditentry SET detail = '{\"a\": 1}' WHERE id = %s", "entry_changed"),
        ("UPDATE audit_auditentry SET address = '192.0.2.9' WHERE id = %s", "entry_changed"),
        ("UPDATE audit_auditentry SET id = id + 100000 WHERE id = %s", "entry_missing"),
    ],
)
def test_a_removed_or_changed_entry_in_the_middle_is_named(trail: list[int], statement: str, kind: str) -> None:
    behind_its_back(statement, trail[14])
    behind_its_back("DELETE FROM audit_auditentry WHERE id = %s", trail[27])
    first = verify().findings[0]
    assert (first.kind, first.entry, first.seal) == (kind, trail[14], 2)
    with pytest.raises(CommandError, match=f"第 {trail[14]} 号审计记录"):
        call_command("audit", "verify", stdout=StringIO())
    with pytest.raises(CommandError, match=f"第 {trail[14]} 号审计记录"):
        call_command("audit_verify", stdout=StringIO())


def test_an_entry_slipped_in_behind_the_seal_is_named(trail: list[int]) -> None:
    behind_its_back(
        "INSERT INTO audit_auditentry (id, at, action, actor, actor_name, subject, title, detail, address, session,"
        " org_path, division, xact) SELECT 900000, at, action, actor, actor_name, subject, title, detail, address,"
        " session, org_path, division, xact FROM audit_auditentry WHERE id = %s",
        trail[5],
    )
    findings = verify().findings
    assert [(each.kind, each.entry) for each in findings] == [("entry_foreign", 900000)]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("DELETE FROM audit_auditseal WHERE number = 2", "seal_missing"),
        ("UPDATE audit_auditseal SET digest = sha256('x') WHERE number = 2", "seal_changed"),
        ("UPDATE audit_auditseal SET head = sha256('x') WHERE number = 3", "seal_changed"),
        ("UPDATE audit_auditseal SET signature = (SELECT signature FROM audit_auditseal WHERE number = 1)"
         " WHERE number = 2", "signature_wrong"),
    ],
)  # fmt: skip
def test_a_changed_or_removed_seal_is_named(trail: list[int], statement: str, kind: str) -> None:
    behind_its_back(statement)
    assert kind in {each.kind for each in verify().findings}


@pytest.mark.covers("NF-05.3")
def test_a_cut_off_end_is_noticed_by_what_was_noted_outside(trail: list[int]) -> None:
    behind_its_back("DELETE FROM audit_auditentry WHERE id >= %s", trail[20])
    behind_its_back("DELETE FROM audit_auditseal WHERE number = 3")
    assert [each.kind for each in verify().findings] == ["chain_cut"]
    record("act", actor=CLERK)
    with pytest.raises(ChainCut):
        seal()
    assert AuditSeal.objects.count() == 2
    with pytest.raises(CommandError):
        call_command("audit", "accept", stdout=StringIO())
    call_command("audit", "accept", reason="机房演练，由昨日备份恢复", stdout=StringIO())
    assert seal() > 0
    assert verify().whole


def test_a_chain_forged_whole_has_no_signature_of_ours(trail: list[int], settings: Any, tmp_path: Path) -> None:
    behind_its_back("DELETE FROM audit_auditseal")
    behind_its_back("DELETE FROM audit_auditentry WHERE id = %s", trail[3])
    ours, settings.ANJU_SECRETS = settings.ANJU_SECRETS, tmp_path / "theirs"
    seal(block=10)
    settings.ANJU_SECRETS = ours
    assert {"signature_wrong", "chain_replaced"} <= {each.kind for each in verify().findings}


@pytest.mark.covers("NF-05.3")
def test_writers_do_not_wait_and_late_ones_are_sealed_later() -> None:
    begun, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def slow_writer() -> None:
        try:
            with transaction.atomic():
                record("act", actor=CLERK, title="慢")
                begun.set()
                go_on.wait(20)
        finally:
            connection.close()
            done.set()

    threading.Thread(target=slow_writer).start()
    assert begun.wait(20)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '5s'")
    record("act", actor=CLERK, title="快")
    assert seal() == 0, "an older transaction still runs: a lower place may still be taken"
    go_on.set()
    assert done.wait(20)
    assert seal() == 2
    assert verify().whole
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")


def test_two_sealers_at_once_seal_each_entry_once() -> None:
    for number in range(40):
        record("act", actor=CLERK, title=str(number))
    counts: list[int] = []

    def run() -> None:
        try:
            counts.append(seal(block=5))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 40
    assert verify().whole


def test_a_restore_into_a_younger_server_goes_on_behind_the_sealed(trail: list[int]) -> None:
    behind_its_back("UPDATE audit_auditentry SET xact = xact + 5000000")
    behind_its_back("DELETE FROM audit_auditseal")
    anchor.path().unlink()
    follow_lineage()
    assert seal(block=10) == 30
    record("act", actor=CLERK, title="恢复之后")
    assert seal() == 1
    assert verify().whole
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_lineage")


@pytest.fixture
def old_trail(trail: list[int]) -> list[int]:
    """The same trail, seven months old."""
    behind_its_back("DELETE FROM audit_auditseal")
    anchor.path().unlink()
    behind_its_back("UPDATE audit_auditentry SET at = at - interval '7 months'")
    seal(block=10)
    return trail


@pytest.mark.covers("NF-05.3")
def test_six_months_are_kept_whatever_the_setting(trail: list[int], settings: Any) -> None:
    settings.ANJU_AUDIT_MONTHS = 1
    assert archive_old() == 0
    assert AuditEntry.objects.count() == 30
    for statement in (
        "UPDATE audit_auditseal SET archived_at = now(), archive_id = 1",
        "DELETE FROM audit_auditseal",
        "DELETE FROM audit_auditentry",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    behind_its_back("UPDATE audit_auditseal SET archived_at = now(), archive_id = 1 WHERE number = 1")
    with pytest.raises(IntegrityError, match="six months"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT audit_drop_archived(1)")
    assert AuditEntry.objects.count() == 30


@pytest.mark.covers("NF-05.3")
def test_what_is_older_moves_into_a_sealed_file_and_the_chain_stays(old_trail: list[int], settings: Any) -> None:
    settings.ANJU_AUDIT_MONTHS = 12
    assert archive_old() == 0
    settings.ANJU_AUDIT_MONTHS = 6
    assert archive_old() == 3
    assert not AuditEntry.objects.filter(pk__in=old_trail).exists()
    report = verify()
    assert (report.whole, report.archived, report.entries) == (True, 30, 0)
    kept = AuditSeal.objects.get(pk=2)
    assert kept.archive_id is not None
    lines = gzip.decompress(open_file(kept.archive_id)).splitlines()
    assert [int(line.split(b"\t")[0]) for line in lines] == old_trail[10:20]


def test_a_broken_block_is_not_archived(old_trail: list[int], settings: Any) -> None:
    settings.ANJU_AUDIT_MONTHS = 6
    behind_its_back("UPDATE audit_auditentry SET title = 'x' WHERE id = %s", old_trail[2])
    with pytest.raises(BlockBroken):
        archive_old()
    assert AuditEntry.objects.filter(pk__in=old_trail).count() == 30


@pytest.mark.covers("NF-05.3")
def test_a_check_is_remembered_and_a_broken_trail_raises_an_alarm(trail: list[int]) -> None:
    assert check(system()).whole
    behind_its_back("DELETE FROM audit_auditentry WHERE id = %s", trail[4])
    check(system())
    last = AuditCheck.objects.first()
    assert last is not None
    assert last.findings[0]["entry"] == trail[4]
    alarm = AuditEntry.objects.get(action="alarm")
    assert str(trail[4]) in alarm.title
    told = StringIO()
    with pytest.raises(CommandError):
        call_command("audit", "verify", json=True, stdout=told)
    assert json.loads(told.getvalue())["findings"][0]["kind"] == "entry_missing"


def test_the_text_of_an_entry_does_not_depend_on_the_session(trail: list[int]) -> None:
    before = list(lines(Place(), last=Place(2**60, 0)))
    with connection.cursor() as cursor:
        cursor.execute("SET timezone = 'Asia/Shanghai'; SET datestyle = 'German'; SET extra_float_digits = 0")
        assert list(lines(Place(), last=Place(2**60, 0))) == before
        cursor.execute("SET timezone = 'UTC'; RESET datestyle; RESET extra_float_digits")
    assert len(before) == 30


def test_the_clock_of_a_demonstration_does_not_hurt_the_chain(trail: list[int]) -> None:
    AuditEntry.objects.create(at=clock.now() + timedelta(days=90), action="act", actor="system:0")
    record("act", actor=CLERK)
    assert seal() == 2
    assert verify().whole
