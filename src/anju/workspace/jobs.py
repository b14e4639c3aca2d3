"""Hands text messages and e-mails out, in order for each person, never one twice (SH-047, SH-004.7).

The job of a message delivers everything that waits for the same person up to it, oldest first, and stops at the first
that cannot leave: so nothing overtakes, whichever job is tried next. A provider that is down costs nothing but time:
the queue tries again with growing pauses, and after them a sweep, until a message is too old to be wanted.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from anju.kernel import clock
from anju.kernel.connectors.errors import ConnectorDenied, ConnectorError
from anju.kernel.errors import Invalid
from anju.kernel.jobs import background, every
from anju.workspace import post
from anju.workspace.alarms import alarm
from anju.workspace.connectors import SmsGateway, SmsMessage
from anju.workspace.models import Mail, MailState, Sms, SmsState
from anju.workspace.services import ask_delivery
from anju.workspace.telling import ask_mail

GIVE_UP_AFTER = timedelta(days=3)
FORGOTTEN_AFTER = timedelta(minutes=15)
SWEPT_AT_ONCE = 500


def ready(moment: datetime) -> Q:
    """Messages that are not kept back by quiet hours."""
    return Q(not_before__isnull=True) | Q(not_before__lte=moment)


@background("workspace.deliver_sms", atomic=False)
def deliver(sms_id: int) -> None:
    """Delivers a text message, and before it what else waits for the same phone; those that have gone are left alone.

    The gateway knows a message by its id, so a repeat after a lost answer or a killed worker delivers nothing again.
    """
    asked = Sms.objects.filter(pk=sms_id).first()
    if asked is None:
        return
    line = Sms.objects.filter(ready(clock.now()), phone_blind=asked.phone_blind, state=SmsState.WAITING, pk__lte=sms_id)
    for sms in line.order_by("id"):
        _deliver_sms(sms)


def _deliver_sms(sms: Sms) -> None:
    """Delivers one text message; raises where the line behind it must wait."""
    if sms.expires_at is not None and clock.now() >= sms.expires_at:
        _end_sms(sms, SmsState.FAILED, "过了有效期，没有发送")
        return
    sms.tries = min(sms.tries + 1, 32_000)
    try:
        receipt = SmsGateway().call(
            SmsMessage(message_id=sms.idempotency_id.hex, to=sms.phone, text=sms.text or ""),
            subject=f"workspace.sms:{sms.pk}", call_id=sms.idempotency_id.hex,
        )  # fmt: skip
    except ConnectorError as failure:
        denied = isinstance(failure, ConnectorDenied)
        if failure.result == "refused" and not denied:
            _end_sms(sms, SmsState.FAILED, failure.reason)
            return
        if too_old(sms.created_at):
            _end_sms(sms, SmsState.FAILED, f"试了 {sms.tries} 次没有成功：{failure.reason}")
            return
        Sms.objects.filter(pk=sms.pk, state=SmsState.WAITING).update(tries=sms.tries, answer=failure.reason[:300])
        if denied:
            alarm("短信网关拒绝本系统", f"短信发不出去：{failure.reason}。请核对接口授权和密钥。", key="sms.denied")
        raise
    except Invalid as fault:
        _end_sms(sms, SmsState.FAILED, "；".join(error.message for error in fault.errors))
        return
    _end_sms(sms, SmsState.SENT, f"网关编号 {receipt.gateway_id}")


def _end_sms(sms: Sms, state: SmsState, answer: str) -> None:
    """Writes how it ended and forgets the text: the log keeps only what it may show."""
    with transaction.atomic():
        Sms.objects.filter(pk=sms.pk, state=SmsState.WAITING).update(
            state=state, tries=sms.tries, answer=answer[:300], text=None,
            sent_at=clock.now() if state == SmsState.SENT else None,
        )  # fmt: skip


@background("workspace.deliver_mail", atomic=False)
def deliver_mail(mail_id: int) -> None:
    """Delivers an e-mail, and before it what else waits for the same address; those that have gone are left alone.

    A repeat carries the same Message-ID. Only where the mail system took a message and its answer was lost on the way
    can that message arrive a second time, which the receiving side knows by that id.
    """
    asked = Mail.objects.filter(pk=mail_id).first()
    if asked is None:
        return
    line = Mail.objects.filter(
        ready(clock.now()), address_blind=asked.address_blind, state=MailState.WAITING, pk__lte=mail_id
    )
    for mail in line.order_by("id"):
        _deliver_mail(mail)


def _deliver_mail(mail: Mail) -> None:
    """Delivers one e-mail; raises where the line behind it must wait."""
    mail.tries = min(mail.tries + 1, 32_000)
    try:
        answer = post.send(mail.message_uid, mail.address, mail.title, mail.text or "")
    except post.Undeliverable as refusal:
        _end_mail(mail, MailState.FAILED, str(refusal))
        return
    except post.NotNow as failure:
        if too_old(mail.created_at):
            _end_mail(mail, MailState.FAILED, f"试了 {mail.tries} 次没有成功：{failure}")
            return
        Mail.objects.filter(pk=mail.pk, state=MailState.WAITING).update(tries=mail.tries, answer=str(failure)[:300])
        if failure.ours:
            alarm("邮件系统拒绝本系统", f"邮件发不出去：{failure}。请核对账号和发件人。", key="mail.denied")
        raise
    _end_mail(mail, MailState.SENT, answer)


def _end_mail(mail: Mail, state: MailState, answer: str) -> None:
    """Writes how it ended and forgets the text."""
    with transaction.atomic():
        Mail.objects.filter(pk=mail.pk, state=MailState.WAITING).update(
            state=state, tries=mail.tries, answer=answer[:300], text=None,
            sent_at=clock.now() if state == MailState.SENT else None,
        )  # fmt: skip


def too_old(created_at: datetime) -> bool:
    """Whether nobody wants a message any more."""
    return clock.now() - created_at >= GIVE_UP_AFTER


@background("workspace.sweep_sms")
def sweep() -> None:
    """Asks again for messages whose job was lost with its worker or gave up; where a job still waits, nothing is added."""
    since = clock.now() - FORGOTTEN_AFTER
    lost = Q(created_at__lt=since, not_before__isnull=True)
    for sms in Sms.objects.filter(lost, state=SmsState.WAITING).order_by("id")[:SWEPT_AT_ONCE]:
        ask_delivery(sms)
    for mail in Mail.objects.filter(lost, state=MailState.WAITING).order_by("id")[:SWEPT_AT_ONCE]:
        ask_mail(mail)


@background("workspace.end_quiet")
def end_quiet() -> None:
    """Asks for the messages whose quiet hours are over, oldest first."""
    over = Q(not_before__lte=clock.now())
    for sms in Sms.objects.filter(over, state=SmsState.WAITING).order_by("id")[:SWEPT_AT_ONCE]:
        ask_delivery(sms)
    for mail in Mail.objects.filter(over, state=MailState.WAITING).order_by("id")[:SWEPT_AT_ONCE]:
        ask_mail(mail)


every(minutes=10)("workspace.sweep_sms")
every(minutes=1)("workspace.end_quiet")
