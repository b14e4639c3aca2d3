"""短信网关: accepts a message once per message id; the phone page shows what a number received."""

from __future__ import annotations

import re
from typing import Any

from sandbox.departments.common import Operation, Refused, text
from sandbox.store import Store

KEY, TITLE, OFFICE = "sms", "短信网关", "澜州市政务短信平台"


def send(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """Accepts a message; the same message id again is the same message."""
    phone = text(request, "to", 20)
    if not re.fullmatch(r"1[3-9]\d{9}", phone):
        raise Refused("bad_number", "手机号码不存在")
    kept = store.keep_message(
        text(request, "message_id", 64), phone, text(request, "sign", 30), text(request, "text", 500)
    )
    return {"message_id": kept["message_id"], "gateway_id": kept["gateway_id"], "accepted_at": kept["at"]}


OPERATIONS: dict[str, Operation] = {"send": send}
