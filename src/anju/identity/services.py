"""What others may ask of identity: signing in and out, accounts and organisations."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest

from anju.identity import captcha
from anju.identity.applications import Entrance as Entrance
from anju.identity.applications import applications_for as applications_for
from anju.identity.applications import open_application as open_application
from anju.identity.increments import Change as Change
from anju.identity.increments import changes_since as changes_since
from anju.identity.increments import note_change as note_change
from anju.identity.models import Account, AccountState, Organisation, Role
from anju.identity.passwords import check_password, check_strength, make_password, one_time_password
from anju.identity.permissions import staff_actor
from anju.identity.sessions import address_of, end_all
from anju.kernel import audit, clock
from anju.kernel.errors import DomainError, NotFound
from anju.kernel.scope import ANONYMOUS, Actor

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)
# A password is always hashed, so that an unknown account takes as long to refuse as a known one.
_NOBODY = make_password("nobody has this password")


class WrongCredentials(DomainError):
    """Account or password wrong; which of them is not told."""

    status, code, message = 401, "sign_in.wrong", "账号或密码不对"
    advice = f"连续 {FAILURES_ALLOWED} 次错误会锁定 15 分钟"


class Locked(DomainError):
    """Too many failures; `details.retry_after` says the seconds left."""

    status, code, message, advice = 429, "sign_in.locked", "连续输错，账号已暂时锁定", "请稍后再试，或请管理员重置密码"


def sign_in(*, username: str, password: str, captcha_id: uuid.UUID, answer: str, request: HttpRequest) -> Account:
    """Checks captcha and password; returns the account or raises. Must run outside a transaction: failures are kept.

    The captcha is used up first and its error says nothing of the password (PR-01.2).
    """
    captcha.consume(captcha_id, answer)
    account = Account.objects.select_related("organisation").filter(username=username.strip()).first()
    moment = clock.now()
    if account and account.locked_until and account.locked_until > moment:
        raise Locked(details={"retry_after": int((account.locked_until - moment).total_seconds())})
    fits = check_password(password, account.password if account else _NOBODY)
    if account is None or not fits or account.state != AccountState.ACTIVE or not account.organisation.active:
        with transaction.atomic():
            if account is not None:
                note_failure(account.pk)
            audit.record(
                "sign_in_failed", actor=ANONYMOUS, subject="", title="登录失败",
                detail={"account": username[:60], "address": address_of(request)},
            )  # fmt: skip
        raise WrongCredentials(field="password")
    Account.objects.filter(pk=account.pk).update(failures=0, locked_until=None, last_signed_in_at=moment)
    return account


def note_failure(account_id: int) -> None:
    """Counts a failed sign-in; the fifth in a row locks the account for a while."""
    account = Account.objects.select_for_update().get(pk=account_id)
    account.failures += 1
    if account.failures >= FAILURES_ALLOWED:
        account.failures, account.locked_until = 0, clock.now() + LOCKED_FOR
    account.save(update_fields=["failures", "locked_until"])


def change_password(*, actor: Actor, old: str, new: str) -> None:
    """Changes one's own password and ends one's other sessions."""
    account = Account.objects.select_for_update().get(pk=actor.id)
    if not check_password(old, account.password):
        raise DomainError("原密码不对", code="password.wrong_old", field="old", advice="请重新输入原密码")
    check_strength(new, account=account.username)
    if check_password(new, account.password):
        raise DomainError("新密码不能与原密码相同", code="password.same", field="new", advice="请换一个新密码")
    account.password, account.must_change_password = make_password(new), False
    account.save(update_fields=["password", "must_change_password"])
    end_all("staff", account.pk, besides=actor.session_id)
    audit.record("change", actor=actor, subject=f"identity.account:{account.pk}", title="修改密码")


def reset_password(*, actor: Actor, account_id: int) -> str:
    """Gives an account a one-time password, shown once to the administrator (PR-23 ruling), and ends its sessions."""
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound
    fresh = one_time_password()
    account.password, account.must_change_password = make_password(fresh), True
    account.failures, account.locked_until = 0, None
    account.save(update_fields=["password", "must_change_password", "failures", "locked_until"])
    end_all("staff", account.pk)
    audit.record("change", actor=actor, subject=f"identity.account:{account.pk}", title="重置密码")
    return fresh


def make_organisation(
    *, name: str, kind: str, code: str, division: str, parent: Organisation | None = None, phone: str = ""
) -> Organisation:
    """Adds a node to the tree."""
    made = Organisation.objects.create(
        name=name, kind=kind, code=code, division=division, parent=parent, phone=phone, path="/"
    )
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    made.save(update_fields=["path"])
    return made


def make_account(
    *, username: str, name: str, organisation: Organisation, roles: list[str], password: str, post: str = ""
) -> Account:
    """Adds an account with a given password; for seeds and tests, administrators use the register."""
    account = Account.objects.create(
        username=username, name=name, organisation=organisation, password=make_password(password), post=post,
        org_path=organisation.path, division=organisation.division,
    )  # fmt: skip
    account.roles.set(Role.objects.filter(key__in=roles))
    return account


@dataclass(frozen=True)
class Office:
    """An organisation as other contexts know it."""

    id: int
    name: str
    kind: str
    code: str
    division: str
    path: str
    phone: str


def office(organisation_id: int) -> Office:
    """One organisation."""
    found = Organisation.objects.filter(pk=organisation_id).first()
    if found is None:
        raise NotFound
    return _office(found)


def office_by_path(path: str) -> Office | None:
    """The organisation that a row's `org_path` names."""
    found = Organisation.objects.filter(path=path).first()
    return _office(found) if found else None


def offices(*, kind: str | None = None, division: str | None = None) -> list[Office]:
    """Active organisations, by kind and by division."""
    found = Organisation.objects.filter(active=True).order_by("path")
    if kind:
        found = found.filter(kind=kind)
    if division:
        found = found.filter(division=division)
    return [_office(each) for each in found]


def _office(o: Organisation) -> Office:
    return Office(o.pk, o.name, o.kind, o.code, o.division, o.path, o.phone)


def staff_name(ref: str) -> str:
    """The name behind `staff:12`; other refs give their kind in Chinese."""
    kind, _, number = ref.partition(":")
    if kind != "staff":
        return {"system": "系统", "resident": "申请人"}.get(kind, "—")
    found = Account.objects.filter(pk=int(number)).values_list("name", flat=True).first()
    return found or "—"


def permitted(account_ref: str, right: str) -> bool:
    """Whether somebody (`staff:12`) holds a right at this moment (SH-228.3): the same answer for whoever asks.

    It is the answer that the person's own next request would get, so every connected system hears the same (SH-228.4).
    """
    kind, _, number = account_ref.partition(":")
    if kind != "staff" or not number.isascii() or not number.isdigit() or int(number) >= 2**63:
        return False
    actor = staff_actor(int(number))
    return actor is not None and actor.may(right)
