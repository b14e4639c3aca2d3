"""The text-message gateway (短信网关), through which the platform tells people things."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from anju.kernel.connectors import Connector
from anju.kernel.errors import FieldError

MOBILE = re.compile(r"1[3-9]\d{9}")
LONGEST = 500


@dataclass(frozen=True, kw_only=True)
class SmsMessage:
    """A message; `message_id` (at most 64 characters) is unique to it, so that a repeat is delivered once.

    `sign` is the sender shown before the text, such as `澜州住房保障`.
    """

    message_id: str
    to: str
    text: str
    sign: str = "澜州住房保障"


@dataclass(frozen=True)
class SmsReceipt:
    """The gateway has taken the message."""

    message_id: str
    gateway_id: str
    accepted_at: datetime


class SmsGateway(Connector[SmsMessage, SmsReceipt]):
    """Hands one message to the gateway."""

    key, title, department = "sms", "短信发送", "政务短信平台"
    interface = "sms.send"

    def check(self, request: SmsMessage) -> Iterable[FieldError]:
        """The format of a message."""
        if not MOBILE.fullmatch(request.to):
            yield FieldError("to", "phone", "手机号码应为 11 位，以 1 开头")
        if not 1 <= len(request.text.strip()) <= LONGEST:
            yield FieldError("text", "sms.text", f"短信内容须有 1 到 {LONGEST} 个字")
        if not 1 <= len(request.message_id) <= 64:
            yield FieldError("message_id", "sms.message_id", "短信编号须有 1 到 64 个字符")
