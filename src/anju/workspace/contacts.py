"""Where a person of staff wants to be told what, and when not (SH-004.7)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from django.db import transaction

from anju.kernel.crypto import mask_phone
from anju.kernel.errors import FieldError, Invalid
from anju.workspace.kinds import KINDS
from anju.workspace.models import Channel, Contact, Preference
from anju.workspace.telling import mask_address

ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,60}@[A-Za-z0-9-]{1,60}(\.[A-Za-z0-9-]{1,60})+")
MOBILE = re.compile(r"1[3-9]\d{9}")


def settings_of(person_ref: str) -> dict[str, Any]:
    """A person's addresses (masked), quiet hours, and channels a kind."""
    contact = Contact.objects.filter(person_ref=person_ref).first()
    chosen = dict(Preference.objects.filter(person_ref=person_ref).values_list("kind", "channels"))
    return {
        "email": mask_address(contact.email) if contact and contact.email else "",
        "phone": mask_phone(contact.phone) if contact and contact.phone else "",
        "quiet_from": contact.quiet_from if contact else None,
        "quiet_to": contact.quiet_to if contact else None,
        "channels": [{"key": str(each), "title": str(each.label)} for each in Channel],
        "kinds": [
            {
                "key": kind.key, "title": kind.title, "urgent": kind.urgent,
                "channels": [str(c) for c in chosen.get(kind.key, kind.channels)],
            }
            for kind in KINDS.values()
        ],
    }  # fmt: skip


@transaction.atomic
def set_contact(
    person_ref: str,
    *,
    email: str | None = None,
    phone: str | None = None,
    quiet_from: time | None = None,
    quiet_to: time | None = None,
) -> None:
    """Keeps a person's addresses and quiet hours. An address of None stays as it was, an empty one is removed."""
    errors = []
    if email and not ADDRESS.fullmatch(email):
        errors.append(FieldError("email", "email", "邮箱格式不对，例如 name@example.gov.cn"))
    if phone and not MOBILE.fullmatch(phone):
        errors.append(FieldError("phone", "phone", "手机号码应为 11 位，以 1 开头"))
    if (quiet_from is None) != (quiet_to is None):
        errors.append(FieldError("quiet_to", "quiet", "免打扰须同时有开始和结束时间"))
    if errors:
        raise Invalid(errors)
    contact, _ = Contact.objects.select_for_update().get_or_create(person_ref=person_ref)
    if email is not None:
        contact.email = email
    if phone is not None:
        contact.phone = phone
    contact.quiet_from, contact.quiet_to = quiet_from, quiet_to
    contact.save()


@transaction.atomic
def choose_channels(person_ref: str, chosen: Mapping[str, Sequence[str]]) -> None:
    """Keeps the channels a person wants for kinds of messages; his own list always has them all."""
    errors = [FieldError(f"kinds.{key}", "kind.unknown", "没有这种消息") for key in chosen if key not in KINDS]
    errors += [
        FieldError(f"kinds.{key}", "channel.unknown", "没有这个渠道")
        for key, channels in chosen.items()
        if set(channels) - set(Channel.values)
    ]
    if errors:
        raise Invalid(errors)
    for key, channels in chosen.items():
        wanted = sorted({*channels, str(Channel.IN_APP)})
        Preference.objects.update_or_create(person_ref=person_ref, kind=key, defaults={"channels": wanted})
