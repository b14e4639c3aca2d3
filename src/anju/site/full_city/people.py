"""Invented households as arithmetic: who belongs to the so-manieth household of a district.

Nothing of them is kept. Whatever needs a household (a person, a case, a contract) works it out again, and so all mean
the same people, in whichever process they are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import NamedTuple

from anju.households.synthetic import synthetic_id
from anju.supply.seed import GIVEN, SURNAMES

GIVEN_FIRST = "嘉思子雨晓文志建国海春秋冬若亦书清景安宁怀明德立"
# Households come in tens of one size; of twenty tens so many are of one, two, three and four people.
SIZES = (1, 2, 3, 2, 1, 4, 2, 1, 3, 2, 1, 3, 2, 4, 1, 3, 2, 1, 4, 3)
BEFORE = [sum(SIZES[:at]) for at in range(len(SIZES) + 1)]
TEN = 10
# The youngest applicant, in years, of each of the ten in a ten; within one they spread over the days of `SPAN`.
AGES = (22, 24, 27, 30, 32, 34, 36, 40, 48, 56)
SPAN, STRIDE = 6500, 7919
YEAR = 365.2425
ADULT, TOGETHER, CHILD_GAP, PARENT_GAP = 18, 22, 27, 27
# Serials of identity numbers: each member of a household has a range of its own, and each pass over the days a pair.
ROOM = 200
SLOTS = {"self": 0, "spouse": 1, "parent": 2, "child": 3, "second": 4}
RELATION = {"second": "child"}
MIX, MASK = 2654435761, 0xFFFFFFFF


class Human(NamedTuple):
    """A member of a household; `born` is the ordinal of the day."""

    relation: str
    number: str
    name: str
    born: int
    male: bool


def mixed(*values: int) -> int:
    """A number that looks drawn, of 32 bits; the same values give the same one."""
    made = 0x9E3779B9
    for value in values:
        made = ((made ^ value) * MIX) & MASK
        made ^= made >> 15
    return made


def size_of(home: int) -> int:
    """How many people the household has."""
    return SIZES[home // TEN % len(SIZES)]


def people_before(home: int) -> int:
    """How many people the households before this one of its district have."""
    tens, place = divmod(home, TEN)
    rounds, at = divmod(tens, len(SIZES))
    return TEN * (rounds * BEFORE[-1] + BEFORE[at]) + place * SIZES[at]


def born_of(home: int, today: int) -> int:
    """The day of the applicant's birth."""
    days = home // TEN * STRIDE % SPAN
    return today - int(AGES[home % TEN] * YEAR) - days


def is_man(division: int, home: int) -> bool:
    """Whether the applicant is a man."""
    return bool(mixed(division, home, 7) & 64)


def slots(home: int) -> Sequence[str]:
    """Who the members are, the applicant first."""
    size, age = size_of(home), AGES[home % TEN]
    if size == 1:
        return ("self",)
    chance = mixed(home, size) % 10
    if size == 2:
        return ("self", "spouse" if chance < 6 else "child" if chance < 9 or age > 40 else "parent")
    if size == 3:
        return ("self", "spouse", "child" if chance < 8 or age > 40 else "parent")
    # a second child is three years younger; where the first is not three yet, a grandparent lives with them
    small = age <= 36 and home // TEN * STRIDE % SPAN < 4 * 365
    return ("self", "spouse", "child", "parent" if small or (chance < 3 and age <= 40) else "second")


def applicant_name(division: int, home: int) -> str:
    """The applicant's name, which lists show."""
    return given(SURNAMES[mixed(division, home) % len(SURNAMES)], division, home, 0)


def given(surname: str, division: int, home: int, slot: int) -> str:
    """A name of two or three characters."""
    chance = mixed(division, home, slot, 3)
    first = GIVEN_FIRST[chance // 64 % len(GIVEN_FIRST)] if chance % 10 < 7 else ""
    return surname + first + GIVEN[chance // 4096 % len(GIVEN)]


def members(division: int, home: int, today: int) -> list[Human]:
    """All members of a household; `division` is the district's code. Raises ValueError past the room of numbers."""
    applicant, man, age = born_of(home, today), is_man(division, home), AGES[home % TEN]
    turn = home // TEN // SPAN * TEN + home % TEN
    prefix = f"{division // 100}{1 + turn // 100}{division % 10}"
    if turn >= 900:
        raise ValueError("a district has more households than there are numbers")
    shift = turn * 53 % 300
    surname = SURNAMES[mixed(division, home) % len(SURNAMES)]
    other = SURNAMES[mixed(division, home, 1) % len(SURNAMES)]
    found, listed = [], slots(home)
    for slot in listed:
        place = SLOTS[slot]
        born, male, family = applicant, man, surname
        if slot == "spouse":
            born, male, family = applicant + turn * 271 % 2400 - 900, not man, other
        elif slot == "parent":
            born, male = applicant - int(PARENT_GAP * YEAR) - shift, mixed(division, home, place) % 3 == 0
        elif place >= SLOTS["child"]:
            gap = age if age <= 36 else CHILD_GAP
            born = applicant + int((gap + 3 * (slot == "second")) * YEAR) - (shift if age > 36 else 0)
            male = bool(mixed(division, home, place) & 1)
            family = surname if man or "spouse" not in listed else other
        serial = place * ROOM + 2 * (turn % 100) + male
        number = synthetic_id(prefix, date.fromordinal(born), serial)
        found.append(Human(RELATION.get(slot, slot), number, given(family, division, home, place), born, male))
    return found


def present(household: Sequence[Human], day: int) -> list[tuple[int, Human]]:
    """The members as they were on an earlier day, with their places: who was born, and of a very young applicant
    himself alone."""
    if day - household[0].born < TOGETHER * YEAR:
        return [(0, household[0])]
    return [(place, human) for place, human in enumerate(household) if human.born <= day]


def name(random: Random) -> str:
    """A name for somebody of an office."""
    last = random.choice(GIVEN)
    return random.choice(SURNAMES) + (random.choice(GIVEN_FIRST) + last if random.random() < 0.7 else last)


def phone(number: int) -> str:
    """A telephone number in a range that no operator gave out."""
    return f"199{number % 100_000_000:08d}"
