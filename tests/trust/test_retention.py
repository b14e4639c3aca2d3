"""Time of keeping: previewed, run, recorded; never below the least time; what a decision rests on stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.connectors.models import ConnectorCall
from anju.kernel.files import store
from anju.kernel.files.blobs import place_of
from anju.kernel.files.models import StoredFile
from anju.kernel.jobs.models import Job
from anju.kernel.jobs.watched import run as run_job
from anju.kernel.scope import Actor, system
from anju.trust import integrity, retention
from anju.trust.models import RetentionRule, RetentionRun
from anju.workspace.models import Sms

pytestmark = pytest.mark.django_db
OLD = clock.real_now() - timedelta(days=2000)


@pytest.fixture
def keeper(staff: Any) -> Actor:
    retention.ensure_rules()
    actor: Actor = staff("trust.retention.view", "trust.retention.change", "trust.retention.run")
    return actor


@pytest.fixture
def calls(keeper: Actor) -> dict[str, int]:
    """Calls of long ago: one on which a decision rests, one on which none does, and one of today."""
    made = {}
    for name, subject, at in (("held", "check:7", OLD), ("due", "sms:1", OLD), ("fresh", "sms:2", clock.real_now())):
        made[name] = ConnectorCall.objects.create(
            connector="sms", call_id=name, subject=subject, asked_at=at, duration_ms=1, result="ok"
        ).pk
    return made


def act(api: Any, rule: RetentionRule, name: str) -> Any:
    return api.post(f"/registers/trust.retention/actions/{name}", {"ids": [rule.pk]})


@pytest.mark.covers("NF-05.4")
def test_previewed_run_and_recorded(calls: dict[str, int], keeper: Actor, client_as: Any) -> None:
    api, rule = client_as(keeper), RetentionRule.objects.get(kind="connector_calls")
    integrity.mark_new(integrity.BY_KEY["exchanges"])
    assert act(api, rule, "preview").status_code == 200
    told = RetentionRun.objects.get()
    assert (told.preview, told.rows, told.held) == (True, 1, 1)
    assert ConnectorCall.objects.count() == 3, "a preview changes nothing"
    assert act(api, rule, "run").status_code == 200
    job = Job.objects.get(kind="trust.retention")
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"rows": 1, "held": 1})
    assert set(ConnectorCall.objects.values_list("pk", flat=True)) == {calls["held"], calls["fresh"]}
    done = RetentionRun.objects.get(preview=False)
    assert (done.rows, done.held, done.actor) == (1, 1, keeper.ref)
    assert AuditEntry.objects.get(action="erase").subject == f"trust.retention:{rule.pk}"
    assert [fault for kind in integrity.KINDS for fault in integrity.faults(kind)] == [], "its mark went with it"


def test_without_the_right_nothing_is_run(calls: dict[str, int], staff: Any, client_as: Any) -> None:
    rule = RetentionRule.objects.get(kind="connector_calls")
    answer = act(client_as(staff("trust.retention.view")), rule, "run")
    assert answer.status_code == 403
    assert not Job.objects.exists()


@pytest.mark.covers("NF-05.4")
def test_no_rule_goes_below_the_least_time(keeper: Actor, client_as: Any) -> None:
    rule = RetentionRule.objects.get(kind="ended_sessions")
    answer = client_as(keeper).patch(
        f"/registers/trust.retention/rows/{rule.pk}", {"version": rule.version, "values": {"months": 1, "active": True}}
    )
    assert answer.status_code in (409, 422), answer.content
    assert answer.json()["code"] == "retention.too_short"
    rule.refresh_from_db()
    assert (rule.months, rule.active) == (12, False)


def test_only_rules_that_are_switched_on_run_at_night(calls: dict[str, int], keeper: Actor) -> None:
    retention.run_due()
    assert ConnectorCall.objects.count() == 3
    RetentionRule.objects.filter(kind="connector_calls").update(active=True)
    retention.run_due()
    assert ConnectorCall.objects.count() == 2
    retention.run_due()
    assert ConnectorCall.objects.count() == 2


@pytest.mark.covers("NF-05.4")
def test_exports_go_with_their_content_unless_another_row_holds_it(
    keeper: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    alone = store(b"alone" * 100, name="a.xlsx", mime="x", actor=system(), purpose="export")
    shared = store(b"shared" * 100, name="b.xlsx", mime="x", actor=system(), purpose="export")
    paper = store(b"shared" * 100, name="b.pdf", mime="x", actor=system(), purpose="document")
    StoredFile.objects.update(created_at=OLD)
    with django_capture_on_commit_callbacks(execute=True):
        retention.run(system(), RetentionRule.objects.get(kind="export_files"))
    assert list(StoredFile.objects.values_list("pk", flat=True)) == [paper.pk]
    assert not place_of(alone.address).exists()
    assert place_of(shared.address).exists()


@pytest.mark.covers("NF-05.4")
def test_telephones_of_old_messages_are_made_anonymous(keeper: Actor) -> None:
    made = Sms.objects.create(
        phone="13800000123", phone_blind=b"1" * 32, phone_masked="138****0123", text="x", shown="验证码", purpose="code",
        state="sent", sent_at=OLD, key="k",
    )  # fmt: skip
    Sms.objects.update(created_at=OLD)
    assert retention.run(system(), RetentionRule.objects.get(kind="sms")).rows == 1
    made.refresh_from_db()
    assert (made.phone, made.phone_masked, made.text) == ("", "", None)
    assert bytes(made.phone_blind) != b"1" * 32
    assert retention.run(system(), RetentionRule.objects.get(kind="sms")).rows == 0


def test_every_kind_can_be_counted(keeper: Actor) -> None:
    for kind in retention.kinds():
        assert retention.preview(system(), RetentionRule.objects.get(kind=kind.key)).rows == 0, kind.key
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM trust_retentionrun WHERE preview")
        assert cursor.fetchone()[0] == len(retention.kinds())
