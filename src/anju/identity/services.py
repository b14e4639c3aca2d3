"""What others may ask of identity: signing in and out, accounts and organisations."""

from __future__ import annotations

from dataclasses import dataclass

from anju.identity.accounts import change_password, name_person, reset_password
from anju.identity.applications import Entrance, applications_for, open_application
from anju.identity.increments import Change, changes_since, note_change
from anju.identity.models import Account, Organisation, Role
from anju.identity.passwords import make_password
from anju.identity.permissions import staff_actor
from anju.identity.sign_in import sign_in
from anju.kernel import clock
from anju.kernel.crypto import blind
from anju.kernel.errors import NotFound

__all__ = [
    "Change",
    "Entrance",
    "Office",
    "applications_for",
    "change_password",
    "changes_since",
    "make_account",
    "make_organisation",
    "name_person",
    "note_change",
    "office",
    "office_by_path",
    "offices",
    "open_application",
    "permitted",
    "reset_password",
    "sign_in",
    "staff_name",
]


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
    *, username: str, name: str, organisation: Organisation, roles: list[str], password: str, post: str = "",
    id_number: str = "", phone: str = "",
) -> Account:  # fmt: skip
    """Adds an account with a given password; for approved applications, seeds and tests. Administrators use the register."""
    account = Account.objects.create(
        username=username, name=name, organisation=organisation, password=make_password(password), post=post,
        org_path=organisation.path, division=organisation.division, password_changed_at=clock.now(),
        id_number=id_number, person_key=blind(id_number) if id_number else None, phone=phone,
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
