"""The envelope: nobody can read, change, replay or redirect a message."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from anju.kernel.connectors import envelope
from anju.kernel.connectors.envelope import EnvelopeError, ExchangeKey, check_signature, open_message, seal

KEY = ExchangeKey.from_hex("00112233445566778899aabbccddeeff")
OTHER = ExchangeKey.from_hex("ffeeddccbbaa99887766554433221100")
CONTENT = '{"name":"陈建国","id_number":"339901198603070016"}'.encode()


def sealed() -> tuple[bytes, str, dict[str, Any]]:
    message = seal(KEY, "query", "marriage.query", "q1", CONTENT)
    return message.body, message.signature, orjson.loads(message.body)


def test_what_was_sealed_is_opened() -> None:
    body, signature, message = sealed()
    check_signature(KEY, body, signature)
    assert open_message(KEY, "query", "marriage.query", "q1", message) == CONTENT


@pytest.mark.covers("SH-026.2", "SH-027.4")
def test_neither_name_nor_number_can_be_read() -> None:
    body, _, _ = sealed()
    assert b"339901198603070016" not in body
    assert "陈建国".encode() not in body
    assert b"\\u9648" not in body
    assert sealed()[0] != body  # the same content twice does not look the same


def test_the_signature_covers_every_byte() -> None:
    body, signature, _ = sealed()
    for changed in (body[:-1] + b" ", body + b"\n", body.replace(b'"q1"', b'"q2"')):
        with pytest.raises(EnvelopeError, match="签名"):
            check_signature(KEY, changed, signature)
    with pytest.raises(EnvelopeError, match="签名"):
        check_signature(OTHER, body, signature)
    with pytest.raises(EnvelopeError, match="签名"):
        check_signature(KEY, body, "签名")


@pytest.mark.parametrize(
    ("direction", "interface", "id_"),
    [("answer", "marriage.query", "q1"), ("query", "real_estate.query", "q1"), ("query", "marriage.query", "q2")],
)
def test_a_message_serves_one_direction_one_interface_one_id(direction: Any, interface: str, id_: str) -> None:
    _, _, message = sealed()
    message["id"] = id_
    with pytest.raises(EnvelopeError, match="密文"):
        open_message(KEY, direction, interface, id_, message)


@pytest.mark.parametrize("field", ["nonce", "cipher"])
def test_a_changed_bit_is_noticed(field: str) -> None:
    _, _, message = sealed()
    text = message[field]
    message[field] = ("A" if text[0] != "A" else "B") + text[1:]
    with pytest.raises(EnvelopeError, match="密文"):
        open_message(KEY, "query", "marriage.query", "q1", message)


def test_a_moment_cannot_be_moved_and_old_messages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, message = sealed()
    with pytest.raises(EnvelopeError, match="密文"):
        open_message(KEY, "query", "marriage.query", "q1", {**message, "at": message["at"] + 1})
    monkeypatch.setattr(envelope.time, "time", lambda: message["at"] + envelope.MAX_AGE + 1)
    with pytest.raises(EnvelopeError, match="10 分钟"):
        open_message(KEY, "query", "marriage.query", "q1", message)


@pytest.mark.parametrize(
    "damage",
    [
        {"at": "now"}, {"at": True}, {"key_id": "00000000"}, {"key_id": 5}, {"nonce": "###"}, {"nonce": "AAAA"},
        {"cipher": ""}, {"cipher": None},
    ],
)  # fmt: skip
def test_malformed_messages_are_refused_with_a_reason(damage: dict[str, Any]) -> None:
    _, _, message = sealed()
    with pytest.raises(EnvelopeError):
        open_message(KEY, "query", "marriage.query", "q1", {**message, **damage})


@pytest.mark.parametrize("message", [None, [], "x", 7, {}])
def test_what_is_no_message_is_refused(message: object) -> None:
    with pytest.raises(EnvelopeError, match="格式"):
        open_message(KEY, "query", "marriage.query", "q1", message)


@pytest.mark.parametrize("text", ["", "zz", "0011", "00" * 32])
def test_a_key_has_16_bytes(text: str) -> None:
    with pytest.raises(EnvelopeError):
        ExchangeKey.from_hex(text)
