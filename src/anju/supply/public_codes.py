"""一房一码: the code of a unit that stands on its door, made by the database when the unit is registered (SH-183.5).

Seven letters and one that checks them, without 0 O 1 I L. A letter typed wrongly, or two side by side exchanged, never
gives another unit's code.
"""

from __future__ import annotations

from django.conf import settings

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8


def plain(text: str) -> str:
    """A code as it is stored: capitals, without blanks and dashes."""
    return "".join(text.upper().split()).replace("-", "")


def is_code(text: str) -> bool:
    """Whether the check letter fits."""
    if len(text) != LENGTH or any(letter not in LETTERS for letter in text):
        return False
    digits = [LETTERS.index(letter) for letter in text]
    return sum(place * digit for place, digit in enumerate(digits[:-1], start=1)) % len(LETTERS) == digits[-1]


def address(code: str) -> str:
    """The page that the QR code opens."""
    return f"{settings.PUBLIC_URL}/u/{code}"
