"""The mail system: a real SMTP door (aiosmtpd) that keeps what it takes and behaves as it was told to."""

from __future__ import annotations

import asyncio
import email
import email.policy
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.behaviour import Behaviours
from sandbox.store import Store


class Postbox:
    """What the SMTP server asks at each message. An address that begins with `nobody` does not exist."""

    def __init__(self, store: Store, behaviours: Behaviours) -> None:
        self._store, self._behaviours = store, behaviours

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Says whether there is such an address."""
        if address.startswith("nobody"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Takes a message once all of it has come."""
        behaviour = self._behaviours.take("mail")
        told = email.message_from_bytes(envelope.original_content or b"", policy=email.policy.default)
        about, id_ = envelope.rcpt_tos[0] if envelope.rcpt_tos else "", str(told["Message-ID"] or "")
        if behaviour.mode in ("fail", "silent", "garbage"):
            self._store.keep_call("mail", "smtp", id_, about, behaviour.mode, "未处理", False)
            return "451 4.3.0 try again later"
        if behaviour.mode == "denied":
            self._store.keep_call("mail", "smtp", id_, about, behaviour.mode, "未处理", False)
            return "530 5.7.0 not authorised"
        if behaviour.mode == "slow":
            await asyncio.sleep(behaviour.seconds)
        body = told.get_body(("plain",))
        for address in envelope.rcpt_tos:
            self._store.keep_mail(
                id_, address.lower(), str(told["From"] or ""), str(told["Subject"] or ""),
                str(body.get_content()) if body else "",
            )  # fmt: skip
        self._store.keep_call("mail", "smtp", id_, about, behaviour.mode, "已收下", False)
        return "250 OK"


async def open_door(host: str, port: int, store: Store, behaviours: Behaviours) -> asyncio.Server:
    """Listens for mail on a port."""
    box: Any = Postbox(store, behaviours)
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: SMTP(box, enable_SMTPUTF8=True), host, port)
