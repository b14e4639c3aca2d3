"""The city's rules for accounts, read where they count and changed in one page (NF-05.1, SH-221.2)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, time
from typing import Any

from anju.identity.models import PasswordProfile, SecurityPolicy
from anju.kernel import audit, clock
from anju.kernel.compiled import Compiled
from anju.kernel.errors import Conflict, FieldError, Invalid
from anju.kernel.scope import Actor

FIELDS = (
    "profile", "shortest", "classes", "max_age_days", "remembered", "idle_minutes", "longest_hours",
    "resident_idle_days", "resident_longest_days", "failures_allowed", "lock_minutes", "idle_months", "barred_from",
    "barred_until", "notify_new_place", "second_factor_roles",
)  # fmt: skip


_ONE = Compiled(lambda row: SecurityPolicy.objects.filter(pk=row))


_READ: ContextVar[list[SecurityPolicy] | None] = ContextVar("policy_read", default=None)


def current() -> SecurityPolicy:
    """The rules as they stand; the product's defaults where the city changed nothing."""
    read = _READ.get()
    if read:
        return read[0]
    rules = _ONE.one(1) or SecurityPolicy(pk=1)
    if read is not None:
        read.append(rules)
    return rules


@contextmanager
def read_once() -> Iterator[None]:
    """For one request: the rules are read when first asked for and the same until its end, or until it changes them."""
    token = _READ.set([])
    try:
        yield
    finally:
        _READ.reset(token)


def is_barred(policy: SecurityPolicy, moment: datetime) -> bool:
    """Whether a moment lies in the hours in which nobody should sign in (SH-221.4); they may pass midnight."""
    start, end = policy.barred_from, policy.barred_until
    if start is None or end is None:
        return False
    at = moment.astimezone(clock.SHANGHAI).time()
    return start <= at < end if start < end else at >= start or at < end


def shown(policy: SecurityPolicy) -> dict[str, Any]:
    """The rules for the page; times of day as `HH:MM`."""
    told = {name: getattr(policy, name) for name in FIELDS}
    for name in ("barred_from", "barred_until"):
        told[name] = told[name].strftime("%H:%M") if told[name] else None
    return told | {"version": policy.version}


def change(actor: Actor, version: int, values: dict[str, Any]) -> SecurityPolicy:
    """Sets the rules anew, all of them; the audit centre keeps what each was and is.

    Raises `Invalid` with every wrong place, `Conflict` when another person changed them meanwhile.
    """
    SecurityPolicy.objects.get_or_create(pk=1)
    policy = SecurityPolicy.objects.select_for_update().get(pk=1)
    if policy.version != version:
        raise Conflict("别人刚改过这些规则", details={"current": shown(policy)})
    before = shown(policy)
    if errors := faults(values):
        raise Invalid(errors)
    for name in FIELDS:
        setattr(policy, name, values[name])
    policy.version += 1
    policy.save()
    if read := _READ.get():
        read.clear()
    after = shown(policy)
    changed = {name: [before[name], after[name]] for name in FIELDS if before[name] != after[name]}
    audit.record(
        "change", actor=actor, subject="identity.policy:1", title="修改账号安全策略", detail={"changed": changed}
    )
    return policy


def faults(values: dict[str, Any]) -> list[FieldError]:
    """What is wrong with a set of rules, place by place."""
    long = values["profile"] == PasswordProfile.LONG
    errors = []

    def within(name: str, least: int, most: int) -> None:
        if not least <= values[name] <= most:
            errors.append(FieldError(name, "range", f"应在 {least} 到 {most} 之间"))

    within("shortest", 15 if long else 8, 64)
    within("classes", 0 if long else 1, 0 if long else 4)
    within("max_age_days", 0 if long else 1, 0 if long else 365)
    within("remembered", 0, 24)
    within("idle_minutes", 1, 720)
    within("longest_hours", 1, 168)
    within("resident_idle_days", 1, 90)
    within("resident_longest_days", 1, 180)
    within("failures_allowed", 1, 20)
    within("lock_minutes", 0, 1440)
    within("idle_months", 0, 24)
    start, end = values["barred_from"], values["barred_until"]
    if (start is None) != (end is None):
        errors.append(FieldError("barred_until" if end is None else "barred_from", "missing", "起止时间要一起填写"))
    elif isinstance(start, time) and start == end:
        errors.append(FieldError("barred_until", "same", "起止时间不能相同"))
    return errors
