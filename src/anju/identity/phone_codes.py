"""Codes by text message, as identity asks for them; who keeps telephone codes (the residents' context) provides them.

Identity stands below that context, so the context hands its functions in when it is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Issue = Callable[[str, str, str], dict[str, int]]
Use = Callable[[str, str, str], None]
ACCOUNT = "account"


@dataclass(frozen=True)
class Keeper:
    """`issue(phone, purpose, address)` sends one; `use(phone, purpose, code)` uses one up, outside a transaction."""

    issue: Issue
    use: Use


_KEEPER: list[Keeper] = []


def provide(issue: Issue, use: Use) -> None:
    """Hands in who keeps telephone codes."""
    _KEEPER[:] = [Keeper(issue, use)]


def keeper() -> Keeper:
    """Who keeps telephone codes; a missing one is a fault of the installation (IndexError)."""
    return _KEEPER[0]
