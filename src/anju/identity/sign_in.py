"""Signing in of staff: what is asked in which order, what is told, what locks (PR-01, SH-221, NF-05.1)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest

from anju.identity import captcha, locking
from anju.identity.models import Account, AccountState
from anju.identity.passwords import check_password, make_password, needs_new_hash
from anju.identity.policy import current, is_barred
from anju.identity.sessions import address_of
from anju.kernel import audit, clock
from anju.kernel.errors import DomainError
from anju.kernel.scope import ANONYMOUS, system

EntryCheck = Callable[[Account, HttpRequest], object]
_ENTRY_CHECKS: list[EntryCheck] = []
# A password is always hashed, so that an unknown account takes as long to refuse as a known one.
_NOBODY = make_password("nobody has this password")


class WrongCredentials(DomainError):
    """Account or password wrong; which of them is not told."""

    status, code, message = 401, "sign_in.wrong", "账号或密码不对"
    advice = "连续输错会锁定账号；忘记密码请联系本单位管理员"


class Locked(DomainError):
    """Too many failures; `details.retry_after` says the seconds left."""

    status, code, message, advice = 429, "sign_in.locked", "连续输错，账号已暂时锁定", "请稍后再试，或请管理员重置密码"


class NotUsable(DomainError):
    """The password was right, but the account is locked or suspended (SH-221.5)."""

    status, code, advice = 403, "sign_in.not_usable", "请联系本单位管理员"


class BarredHours(DomainError):
    """A sign-in in the hours in which nobody should: the account is locked by it (SH-221.4)."""

    status, code, message = 403, "sign_in.barred_hours", "这个时段不允许登录，账号已自动锁定"
    advice = "请联系本单位管理员核实后解锁"


def entry_check(check: EntryCheck) -> EntryCheck:
    """Declares what else a proven person is asked before he comes in, such as his certificate (SH-233.1)."""
    if check not in _ENTRY_CHECKS:
        _ENTRY_CHECKS.append(check)
    return check


def sign_in(*, username: str, password: str, captcha_id: uuid.UUID, answer: str, request: HttpRequest) -> Account:
    """Checks captcha and password; returns the account or raises. Must run outside a transaction: failures are kept.

    The captcha is used up first and its error says nothing of the password (PR-01.2). What keeps an account from being
    used is told to him only who knew its password.
    """
    captcha.consume(captcha_id, answer)
    account = Account.objects.select_related("organisation").filter(username=username.strip()).first()
    moment = clock.now()
    if account and account.locked_until and account.locked_until > moment:
        raise Locked(details={"retry_after": int((account.locked_until - moment).total_seconds())})
    if account is None or not check_password(password, account.password):
        if account is None:
            check_password(password, _NOBODY)
        with transaction.atomic():
            if account is not None:
                note_failure(account.pk)
            tell_failure(username, request)
        raise WrongCredentials(field="password")
    refuse_unusable(account, request)
    renewed = {"password": make_password(password)} if needs_new_hash(account.password) else {}
    if renewed or account.failures or account.locked_until:
        Account.objects.filter(pk=account.pk).update(failures=0, locked_until=None, **renewed)
    return account


def refuse_unusable(account: Account, request: HttpRequest) -> None:
    """Raises where a proven person may not come in: account locked or suspended, office closed, hours barred.

    Barred hours lock the account, in a transaction of its own (SH-221.4).
    """
    if account.state != AccountState.ACTIVE:
        tell_failure(account.username, request, account.get_state_display())
        told = f"账号已{account.get_state_display()}" + (f"：{account.state_reason}" if account.state_reason else "")
        raise NotUsable(told, details={"state": account.state})
    if not account.organisation.active:
        tell_failure(account.username, request, "机构已停用")
        raise NotUsable("所在机构已停用，账号不能登录")
    moment = clock.now()
    if is_barred(current(), moment):
        with transaction.atomic():
            at = moment.astimezone(clock.SHANGHAI).strftime("%H:%M")
            locking.lock(system("账号安全策略"), account.pk, f"可疑时段登录（{at}）", rule="barred_hours")
            tell_failure(account.username, request, "可疑时段")
        raise BarredHours
    for check in _ENTRY_CHECKS:
        try:
            check(account, request)
        except DomainError as refusal:
            tell_failure(account.username, request, refusal.message)
            raise


def tell_failure(username: str, request: HttpRequest, why: str = "") -> None:
    """A failed sign-in in the audit centre."""
    audit.record(
        "sign_in_failed", actor=ANONYMOUS, subject="", title="登录失败",
        detail={"account": username[:60], "address": address_of(request), **({"why": why} if why else {})},
    )  # fmt: skip


def note_failure(account_id: int) -> None:
    """Counts a failed sign-in; the last one allowed locks the account, for a while or until somebody unlocks it."""
    account, rule = Account.objects.select_for_update().get(pk=account_id), current()
    account.failures += 1
    if account.failures >= rule.failures_allowed:
        account.failures = 0
        if rule.lock_minutes:
            account.locked_until = clock.now() + timedelta(minutes=rule.lock_minutes)
        elif account.state == AccountState.ACTIVE:
            why = f"连续 {rule.failures_allowed} 次输错密码"
            locking.lock(system("账号安全策略"), account.pk, why, rule="failures")
    Account.objects.filter(pk=account_id).update(failures=account.failures, locked_until=account.locked_until)
