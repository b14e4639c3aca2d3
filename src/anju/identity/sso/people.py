"""Whose accounts a provider's people may be: each kind of account says how it is found, and where its pages are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """A provider's word on a person: his number there, his name, and his telephone where the provider proved it."""

    subject: str
    name: str = ""
    phone: str = ""


@dataclass(frozen=True)
class People:
    """`by_phone(profile)` gives the account of a proven telephone, made where there is none, or None.

    `home`, `sign_in` and `bind` are the pages: where one arrives, where a failure is told, where an unknown person binds.
    """

    by_phone: Callable[[Profile], int | None]
    home: str
    sign_in: str
    bind: str


_PEOPLE: dict[str, People] = {}


Finder = Callable[[Profile], int | None]


def people(kind: str, *, home: str, sign_in: str, bind: str) -> Callable[[Finder], Finder]:
    """Declares how accounts of a kind are found by a telephone that a trusted provider proved."""

    def register(finder: Finder) -> Finder:
        _PEOPLE[kind] = People(finder, home, sign_in, bind)
        return finder

    return register


def people_of(kind: str) -> People:
    """What was declared for a kind."""
    return _PEOPLE[kind]
