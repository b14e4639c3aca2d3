"""Residents who come from the city app: known by its number, by a telephone it proved, or by binding (JN-01.1)."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from anju.citizen.accounts import actor_of
from anju.citizen.codes import clean_phone, use_code
from anju.citizen.models import CodePurpose, Resident
from anju.identity.passwords import make_password
from anju.identity.sso import Profile, people
from anju.identity.sso.attempts import bind, waiting_profile
from anju.kernel import clock
from anju.kernel.audit import record
from anju.kernel.crypto import blind, mask_phone
from anju.kernel.errors import DomainError, NotFound
from anju.kernel.forms import personal


@people("resident", home="/", sign_in="/sign-in", bind="/bind")
def by_phone(profile: Profile) -> int | None:
    """The account of a telephone that the city app proved; one without a password is made where there is none."""
    try:
        phone = personal.clean_phone(profile.phone)
    except personal.Wrong:
        return None
    return find_or_make(phone).pk


def find_or_make(phone: str) -> Resident:
    """The account of a proven number, in the present transaction. A closed account stays closed: `NotFound`.

    One made here is of the city whose app it is, and has no password; its owner comes through that app, or sets one with
    a code (忘记密码).
    """
    made, fresh = Resident.objects.get_or_create(
        phone_blind=blind(phone),
        defaults={
            "phone": phone,
            "phone_masked": mask_phone(phone),
            "password": make_password(None),
            "city": settings.ANJU_CITY["code"],
        },
    )
    if not made.active:
        raise NotFound("这个账号已停用", code="citizen.closed", advice="请到当地住房保障窗口办理")
    Resident.objects.filter(pk=made.pk).update(last_signed_in_at=clock.now())
    if fresh:
        record("create", actor=actor_of(made), subject=f"citizen.resident:{made.pk}", title="由城市 App 开通账号")
    return made


def bind_by_code(binding: str, phone: str, code: str) -> tuple[Resident, str]:
    """Binds an unknown person of a provider to the account of a number he proves; gives it, and where he wanted to go.

    Raises `BindingSpent` before the code is used up, `RefusedCode`, `sso.bound` and `sso.account_bound`. Must not be
    called inside a transaction.
    """
    provider, _ = waiting_profile(binding)
    if provider.audience != "resident":
        raise DomainError("这个凭条不能在这里使用", code="sso.refused", advice="请从统一身份认证重新登录")
    phone = clean_phone(phone)
    use_code(phone, CodePurpose.BIND, code)
    with transaction.atomic():
        resident = find_or_make(phone)
        return resident, bind(binding, "resident", resident.pk)
