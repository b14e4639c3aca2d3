"""Hands text messages to the gateway, in order for each phone, never one twice (SH-047)."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from anju.kernel import clock
from anju.kernel.connectors.errors import ConnectorError
from anju.kernel.errors import Invalid
from anju.kernel.jobs import background, every
from anju.workspace.connectors import SmsGateway, SmsMessage
from anju.workspace.models import Sms, SmsState
from anju.workspace.services import ask_delivery

TRIES = 12
FORGOTTEN_AFTER = timedelta(minutes=15)
SWEPT_AT_ONCE = 500


@background("workspace.deliver_sms", atomic=False)
def deliver(sms_id: int) -> None:
    """Delivers one message; one that has gone is left alone.

    The gateway knows the message by its id, so a repeat after a lost answer or a killed worker delivers nothing again.
    While this job waits for its next try, the queue's lock keeps later messages to the same phone behind it.
    """
    sms = Sms.objects.filter(pk=sms_id, state=SmsState.WAITING).first()
    if sms is None:
        return
    if sms.expires_at is not None and clock.now() >= sms.expires_at:
        _end(sms, SmsState.FAILED, "过了有效期，没有发送")
        return
    sms.tries += 1
    try:
        receipt = SmsGateway().call(
            SmsMessage(message_id=sms.idempotency_id.hex, to=sms.phone, text=sms.text or ""),
            subject=f"workspace.sms:{sms.pk}", call_id=sms.idempotency_id.hex,
        )  # fmt: skip
    except ConnectorError as failure:
        if failure.result == "refused":
            _end(sms, SmsState.FAILED, failure.reason)
            return
        if sms.tries >= TRIES:
            _end(sms, SmsState.FAILED, f"试了 {sms.tries} 次没有成功：{failure.reason}")
            return
        Sms.objects.filter(pk=sms.pk, state=SmsState.WAITING).update(tries=sms.tries, answer=failure.reason[:300])
        raise
    except Invalid as fault:
        _end(sms, SmsState.FAILED, "；".join(error.message for error in fault.errors))
        return
    _end(sms, SmsState.SENT, f"网关编号 {receipt.gateway_id}")


def _end(sms: Sms, state: SmsState, answer: str) -> None:
    """Writes how it ended and forgets the text: the log keeps only what it may show."""
    with transaction.atomic():
        Sms.objects.filter(pk=sms.pk, state=SmsState.WAITING).update(
            state=state, tries=sms.tries, answer=answer[:300], text=None,
            sent_at=clock.now() if state == SmsState.SENT else None,
        )  # fmt: skip


@background("workspace.sweep_sms")
def sweep() -> None:
    """Asks again for messages whose job was lost with its worker; where a job still waits, nothing is added."""
    since = clock.now() - FORGOTTEN_AFTER
    for sms in Sms.objects.filter(state=SmsState.WAITING, created_at__lt=since).order_by("id")[:SWEPT_AT_ONCE]:
        ask_delivery(sms)


every(minutes=10)("workspace.sweep_sms")
