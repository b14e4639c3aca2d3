"""Residents' accounts: registration, sign-in, a forgotten password, preferences."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from anju.citizen import limits
from anju.citizen.codes import clean_phone, use_code, use_ticket
from anju.citizen.models import City, CodePurpose, Resident
from anju.citizen.passwords import check_password_rule
from anju.identity.passwords import check_password, make_password
from anju.identity.sessions import actor_loader, end_all
from anju.kernel import clock
from anju.kernel.audit import record
from anju.kernel.crypto import blind, mask_phone
from anju.kernel.errors import DomainError, NotFound, TooMany
from anju.kernel.http.constraints import explained
from anju.kernel.scope import ANONYMOUS, Actor


class RefusedSignIn(DomainError):
    """Number and password do not belong together; which of them is wrong is not told."""

    status, code, message = 401, "citizen.sign_in_failed", "手机号或密码不对"
    advice = "请检查后再试；忘了密码可以用短信验证码重设"


class UnknownPhone(DomainError):
    """The proven number has no account."""

    status, code, message, advice = 404, "citizen.phone_unknown", "这个手机号还没有注册", "请先注册"


def actor_of(resident: Resident) -> Actor:
    """The resident as an actor."""
    return Actor(
        kind="resident", id=resident.pk, name=resident.name or resident.phone_masked, account=resident.phone_masked,
        division=resident.city,
    )  # fmt: skip


@actor_loader("resident")
def resident_actor(resident_id: int) -> Actor | None:
    """The actor behind a resident's session; None when the account may no longer be used."""
    resident = Resident.objects.filter(pk=resident_id, active=True).first()
    return actor_of(resident) if resident else None


def register(phone: str, password: str, *, code: str | None = None, ticket: str | None = None) -> Resident:
    """Makes an account for a number whose code, or the ticket got for it, is brought (ZB-03).

    The password is judged before the code is used up. A number that has an account is refused with
    `citizen.phone_registered`, by constraint, only after the code proved that it is the caller's: nobody learns from
    here which numbers are registered. Must not be called inside a transaction.
    """
    phone = clean_phone(phone)
    check_password_rule(password, phone=phone)
    hashed = make_password(password)
    if code is not None:
        use_code(phone, CodePurpose.REGISTER, code)
    try:
        with transaction.atomic():
            if code is None:
                use_ticket(phone, CodePurpose.REGISTER, ticket or "")
            resident = Resident.objects.create(
                phone=phone, phone_blind=blind(phone), phone_masked=mask_phone(phone), password=hashed,
                last_signed_in_at=clock.now(),
            )  # fmt: skip
            record("create", actor=actor_of(resident), subject=f"citizen.resident:{resident.pk}", title="注册账号")
    except IntegrityError as error:
        raise explained(error) from error
    return resident


def reset_password(phone: str, password: str, *, code: str | None = None, ticket: str | None = None) -> Resident:
    """Sets a new password for a proven number, unlocks the account and ends its sessions everywhere.

    Raises `WeakPassword`, `RefusedCode`, `UnknownPhone`. Must not be called inside a transaction.
    """
    phone = clean_phone(phone)
    check_password_rule(password, phone=phone)
    hashed = make_password(password)
    if code is not None:
        use_code(phone, CodePurpose.RESET, code)
    with transaction.atomic():
        if code is None:
            use_ticket(phone, CodePurpose.RESET, ticket or "")
        resident = Resident.objects.select_for_update().filter(phone_blind=blind(phone), active=True).first()
        if resident is None:
            raise UnknownPhone(field="phone")
        resident.password, resident.failures, resident.locked_until = hashed, 0, None
        resident.save(update_fields=["password", "failures", "locked_until", "updated_at"])
        end_all("resident", resident.pk)
        record("change", actor=actor_of(resident), subject=f"citizen.resident:{resident.pk}", title="重设密码")
    return resident


def sign_in(phone: str, password: str, *, address: str = "") -> Resident:
    """The resident with this number and password. Five failures in a row lock the account for a quarter of an hour.

    Raises `WrongPhone`, `RefusedSignIn`, or `TooMany` with `details.retry_after`. Failures are kept, so it must not be
    called inside a transaction.
    """
    phone, moment = clean_phone(phone), clock.now()
    resident = Resident.objects.filter(phone_blind=blind(phone), active=True).first()
    if resident is None:
        # the same work as for a known number, so that the time of the answer tells nothing
        make_password(password)
        raise RefusedSignIn
    if resident.locked_until is not None and resident.locked_until > moment:
        seconds = int((resident.locked_until - moment).total_seconds()) + 1
        raise TooMany(
            "密码连续输错，账号暂时锁住了", code="citizen.locked", details={"retry_after": seconds},
            advice=f"请过 {(seconds + 59) // 60} 分钟再试，或用短信验证码重设密码",
        )  # fmt: skip
    good = check_password(password, resident.password)
    with transaction.atomic(durable=True):
        if good:
            Resident.objects.filter(pk=resident.pk).update(failures=0, locked_until=None, last_signed_in_at=moment)
            record("sign_in", actor=actor_of(resident), subject=f"citizen.resident:{resident.pk}", title="居民登录")
        else:
            _count_failure(resident, address)
    if not good:
        raise RefusedSignIn
    return resident


def _count_failure(resident: Resident, address: str) -> None:
    mine = Resident.objects.filter(pk=resident.pk)
    mine.update(failures=F("failures") + 1)
    mine.filter(failures__gte=limits.SIGN_IN_FAILURES).update(
        failures=0, locked_until=clock.now() + limits.SIGN_IN_LOCKED
    )
    record(
        "sign_in_failed", actor=Actor(**{**ANONYMOUS.__dict__, "address": address}),
        subject=f"citizen.resident:{resident.pk}", title="居民登录失败", detail={"account": resident.phone_masked},
    )  # fmt: skip


def resident_of(actor: Actor) -> Resident:
    """The account behind a resident's request. Raises `NotFound`."""
    resident = Resident.objects.filter(pk=actor.id, active=True).first() if actor.is_resident else None
    if resident is None:
        raise NotFound
    return resident


def set_preferences(resident: Resident, *, city: str | None = None, large_type: bool | None = None) -> None:
    """Remembers the city and the size of type (ZB-02.2). Only a whole city that is open can be chosen (ZB-02.1)."""
    changes: dict[str, Any] = {}
    if city is not None:
        changes["city"] = open_city(city).code
    if large_type is not None:
        changes["large_type"] = large_type
    for name, value in changes.items():
        setattr(resident, name, value)
    if changes:
        resident.save(update_fields=[*changes, "updated_at"])


def open_city(code: str) -> City:
    """An open city by its code. Raises `DomainError` for a district, and for a city that is not open yet."""
    if not code.endswith("00"):
        raise DomainError(
            "这里只选到市，区县在申请时再填", code="city.not_a_city", field="city", advice="请选择所在的市"
        )
    city = City.objects.filter(code=code, open=True).first()
    if city is None:
        raise DomainError("这个城市还没有开通", code="city.closed", field="city", advice="请到当地住房保障窗口办理")
    return city
