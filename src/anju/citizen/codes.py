"""Codes sent to phones: issued within limits, used once, guessed at five times at most (ZB-03.1, ZB-03.2)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from anju.citizen import limits
from anju.citizen.models import CodePurpose, PhoneCode
from anju.kernel import clock
from anju.kernel.crypto import blind
from anju.kernel.errors import DomainError, TooMany
from anju.kernel.forms import personal
from anju.kernel.scope import Actor, system
from anju.workspace.services import hold, send_sms

_SENTENCES = {
    CodePurpose.REGISTER: "注册验证码 {code}，10 分钟内有效。不要告诉任何人。",
    CodePurpose.RESET: "重设密码验证码 {code}，10 分钟内有效。不是你本人操作请不要理会。",
    CodePurpose.BIND: "绑定验证码 {code}，10 分钟内有效。不要告诉任何人。",
    CodePurpose.ACCOUNT: "账号申请验证码 {code}，10 分钟内有效。不要告诉任何人。",
    CodePurpose.SIGN: "签约验证码 {code}，10 分钟内有效。输入它等于你本人签字。",
}


class WrongPhone(DomainError):
    """No mobile number of the mainland (+86)."""

    code, message, advice = "phone.invalid", "手机号应为 11 位数字，以 1 开头", "请检查后重新填写"


class RefusedCode(DomainError):
    """The code cannot be used: `code.wrong`, `code.expired`, `code.used`, `code.spent` or `code.none`."""

    code = "code.wrong"


@dataclass(frozen=True)
class Issued:
    """What the page counts down: seconds until a new code may be asked for, and until this one expires."""

    resend_after: int
    expires_in: int


def clean_phone(text: str) -> str:
    """A mobile number in its one form, without +86 and blanks. Raises `WrongPhone`."""
    try:
        return personal.clean_phone(text)
    except personal.Wrong as wrong:
        raise WrongPhone(wrong.message, field="phone") from wrong


def issue_code(phone: str, purpose: str, *, address: str = "", subject: str = "", actor: Actor | None = None) -> Issued:
    """Sends a fresh code in the present transaction; an earlier one for the same purpose is worth nothing from then on.

    Raises `WrongPhone`, or `TooMany` with `details.retry_after` in seconds.
    """
    phone = clean_phone(phone)
    index, moment = blind(phone), clock.now()
    with transaction.atomic():
        # counting before adding: two requests at the same moment must not both find room
        for name in sorted((f"code.address:{address}", f"code.phone:{index.hex()}")):
            hold(name)
        _within_limits(index, address, moment)
        code = f"{secrets.randbelow(10**limits.CODE_DIGITS):0{limits.CODE_DIGITS}d}"
        row = PhoneCode.objects.create(
            phone_blind=index, purpose=purpose, subject=subject, digest=_digest(phone, purpose, subject, code),
            created_at=moment, expires_at=moment + limits.CODE_VALID, address=address,
        )  # fmt: skip
        sentence = _SENTENCES[CodePurpose(purpose)]
        send_sms(
            phone, sentence.format(code=code), "code", subject, actor or system(),
            shown=sentence.format(code="*" * limits.CODE_DIGITS),
            key=f"code:{row.pk}", expires_at=row.expires_at,
        )  # fmt: skip
    return Issued(int(limits.CODE_RESEND.total_seconds()), int(limits.CODE_VALID.total_seconds()))


def _within_limits(index: bytes, address: str, moment: datetime) -> None:
    sent = PhoneCode.objects.filter(phone_blind=index)
    last = sent.order_by("-created_at").values_list("created_at", flat=True).first()
    if last is not None and moment - last < limits.CODE_RESEND:
        raise _too_many("刚刚发过验证码", last + limits.CODE_RESEND - moment)
    _within(sent, limits.CODES_A_NUMBER_A_DAY, timedelta(days=1), moment, "这个手机号一天内要的验证码太多")
    if address:
        there = PhoneCode.objects.filter(address=address)
        _within(there, limits.CODES_AN_ADDRESS_AN_HOUR, timedelta(hours=1), moment, "这个网络一小时内要的验证码太多")


def _within(codes: QuerySet[PhoneCode], most: int, window: timedelta, moment: datetime, message: str) -> None:
    """Refuses when as many codes as allowed were sent in the window before the moment."""
    recent = codes.filter(created_at__gt=moment - window).order_by("-created_at")
    times = list(recent.values_list("created_at", flat=True)[:most])
    if len(times) == most:
        raise _too_many(message, times[-1] + window - moment)


def _too_many(message: str, wait: timedelta) -> TooMany:
    seconds = max(1, int(wait.total_seconds() + 0.999))
    shown = f"{seconds} 秒" if seconds < 120 else f"{(seconds + 59) // 60} 分钟"
    return TooMany(
        message, code="code.too_many", advice=f"请过 {shown}再试", field="phone", details={"retry_after": seconds}
    )


def use_code(phone: str, purpose: str, code: str, *, subject: str = "") -> PhoneCode:
    """Uses a code up. Each call costs one of its tries even if it is refused, so it commits at once and must not be
    called inside a transaction (RuntimeError): declare the operation with `atomic=False`.

    Raises `WrongPhone` or `RefusedCode`; the right code is taken by one of several that bring it at the same moment.
    """
    phone, moment = clean_phone(phone), clock.now()
    with transaction.atomic(durable=True):
        row = (
            PhoneCode.objects.filter(phone_blind=blind(phone), purpose=purpose, subject=subject)
            .order_by("-created_at", "-id")
            .first()
        )
        refusal = _refusal(row, phone, purpose, subject, code.strip(), moment)
    if refusal is not None:
        raise refusal
    assert row is not None
    row.used_at = moment
    return row


def _refusal(
    row: PhoneCode | None, phone: str, purpose: str, subject: str, code: str, moment: datetime
) -> RefusedCode | None:
    again = "请重新获取验证码"
    if row is None:
        return RefusedCode("还没有给这个手机号发过验证码", code="code.none", field="code", advice="请先获取验证码")
    mine = PhoneCode.objects.filter(pk=row.pk)
    # the try is taken before the code is compared: guesses at the same moment share the five
    if not mine.filter(tries__lt=limits.CODE_TRIES).update(tries=F("tries") + 1):
        if row.used_at is not None:
            return RefusedCode("这个验证码已经用过", code="code.used", field="code", advice=again)
        return RefusedCode("输错次数太多，这个验证码作废了", code="code.spent", field="code", advice=again)
    if not hmac.compare_digest(bytes(row.digest), _digest(phone, purpose, subject, code)):
        left = limits.CODE_TRIES - row.tries - 1
        advice = f"还可以试 {left} 次" if left > 0 else again
        return RefusedCode("验证码不对", field="code", advice=advice, details={"left": max(left, 0)})
    if row.used_at is not None:
        return RefusedCode("这个验证码已经用过", code="code.used", field="code", advice=again)
    if moment >= row.expires_at:
        return RefusedCode("验证码过期了，有效期是 10 分钟", code="code.expired", field="code", advice=again)
    if not mine.filter(used_at__isnull=True).update(used_at=moment):
        return RefusedCode("这个验证码已经用过", code="code.used", field="code", advice=again)
    return None


def exchange_for_ticket(phone: str, purpose: str, code: str) -> str:
    """Uses a code up and gives a ticket for the next page (setting a password), valid once for ten minutes."""
    row = use_code(phone, purpose, code)
    ticket = secrets.token_urlsafe(24)
    PhoneCode.objects.filter(pk=row.pk).update(
        ticket_digest=_ticket_digest(ticket), ticket_expires_at=clock.now() + limits.TICKET_VALID
    )
    return ticket


def use_ticket(phone: str, purpose: str, ticket: str) -> None:
    """Uses a ticket up in the present transaction. Raises `RefusedCode`."""
    moment = clock.now()
    found = PhoneCode.objects.filter(
        ticket_digest=_ticket_digest(ticket), phone_blind=blind(clean_phone(phone)), purpose=purpose
    )
    if not found.filter(ticket_used_at__isnull=True, ticket_expires_at__gt=moment).update(ticket_used_at=moment):
        raise RefusedCode(
            "验证已经过期，要重新获取验证码", code="code.expired", field="code", advice="请重新获取验证码"
        )


def _digest(phone: str, purpose: str, subject: str, code: str) -> bytes:
    return blind(f"{purpose}|{subject}|{phone}|{code}")


def _ticket_digest(ticket: str) -> bytes:
    return hashlib.sha256(ticket.encode()).digest()
