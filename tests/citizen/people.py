"""Residents for tests: registered, verified, with pictures to hand in."""

from __future__ import annotations

import io
import random
from datetime import date, timedelta
from functools import cache
from typing import Any

from PIL import Image

from anju.citizen.accounts import actor_of
from anju.citizen.models import (
    City,
    IdentityVerification,
    PhoneCode,
    Resident,
    VerificationState,
    VerificationWay,
    VerifiedState,
)
from anju.citizen.seeds import CITIES
from anju.households.services import find_or_make_person
from anju.households.synthetic import synthetic_id
from anju.identity.passwords import make_password
from anju.kernel import clock
from anju.kernel.crypto import blind, mask_id_number, mask_phone
from anju.workspace.models import Sms
from tests.conftest import Api, signed_in

PASSWORD = "jiangwan-2026"
NUMBER = synthetic_id("339901", date(1964, 3, 2), 2)


def open_cities() -> None:
    for code, name, short, pinyin, open_, phone in CITIES:
        City.objects.get_or_create(
            code=code,
            defaults={
                "name": name, "short": short, "pinyin": pinyin, "open": open_, "phone": phone, "province": "330000",
            },
        )  # fmt: skip


def resident(phone: str = "13900000001", *, verified: bool = False, number: str = NUMBER) -> Resident:
    """An account, with a verified name when wanted."""
    open_cities()
    made = Resident.objects.create(
        phone=phone, phone_blind=blind(phone), phone_masked=mask_phone(phone), password=make_password(PASSWORD),
        city="339900",
    )  # fmt: skip
    if verified:
        IdentityVerification.objects.create(
            resident=made, way=VerificationWay.BANK, name="周桂芳", document_type="id_card", document_number=number,
            number_blind=blind(number), number_masked=mask_id_number(number), state=VerificationState.APPROVED,
            due_on=clock.today(), decided_at=clock.now(), division="339900", org_path="/",
        )  # fmt: skip
        made.name, made.verified = "周桂芳", VerifiedState.VERIFIED
        made.person_id = find_or_make_person("id_card", number, "周桂芳").pk
        made.save()
    return made


def client_of(who: Resident) -> Api:
    return signed_in("resident", who.pk, "citizen")


def actor(who: Resident) -> Any:
    return actor_of(who)


@cache
def picture(kind: str = "JPEG", size: int = 300, seed: int = 1) -> bytes:
    """A noisy picture of some tens of kilobytes."""
    noise = random.Random(seed).randbytes(size * size * 3)
    kept = io.BytesIO()
    Image.frombytes("RGB", (size, size), noise).save(kept, kind)
    return kept.getvalue()


def last_code(phone: str) -> str:
    """The code in the last text message to a phone that has not left yet."""
    sms = Sms.objects.filter(phone_blind=blind(phone), purpose="code").order_by("-id").first()
    assert sms is not None
    assert sms.text is not None
    return "".join(c for c in sms.text.split("，")[0] if c.isdigit())


def minutes_pass(phone: str, minutes: float) -> None:
    """Moves what is known of a phone's codes into the past."""
    for row in PhoneCode.objects.filter(phone_blind=blind(phone)):
        shift = timedelta(minutes=minutes)
        PhoneCode.objects.filter(pk=row.pk).update(
            created_at=row.created_at - shift, expires_at=row.expires_at - shift,
            ticket_expires_at=row.ticket_expires_at and row.ticket_expires_at - shift,
        )  # fmt: skip
