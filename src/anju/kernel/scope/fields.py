"""What of the fields somebody sees: hidden, masked, shown but not changed, or as declared.

`Actor.fields` maps the base of a register's rights (`supply.unit`) to fields and levels. A level for `project` holds for
`project.name` too, and the other way round: what cannot be seen by one name cannot be seen by the other.
"""

from __future__ import annotations

from collections.abc import Mapping

from anju.kernel.scope.actor import Actor

HIDDEN, MASKED, SHOWN, EDITABLE = LEVELS = ("hidden", "masked", "shown", "editable")
COVER = "＊＊＊"


def level_of(limits: Mapping[str, str], key: str) -> str:
    """The level of a field: the strictest that is said of it, of what it is part of, or of a part of it."""
    said = [
        level
        for name, level in limits.items()
        if name == key or key.startswith(f"{name}.") or name.startswith(f"{key}.")
    ]
    return min(said, key=LEVELS.index) if said else EDITABLE


def limits_of(actor: Actor, base: str) -> Mapping[str, str]:
    """The fields of a base that the actor may not see or change as declared."""
    return actor.fields.get(base, {})


def cover(value: object) -> str:
    """What stands for a value that is masked by a role."""
    return COVER if value not in (None, "") else ""
