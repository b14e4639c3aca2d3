"""Invented people: names, identity numbers of an invented division, telephones; each number is used once."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from anju.households.synthetic import synthetic_id
from anju.supply.seed import GIVEN, SURNAMES

GIVEN_FIRST = "嘉思子雨晓文志建国海春秋冬若亦书清景安宁怀明德立"
OLDEST = date(1950, 1, 1)
DAYS = 19_000
# The demonstration's own people have serials below this.
FIRST_SERIAL = 500


def name(random: Random) -> str:
    """A name of two or three characters."""
    given = random.choice(GIVEN)
    return random.choice(SURNAMES) + (random.choice(GIVEN_FIRST) + given if random.random() < 0.7 else given)


def identity(division: str, number: int) -> str:
    """The identity number of the so-manieth invented person of a division."""
    birth = OLDEST + timedelta(days=number % DAYS)
    return synthetic_id(division, birth, FIRST_SERIAL + number // DAYS)


def phone(number: int) -> str:
    """A telephone number in a range that no operator gave out."""
    return f"199{number % 100_000_000:08d}"
