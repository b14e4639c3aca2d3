"""The text-message gateway: a message arrives once."""

from __future__ import annotations

import pytest

from anju.kernel.connectors import ConnectorError, ConnectorTimeout
from anju.kernel.errors import Invalid
from anju.workspace.connectors import SmsGateway, SmsMessage
from tests.sandbox_fixture import Sandbox

PHONE = "13800006205"


def message(id_: str = "m1", text: str = "验证码 284913，10 分钟内有效。", to: str = PHONE) -> SmsMessage:
    return SmsMessage(message_id=id_, to=to, text=text)


def test_a_message_arrives_on_the_phone(sandbox: Sandbox) -> None:
    receipt = SmsGateway().call(message())
    assert receipt.message_id == "m1"
    (arrived,) = sandbox.messages(PHONE)
    assert (arrived["sign"], arrived["text"]) == ("澜州住房保障", "验证码 284913，10 分钟内有效。")
    assert sandbox.messages("13900000000") == []


def test_newest_first(sandbox: Sandbox) -> None:
    SmsGateway().call(message("m1", "第一条"))
    SmsGateway().call(message("m2", "第二条"))
    assert [one["text"] for one in sandbox.messages(PHONE)] == ["第二条", "第一条"]


@pytest.mark.parametrize("mode", ["late", "twice", "garbage", "fail"])
def test_however_the_gateway_behaves_a_message_arrives_once(sandbox: Sandbox, mode: str) -> None:
    sandbox.behave("sms", mode, seconds=0.1 if mode != "late" else 8, times=1)
    SmsGateway().call(message())
    SmsGateway().call(message())
    assert len(sandbox.messages(PHONE)) == 1


def test_a_message_whose_receipt_was_lost_is_not_sent_again(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SmsGateway, "timeout", 0.4)
    monkeypatch.setattr(SmsGateway, "tries", 1)
    sandbox.behave("sms", "slow", seconds=3, times=1)
    with pytest.raises(ConnectorTimeout):
        SmsGateway().call(message())
    SmsGateway().call(message())
    assert len(sandbox.messages(PHONE)) == 1


@pytest.mark.parametrize("wrong", [{"to": "12345"}, {"text": "  "}, {"text": "长" * 501}, {"id_": ""}])
def test_an_impossible_message_is_not_sent(sandbox: Sandbox, wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        SmsGateway().call(message(**wrong))
    assert sandbox.calls("sms") == []


def test_a_gateway_that_is_down_is_told(sandbox: Sandbox) -> None:
    sandbox.behave("sms", "fail")
    with pytest.raises(ConnectorError, match="政务短信平台"):
        SmsGateway().call(message())
