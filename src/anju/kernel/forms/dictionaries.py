"""The data dictionary behind every choice: codes with titles and tones, from the packages' CSV files.

A dictionary whose entries live in tables of a context (divisions, operators) is handed in with `provide`; many of a kind,
which come and go while the city runs, with `provide_family`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from anju.kernel import definitions
from anju.kernel.errors import NotFound

TONES = frozenset({"run", "ok", "wait", "bad", "out", "fix", "idle"})


@dataclass(frozen=True)
class Entry:
    """One choice; the tone is how the pages colour it."""

    code: str
    title: str
    tone: str = "idle"


@dataclass(frozen=True)
class Dictionary:
    """A closed list of choices in its order."""

    key: str
    entries: tuple[Entry, ...]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __contains__(self, code: object) -> bool:
        return any(entry.code == code for entry in self.entries)

    def title(self, code: str, otherwise: str = "") -> str:
        """The title of a code, or `otherwise`."""
        return next((entry.title for entry in self.entries if entry.code == code), otherwise)

    def as_options(self) -> list[dict[str, str]]:
        """The entries as the API answers them."""
        return [{"code": entry.code, "title": entry.title, "tone": entry.tone} for entry in self.entries]


_provided: dict[str, Callable[[], Iterable[Entry]]] = {}


def provide(key: str, load: Callable[[], Iterable[Entry]]) -> None:
    """Has the entries of a dictionary come from a function, called each time, instead of a file."""
    _provided[key] = load


_families: dict[str, Callable[[], Mapping[str, Iterable[Entry]]]] = {}


def provide_family(prefix: str, load: Callable[[], Mapping[str, Iterable[Entry]]]) -> None:
    """Has all dictionaries whose key begins with `prefix` come from a function, called each time."""
    _families[prefix] = load


def dictionary(key: str) -> Dictionary:
    """A dictionary by key; raises `NotFound` for an unknown one."""
    if load := _provided.get(key):
        return Dictionary(key, tuple(load()))
    for prefix, family in _families.items():
        if key.startswith(prefix) and key in (found := family()):
            return Dictionary(key, tuple(found[key]))
    return _from_file(key)


def dictionaries() -> list[Dictionary]:
    """All dictionaries, by key."""
    single = [dictionary(key) for key in sorted({*definitions.files("dictionaries"), *_provided})]
    families = [found for load in _families.values() for found in load().items()]
    return [*single, *(Dictionary(key, tuple(entries)) for key, entries in families)]


@cache
def _from_file(key: str) -> Dictionary:
    path = definitions.find("dictionaries", key)
    if path is None:
        raise NotFound(f"没有字典 {key}", code="dictionary.unknown", advice="请检查字典的编码")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row.get("order") or 0))
    entries = tuple(Entry(row["code"], row["title"], row.get("tone") or "idle") for row in rows)
    if len({entry.code for entry in entries}) < len(entries) or any(entry.tone not in TONES for entry in entries):
        raise ValueError(f"{path}: a code stands twice, or a tone is none of {', '.join(sorted(TONES))}")
    return Dictionary(key, entries)
