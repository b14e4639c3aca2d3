"""A call through every way in which a department can behave."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections, transaction

from anju.kernel.connectors import (
    ConnectorError,
    ConnectorGarbage,
    ConnectorOpen,
    ConnectorRefused,
    ConnectorTimeout,
)
from anju.kernel.connectors.models import ConnectorCall
from anju.kernel.errors import Invalid
from anju.kernel.scope import Actor
from tests.kernel.connectors.probe import Fragile, Probe, Question
from tests.sandbox_fixture import Sandbox, free_port


def last_call() -> ConnectorCall:
    return ConnectorCall.objects.latest("id")


def test_an_answer_is_typed_and_the_call_logged(sandbox: Sandbox) -> None:
    clerk = Actor(kind="staff", id=12)
    reply = Probe().call(Question(), subject="check:7", actor=clerk, call_id="check-7-1")
    assert (reply.matched, reply.source) == (True, "澜州银行")
    logged = last_call()
    assert (logged.connector, logged.subject, logged.actor, logged.call_id) == (
        "test_probe", "check:7", "staff:12", "check-7-1",
    )  # fmt: skip
    assert (logged.result, logged.tries, logged.error) == ("ok", 1, "")


def test_the_log_holds_no_personal_data(sandbox: Sandbox) -> None:
    asked = Question()
    Probe().call(asked)
    sandbox.behave("bank", "denied")
    with pytest.raises(ConnectorRefused):
        Probe().call(asked)
    for row in ConnectorCall.objects.values():
        text = repr(row)
        assert all(part not in text for part in (asked.name, asked.id_number, asked.card, asked.phone))
    assert ConnectorCall.objects.values("digest").distinct().count() == 1  # yet the same question can be recognised


def test_a_query_of_wrong_format_is_not_sent(sandbox: Sandbox) -> None:
    with pytest.raises(Invalid) as refused:
        Probe().call(Question(card="6222-0011"))
    assert refused.value.errors[0].path == "card"
    assert sandbox.calls("bank") == []
    assert (last_call().result, last_call().tries, last_call().error) == ("invalid", 0, "card")


def test_slow_but_in_time_is_an_answer(sandbox: Sandbox) -> None:
    sandbox.behave("bank", "slow", seconds=0.5)
    assert Probe().call(Question()).matched
    assert last_call().duration_ms >= 500


def test_too_slow_is_a_time_out_told_in_chinese(sandbox: Sandbox) -> None:
    sandbox.behave("bank", "slow", seconds=5)
    with pytest.raises(ConnectorTimeout) as late:
        Fragile().call(Question())
    told = late.value.as_json()
    assert told["code"] == "connector.timeout"
    assert told["message"] == "测试银行没有按时应答：超过 1 秒"
    assert "人工核查" in told["advice"]
    assert late.value.status == 503


def test_a_department_that_fails_twice_is_asked_a_third_time_under_the_same_id(sandbox: Sandbox) -> None:
    sandbox.behave("bank", "fail", times=2)
    assert Probe().call(Question(), call_id="same").matched
    assert last_call().tries == 3
    assert [(call["id"], call["mode"]) for call in sandbox.calls("bank")] == [
        ("same", "ok"), ("same", "fail"), ("same", "fail"),
    ]  # fmt: skip


def test_tries_end(sandbox: Sandbox) -> None:
    sandbox.behave("bank", "fail")
    with pytest.raises(ConnectorError) as failed:
        Probe().call(Question())
    assert failed.value.code == "connector.unavailable"
    assert (last_call().result, last_call().tries) == ("failed", 3)


def test_silence_ends_in_a_time_out(sandbox: Sandbox) -> None:
    sandbox.behave("bank", "silent", seconds=30)
    with pytest.raises(ConnectorTimeout):
        Fragile().call(Question())
    assert last_call().result == "timeout"


def test_nobody_listening_is_a_time_out_too(sandbox: Sandbox, settings: Any) -> None:
    settings.ANJU_CONNECTOR_URLS = {"test_fragile": f"http://127.0.0.1:{free_port()}/"}
    with pytest.raises(ConnectorTimeout, match="连接不上"):
        Fragile().call(Question())


def test_a_late_answer_is_found_by_the_next_try_and_nothing_is_done_twice(sandbox: Sandbox) -> None:
    sandbox.behave("bank", "late", seconds=8)
    assert Probe().call(Question(), call_id="patient").matched
    assert last_call().tries == 2
    assert [call["result"] for call in sandbox.calls("bank")] == ["重复", "已应答"]


def test_a_late_answer_is_found_by_a_later_call_with_the_same_id(sandbox: Sandbox) -> None:
    sandbox.behave("bank", "late", seconds=8)
    with pytest.raises(ConnectorTimeout):
        Fragile().call(Question(), call_id="check-9-1")
    assert Fragile().call(Question(), call_id="check-9-1").matched
    assert [call["repeated"] for call in sandbox.calls("bank")] == [1, 0]


def test_a_repeated_id_gets_the_same_answer_even_when_the_facts_have_changed(sandbox: Sandbox) -> None:
    asked = Question()
    first = Probe().call(asked, call_id="one")
    sandbox.person(asked.id_number, name="陈卫国")
    assert Probe().call(asked, call_id="one") == first
    assert Probe().call(asked, call_id="two").reason == "name_differs"


def test_an_id_serves_one_question_only(sandbox: Sandbox) -> None:
    Probe().call(Question(), call_id="one")
    with pytest.raises(ConnectorRefused, match="内容不同"):
        Probe().call(Question(name="林晓梅"), call_id="one")


def test_an_answer_sent_twice_is_one_answer(sandbox: Sandbox) -> None:
    sandbox.behave("bank", "twice")
    assert Probe().call(Question()).matched
    assert last_call().tries == 1


@pytest.mark.parametrize("kind", ["page", "cut", "unsigned", "shape", "foreign"])
def test_garbage_is_never_an_answer(sandbox: Sandbox, kind: str) -> None:
    sandbox.behave("bank", "garbage", kind=kind)
    with pytest.raises(ConnectorGarbage) as garbage:
        Probe().call(Question())
    assert garbage.value.message.startswith("测试银行的应答无法采用")
    assert (last_call().result, last_call().tries) == ("garbage", 3)


def test_a_good_answer_after_garbage_counts(sandbox: Sandbox) -> None:
    sandbox.behave("bank", "garbage", times=1)
    assert Probe().call(Question()).matched


def test_without_permission_no_data_come_and_asking_again_is_not_tried(sandbox: Sandbox) -> None:
    sandbox.behave("bank", "denied")
    with pytest.raises(ConnectorRefused, match="未对你方开放"):
        Probe().call(Question())
    assert last_call().tries == 1


def test_a_department_with_another_key_refuses_us(sandbox: Sandbox, settings: Any) -> None:
    settings.ANJU_EXCHANGE_KEY = "ff" * 16
    with pytest.raises(ConnectorRefused, match="签名不符"):
        Probe().call(Question())


def test_without_a_key_nothing_is_sent(sandbox: Sandbox, settings: Any) -> None:
    settings.ANJU_EXCHANGE_KEY = ""
    with pytest.raises(ConnectorRefused, match="密钥"):
        Probe().call(Question())
    assert sandbox.calls("bank") == []


# ---- the breaker


def fail_often(times: int = 3) -> None:
    for _ in range(times):
        with pytest.raises(ConnectorError):
            Fragile().call(Question())


def test_after_failures_in_a_row_the_department_is_left_alone(sandbox: Sandbox) -> None:
    sandbox.behave("bank", "fail")
    fail_often()
    asked_before = len(sandbox.calls("bank"))
    with pytest.raises(ConnectorOpen) as closed:
        Fragile().call(Question())
    assert len(sandbox.calls("bank")) == asked_before
    assert 1 <= closed.value.details["retry_after"] <= 2
    assert (last_call().result, last_call().tries) == ("open", 0)
    sandbox.reset()
    assert Probe().call(Question()).matched  # another interface is not concerned


def test_a_success_between_failures_keeps_it_closed(sandbox: Sandbox) -> None:
    sandbox.behave("bank", "fail", times=2)
    fail_often(2)
    assert Fragile().call(Question()).matched
    sandbox.behave("bank", "fail", times=2)
    fail_often(2)
    assert Fragile().call(Question()).matched


def test_a_refusal_is_no_failure_of_the_line(sandbox: Sandbox) -> None:
    sandbox.behave("bank", "denied")
    for _ in range(5):
        with pytest.raises(ConnectorRefused):
            Fragile().call(Question())


def pass_pause() -> None:
    own = connections["default"].copy()
    with own.cursor() as cursor:
        cursor.execute("UPDATE connectors_state SET opened_until = opened_until - interval '5 seconds'")
    own.close()


def test_after_the_pause_one_probe_closes_it(sandbox: Sandbox) -> None:
    sandbox.behave("bank", "fail", times=3)
    fail_often()
    pass_pause()
    assert Fragile().call(Question()).matched
    assert Fragile().call(Question()).matched


def test_a_failed_probe_opens_it_again_at_once(sandbox: Sandbox) -> None:
    sandbox.behave("bank", "fail")
    fail_often()
    pass_pause()
    with pytest.raises(ConnectorError):
        Fragile().call(Question())
    with pytest.raises(ConnectorOpen):
        Fragile().call(Question())


@pytest.mark.django_db(transaction=True)
def test_only_one_of_many_callers_probes(sandbox: Sandbox) -> None:
    sandbox.behave("bank", "fail", times=3)
    fail_often()
    pass_pause()
    sandbox.behave("bank", "slow", seconds=0.6)
    before, outcomes = len(sandbox.calls("bank")), []

    def ask() -> None:
        try:
            outcomes.append(Fragile().call(Question()).matched)
        except ConnectorOpen:
            outcomes.append("held back")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["True", *["held back"] * 5]
    assert len(sandbox.calls("bank")) == before + 1


@pytest.mark.django_db(transaction=True)
def test_a_call_stays_on_record_when_the_caller_rolls_back(sandbox: Sandbox) -> None:
    sandbox.behave("bank", "fail")
    with pytest.raises(ConnectorError), transaction.atomic():
        Fragile().call(Question(), subject="check:1")
    assert ConnectorCall.objects.filter(subject="check:1", result="failed").exists()
    with pytest.raises(ConnectorError), transaction.atomic():
        Fragile().call(Question())
    with pytest.raises(ConnectorError), transaction.atomic():
        Fragile().call(Question())
    with pytest.raises(ConnectorOpen):
        Fragile().call(Question())
