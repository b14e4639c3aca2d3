"""Locking (锁定), suspending (停用) and letting back (恢复) of accounts, by administrators and by the policy (SH-221).

Whoever is locked or suspended is out at his next request: his sessions end with it. The audit centre keeps who did it,
why, and under which rule.
"""

from __future__ import annotations

from datetime import datetime

from anju.identity.models import Account, AccountState
from anju.identity.policy import current
from anju.identity.sessions import end_all
from anju.kernel import audit, clock
from anju.kernel.errors import DomainError, FieldError, Invalid
from anju.kernel.scope import Actor, system

REASON_SHORTEST = 4
AT_ONCE = 500
TITLES = {AccountState.LOCKED: "锁定账号", AccountState.SUSPENDED: "停用账号", AccountState.ACTIVE: "恢复账号"}


def lock(actor: Actor, account_id: int, reason: str, *, rule: str = "") -> Account:
    """Locks an account; `rule` names the rule of the policy that did it. A suspended one stays suspended."""
    account = Account.objects.select_for_update().get(pk=account_id)
    if account.state == AccountState.ACTIVE:
        _move(actor, account, AccountState.LOCKED, reason, rule)
    return account


def suspend(actor: Actor, account_id: int, reason: str) -> Account:
    """Takes an account out of use until an administrator lets it back."""
    account = Account.objects.select_for_update().get(pk=account_id)
    if account.state != AccountState.SUSPENDED:
        _move(actor, account, AccountState.SUSPENDED, reason)
    return account


def restore(actor: Actor, account_id: int, reason: str) -> Account:
    """Lets a locked or suspended account back, one locked for a while too. Idle time counts anew from now."""
    account = Account.objects.select_for_update().get(pk=account_id)
    if account.state != AccountState.ACTIVE or account.locked_until is not None:
        account.failures, account.locked_until, account.restored_at = 0, None, clock.now()
        account.save(update_fields=["failures", "locked_until", "restored_at"])
        _move(actor, account, AccountState.ACTIVE, reason)
    return account


def _move(actor: Actor, account: Account, state: AccountState, reason: str, rule: str = "") -> None:
    if account.pk == actor.id and actor.is_staff:
        raise DomainError("不能锁定、停用或恢复自己的账号", code="account.self", advice="请由另一位管理员操作")
    if len(reason.strip()) < REASON_SHORTEST:
        raise Invalid([FieldError("reason", "reason.too_short", f"请写明原因，至少 {REASON_SHORTEST} 个字")])
    before = account.state
    account.state, account.state_reason, account.state_at = state, reason.strip()[:200], clock.now()
    if state == AccountState.ACTIVE:
        account.state_reason = ""
    account.save(update_fields=["state", "state_reason", "state_at"])
    if state != AccountState.ACTIVE:
        end_all("staff", account.pk)
    audit.record(
        "change", actor=actor, subject=f"identity.account:{account.pk}", title=f"{TITLES[state]} {account.username}",
        detail={"from": before, "to": str(state), "reason": reason.strip(), **({"rule": rule} if rule else {})},
    )  # fmt: skip


def lock_idle() -> int:
    """Locks every account that was not used for as many months as the policy says; says how many (SH-221.3).

    Time counts from the last sign-in, from when the account was made, and from when it was last let back, whichever
    was latest. A repeat finds nothing more to do.
    """
    months = current().idle_months
    if not months:
        return 0
    before = months_before(clock.now(), months)
    idle = Account.objects.filter(state=AccountState.ACTIVE, created_at__lt=before).exclude(
        last_signed_in_at__gte=before
    )
    found = list(idle.exclude(restored_at__gte=before).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for account_id in found:
        lock(system("账号安全策略"), account_id, f"超过 {months} 个月没有登录", rule="idle")
    return len(found)


def months_before(moment: datetime, months: int) -> datetime:
    """The moment so many calendar months earlier; the last day of a shorter month where the day does not exist."""
    month = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(month, 12)
    for day in range(moment.day, 0, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise ValueError(moment)
