"""Tells a person something on the channels chosen for it: his own list, e-mail, text message (SH-004.7).

Everything is stored in the present transaction; the worker delivers. Within a person's quiet hours what is not urgent
waits for their end.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from anju.kernel import clock
from anju.kernel.crypto import blind
from anju.kernel.jobs import defer
from anju.kernel.scope import Actor, system
from anju.workspace.kinds import Kind, kind_of, words_for
from anju.workspace.models import Channel, Contact, Mail, Preference
from anju.workspace.services import send_message, send_sms


def tell(
    person_ref: str,
    kind_key: str,
    values: Mapping[str, str],
    *,
    key: str,
    link: str = "",
    subject: str = "",
    org_path: str = "/",
    division: str = "",
    channels: tuple[str, ...] | None = None,
) -> list[str]:
    """Tells one person one thing once; gives the channels it goes out on.

    `key` names the occasion: a repeat tells nothing again on any channel. `channels` overrides what the kind and the
    person chose (the open interface does). The person's own list always has it, so that nothing is told nowhere.
    """
    kind = kind_of(kind_key)
    contact = Contact.objects.filter(person_ref=person_ref).first()
    wanted = channels if channels is not None else channels_of(person_ref, kind)
    words = words_for(kind, Channel.IN_APP).filled(values)
    send_message(
        person_ref, words.title[:100], words.text, kind=kind.key, link=link, subject=subject, key=key,
        org_path=org_path, division=division,
    )  # fmt: skip
    used = [str(Channel.IN_APP)]
    not_before = None if kind.urgent else after_quiet(contact, clock.now())
    if Channel.EMAIL in wanted and contact and contact.email:
        words = words_for(kind, Channel.EMAIL).filled(values)
        send_mail(
            contact.email, words.title, words.text, kind=kind.key, key=key, person_ref=person_ref, subject=subject,
            org_path=org_path, division=division, not_before=not_before, actor=system(),
        )  # fmt: skip
        used.append(str(Channel.EMAIL))
    if Channel.SMS in wanted and contact and contact.phone:
        words = words_for(kind, Channel.SMS).filled(values)
        send_sms(
            contact.phone, words.text[:500], "reminder", subject, system(), key=key, org_path=org_path,
            division=division, not_before=not_before,
        )  # fmt: skip
        used.append(str(Channel.SMS))
    return used


def channels_of(person_ref: str, kind: Kind) -> tuple[str, ...]:
    """What the person chose for the kind, else the kind's own channels."""
    chosen = Preference.objects.filter(person_ref=person_ref, kind=kind.key).first()
    return tuple(chosen.channels) if chosen else kind.channels


def after_quiet(contact: Contact | None, moment: datetime) -> datetime | None:
    """The end of the quiet hours that a moment lies in, None outside of them; they may pass midnight."""
    if contact is None or contact.quiet_from is None or contact.quiet_to is None:
        return None
    here = moment.astimezone(clock.SHANGHAI)
    start, end, at = contact.quiet_from, contact.quiet_to, here.time()
    if start == end:
        return None
    inside = start <= at < end if start < end else at >= start or at < end
    if not inside:
        return None
    day = here.date() + timedelta(days=1 if start > end and at >= start else 0)
    return datetime.combine(day, time(end.hour, end.minute), clock.SHANGHAI)


def send_mail(
    address: str,
    title: str,
    text: str,
    *,
    kind: str,
    key: str,
    actor: Actor,
    person_ref: str = "",
    subject: str = "",
    org_path: str = "/",
    division: str = "",
    not_before: datetime | None = None,
) -> Mail:
    """Stores an e-mail and asks the worker to deliver it; a repeat with the same key sends nothing."""
    mail, made = Mail.objects.get_or_create(
        address_blind=blind(address.lower()),
        key=key,
        defaults={
            "person_ref": person_ref, "address": address, "address_masked": mask_address(address),
            "title": title[:150], "text": text, "kind": kind, "subject": subject, "not_before": not_before,
            "org_path": org_path, "division": division, "created_by": actor.ref,
        },
    )  # fmt: skip
    if made and not_before is None:
        ask_mail(mail)
    return mail


def ask_mail(mail: Mail) -> None:
    """Has the worker deliver an e-mail; those to one address go one after another, in order."""
    line = bytes(mail.address_blind).hex()
    defer("workspace.deliver_mail", lock=f"mail:{line}", once=f"mail:{mail.pk}", mail_id=mail.pk)


def mask_address(address: str) -> str:
    """`zhoumin@example.gov.cn` → `zh***@example.gov.cn`."""
    name, _, host = address.partition("@")
    return f"{name[:2]}***@{host}"[:80]
