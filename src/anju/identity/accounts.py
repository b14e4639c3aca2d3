"""What becomes of an account: its password, its owner."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from anju.identity.models import Account, OldPassword
from anju.identity.passwords import check_password, check_strength, make_password, one_time_password
from anju.identity.policy import current
from anju.identity.sessions import end_all
from anju.kernel import audit, clock
from anju.kernel.crypto import blind
from anju.kernel.errors import DomainError, NotFound
from anju.kernel.forms import personal
from anju.kernel.http.constraints import explained
from anju.kernel.scope import Actor

REMEMBERED_LONGEST = 24


def change_password(*, actor: Actor, old: str, new: str) -> None:
    """Changes one's own password and ends one's other sessions.

    The new one meets the city's rule and is none of the last ones (NF-05.1). Raises `password.wrong_old`,
    `password.weak`, `password.same`, `password.used_before`.
    """
    account, rule = Account.objects.select_for_update().get(pk=actor.id), current()
    if not check_password(old, account.password):
        raise DomainError("原密码不对", code="password.wrong_old", field="old", advice="请重新输入原密码")
    check_strength(new, account=account.username, rule=rule, field="new")
    if check_password(new, account.password):
        raise DomainError("新密码不能与原密码相同", code="password.same", field="new", advice="请换一个新密码")
    earlier = account.old_passwords.order_by("-id")[: rule.remembered]
    if any(check_password(new, each.password) for each in earlier):
        raise DomainError(
            f"不能与最近 {rule.remembered} 个旧密码相同",
            code="password.used_before",
            field="new",
            advice="请换一个新密码",
        )
    OldPassword.objects.create(account=account, password=account.password, replaced_at=clock.now())
    kept = account.old_passwords.order_by("-id").values_list("pk", flat=True)[:REMEMBERED_LONGEST]
    account.old_passwords.exclude(pk__in=list(kept)).delete()
    account.password, account.must_change_password = make_password(new), False
    account.password_changed_at = clock.now()
    account.save(update_fields=["password", "must_change_password", "password_changed_at"])
    end_all("staff", account.pk, besides=actor.session_id)
    audit.record("change", actor=actor, subject=f"identity.account:{account.pk}", title="修改密码")


def reset_password(*, actor: Actor, account_id: int) -> str:
    """Gives an account a one-time password, shown once to the administrator (PR-23 ruling), and ends its sessions.

    An account that nobody used yet must say first whose it is (`account.no_person`): otherwise one person could have
    two in a unit (NF-05.1).
    """
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound
    if account.person_key is None and account.last_signed_in_at is None:
        raise DomainError(
            "这个账号还没有登记使用人的证件", code="account.no_person", advice="请先在“登记使用人”里填写证件号码和手机"
        )
    fresh = one_time_password()
    account.password, account.must_change_password = make_password(fresh), True
    account.failures, account.locked_until = 0, None
    account.save(update_fields=["password", "must_change_password", "failures", "locked_until"])
    end_all("staff", account.pk)
    audit.record("change", actor=actor, subject=f"identity.account:{account.pk}", title="重置密码")
    return fresh


def name_person(*, actor: Actor, account_id: int, id_number: str, phone: str) -> None:
    """Says whose account it is: document number and telephone, both sealed.

    A second account of the person in the unit is refused by constraint (`account.person_exists`, NF-05.1).
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    number = clean_id_number(id_number)
    account.id_number, account.person_key, account.phone = number, blind(number), clean_phone(phone)
    try:
        with transaction.atomic():
            account.save(update_fields=["id_number", "person_key", "phone"])
    except IntegrityError as error:
        raise explained(error) from error
    audit.record("change", actor=actor, subject=f"identity.account:{account.pk}", title="登记账号使用人")


def clean_id_number(text: str) -> str:
    """An identity number in its one form. Raises `person.id_number`."""
    try:
        return personal.clean_id_number(text)
    except personal.Wrong as wrong:
        raise DomainError(
            wrong.message, code="person.id_number", field="id_number", advice="请检查后重新填写"
        ) from wrong


def clean_phone(text: str) -> str:
    """A mobile number in its one form. Raises `phone.invalid`."""
    try:
        return personal.clean_phone(text)
    except personal.Wrong as wrong:
        raise DomainError(wrong.message, code="phone.invalid", field="phone", advice="请检查后重新填写") from wrong
