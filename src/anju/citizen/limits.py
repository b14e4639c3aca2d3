"""Figures that a city may tighten or loosen, in one place."""

from __future__ import annotations

from datetime import timedelta

CODE_DIGITS = 6
CODE_VALID = timedelta(minutes=10)
CODE_RESEND = timedelta(seconds=60)
CODE_TRIES = 5
CODES_A_NUMBER_A_DAY = 10
CODES_AN_ADDRESS_AN_HOUR = 60
TICKET_VALID = timedelta(minutes=10)

PASSWORD_SHORTEST = 10
PASSWORD_LONGEST = 128
SIGN_IN_FAILURES = 5
SIGN_IN_LOCKED = timedelta(minutes=15)

PHOTO_LARGEST = 4 * 1024 * 1024
VERIFICATION_WORKING_DAYS = 3
BANK_TRIES_A_DAY = 5

MATERIALS_A_CLASS = 20
DRAFT_KEPT = timedelta(days=90)
