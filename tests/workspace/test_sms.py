"""Text messages: stored with the change, delivered once, in order for each phone, on the record (SH-047)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from anju.kernel import clock
from anju.kernel.connectors.errors import ConnectorError
from anju.kernel.scope import Actor, system
from anju.workspace.jobs import GIVE_UP_AFTER, deliver, sweep
from anju.workspace.models import Sms
from anju.workspace.services import send_sms

PHONE = "13900000001"


def queued() -> list[tuple[str, dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lock, args FROM procrastinate_jobs WHERE task_name = 'workspace.deliver_sms' ORDER BY id"
        )
        return [(lock, json.loads(args)) for lock, args in cursor.fetchall()]


def test_a_message_reaches_the_phone_once_and_the_log_keeps_when(sandbox: Any) -> None:
    sms = send_sms(PHONE, "你的申请已经受理", "case_progress", "case:1", system())
    deliver(sms.pk)
    deliver(sms.pk)
    assert [message["text"] for message in sandbox.messages(PHONE)] == ["你的申请已经受理"]
    sms.refresh_from_db()
    assert (sms.state, sms.tries, sms.text, sms.shown) == ("sent", 1, None, "你的申请已经受理")
    assert sms.sent_at is not None
    assert sms.answer.startswith("网关编号")


def test_the_row_and_its_job_go_with_the_transaction(db: None) -> None:
    with transaction.atomic():
        send_sms(PHONE, "不该发出", "case_progress", "case:1", system())
        assert len(queued()) == 1
        transaction.set_rollback(True)
    assert not Sms.objects.exists()
    assert queued() == []


def test_messages_to_one_phone_stand_in_one_line_and_other_phones_in_others(db: None) -> None:
    first = send_sms(PHONE, "一", "case_progress", "", system())
    second = send_sms(PHONE, "二", "case_progress", "", system())
    other = send_sms("13900000002", "三", "case_progress", "", system())
    lines = queued()
    assert [args["sms_id"] for _, args in lines] == [first.pk, second.pk, other.pk]
    assert lines[0][0] == lines[1][0] != lines[2][0]


def test_the_same_occasion_is_told_once(db: None) -> None:
    first = send_sms(PHONE, "受理了", "case_progress", "case:1", system(), key="case:1:accept")
    again = send_sms(PHONE, "受理了", "case_progress", "case:1", system(), key="case:1:accept")
    assert first.pk == again.pk
    assert len(queued()) == 1


def test_an_answer_that_was_lost_delivers_nothing_twice(sandbox: Any) -> None:
    """The gateway took it, the worker died before it was written down: the repeat is the same message."""
    sms = send_sms(PHONE, "只收一次", "case_progress", "", system())
    deliver(sms.pk)
    Sms.objects.filter(pk=sms.pk).update(state="waiting", sent_at=None, text="只收一次")
    deliver(sms.pk)
    assert len(sandbox.messages(PHONE)) == 1
    sms.refresh_from_db()
    assert sms.state == "sent"


def test_a_gateway_that_fails_is_tried_again_and_the_message_waits(sandbox: Any) -> None:
    sms = send_sms(PHONE, "稍后再试", "case_progress", "", system())
    sandbox.behave("sms", "fail")
    with pytest.raises(ConnectorError):
        deliver(sms.pk)
    sms.refresh_from_db()
    assert (sms.state, sms.tries) == ("waiting", 1)
    assert sms.answer
    sandbox.reset()
    from tests.sandbox_fixture import _close_breakers

    _close_breakers()
    deliver(sms.pk)
    sms.refresh_from_db()
    assert (sms.state, sms.tries) == ("sent", 2)


def test_a_message_that_is_too_old_is_said_to_have_failed(sandbox: Any) -> None:
    sms = send_sms(PHONE, "发不出", "case_progress", "", system())
    Sms.objects.filter(pk=sms.pk).update(created_at=clock.now() - GIVE_UP_AFTER)
    sandbox.behave("sms", "fail")
    deliver(sms.pk)
    sms.refresh_from_db()
    assert sms.state == "failed"
    assert "没有成功" in sms.answer


def test_a_code_that_is_too_late_is_not_sent(sandbox: Any) -> None:
    late = send_sms(PHONE, "验证码 123456", "code", "", system(), expires_at=clock.now() - timedelta(seconds=1))
    deliver(late.pk)
    late.refresh_from_db()
    assert late.state == "failed"
    assert sandbox.messages(PHONE) == []


def test_a_number_the_gateway_cannot_take_ends_at_once(sandbox: Any) -> None:
    sms = send_sms("12345", "错号", "case_progress", "", system())
    deliver(sms.pk)
    sms.refresh_from_db()
    assert sms.state == "failed"
    assert "手机号" in sms.answer


def test_a_message_whose_job_was_lost_is_asked_for_again(db: None) -> None:
    sms = send_sms(PHONE, "找回来", "case_progress", "", system())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    sweep()
    assert queued() == []
    Sms.objects.filter(pk=sms.pk).update(created_at=clock.now() - timedelta(hours=1))
    sweep()
    sweep()
    assert [args["sms_id"] for _, args in queued()] == [sms.pk]


@pytest.mark.django_db(transaction=True)
def test_the_worker_delivers_to_one_phone_in_the_order_asked(sandbox: Any) -> None:
    for text in ("第一条", "第二条", "第三条"):
        send_sms(PHONE, text, "case_progress", "", system())
    for _ in range(3):  # one run ends when what is left stands behind a job under way
        call_command("worker", "--once")
    assert [message["text"] for message in sandbox.messages(PHONE)] == ["第三条", "第二条", "第一条"]
    assert set(Sms.objects.values_list("state", "tries")) == {("sent", 1)}


def test_the_phone_and_the_code_are_not_readable_in_the_table(db: None) -> None:
    send_sms(PHONE, "验证码 204863", "code", "", system(), shown="验证码 ******")
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_sms::text FROM workspace_sms")
        row = cursor.fetchone()[0]
    assert PHONE not in row
    assert "204863" not in row


@pytest.mark.covers("SH-047.5")
def test_the_clerk_queries_the_log_and_reads_the_detail_of_each(
    db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    for at, text in enumerate(["受理通知：案件甲", "补正通知：案件乙", "公示通知：案件丙"]):
        send_sms(f"1390000000{at}", text, "case_progress", f"case:{at}", system(), org_path="/1/", division="339900")
    Sms.objects.filter(subject="case:1").update(state="sent", sent_at=clock.now(), answer="网关编号 77")
    clerk = client_as(staff("workspace.sms.view"))
    listed = clerk.get("/registers/workspace.sms/rows").json()["rows"]
    assert [row["shown"] for row in listed] == ["公示通知：案件丙", "补正通知：案件乙", "受理通知：案件甲"]
    sent = clerk.get("/registers/workspace.sms/rows", **{"f.state": "sent"}).json()["rows"]
    assert [row["shown"] for row in sent] == ["补正通知：案件乙"]
    found = clerk.get("/registers/workspace.sms/rows", q="公示通知").json()["rows"]
    assert [row["shown"] for row in found] == ["公示通知：案件丙"]
    detail = clerk.get(f"/registers/workspace.sms/rows/{sent[0]['id']}").json()["values"]
    assert (detail["phone_masked"], detail["answer"], detail["subject"]) == ("139****0001", "网关编号 77", "case:1")
    assert detail["sent_at"] is not None


def test_the_log_is_closed_without_the_right_and_to_other_offices(
    db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    send_sms(PHONE, "外区案件", "case_progress", "case:9", system(), org_path="/999/", division="110100")
    assert client_as(staff("cases.view")).get("/registers/workspace.sms/rows").status_code == 403
    near = client_as(staff("workspace.sms.view", reach="org_and_below"))
    assert near.get("/registers/workspace.sms/rows").json()["rows"] == []
