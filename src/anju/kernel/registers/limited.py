"""A register as one actor sees it: without hidden fields, with masked ones covered, with what he may change in its form.

Everything that reads or writes rows for somebody takes the register from here, so that lists, panels, histories,
look-ups, exports, changes and the description for the page agree.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from anju.kernel.registers.attributes import extended
from anju.kernel.registers.columns import Column, Section
from anju.kernel.registers.fields import Field
from anju.kernel.registers.register import Register
from anju.kernel.registers.search import Search
from anju.kernel.scope import Actor
from anju.kernel.scope.fields import EDITABLE, HIDDEN, MASKED, cover, level_of, limits_of

Variant = tuple[tuple[str, str], ...]
_KEPT: dict[tuple[str, Variant], Register[Any]] = {}


def limited(register: Register[Any], actor: Actor) -> Register[Any]:
    """The register for an actor, with the city's attributes; the register itself where no role limits a field of it."""
    register = extended(register)
    limits = limits_of(actor, register.rights.base)
    if not limits:
        return register
    variant = (*register.variant, *sorted(limits.items()))
    kept = _KEPT.get((register.key, variant))
    if kept is None:
        if len(_KEPT) > 500:
            _KEPT.clear()
        kept = _KEPT[register.key, variant] = made(register, limits, variant)
    return kept


def made(register: Register[Any], limits: Mapping[str, str], variant: Variant) -> Register[Any]:
    """A copy of the register with less in it."""
    levels = {
        key: level_of(limits, key) for key in [*register.own, *register.filter_of, *(f.key for f in register.form)]
    }
    unseen = {key for key, level in levels.items() if level in {HIDDEN, MASKED}}
    hidden = {key for key, level in levels.items() if level == HIDDEN}
    columns = [covered(column) if levels[column.key] == MASKED else column for column in register.columns]
    columns = [column for column in columns if column.key not in hidden]
    form = [item for item in register.form if levels[item.key] == EDITABLE]
    filters = [item for item in register.filters if item.key not in unseen]
    search = register.search
    if search is not None:
        open_ = [name for name in search.fields if level_of(limits, name) not in {HIDDEN, MASKED}]
        if len(open_) < len(search.fields):
            search = Search(open_, search.placeholder) if open_ else None
    less = copy.copy(register)
    vars(less).update(
        variant=variant,
        barred=frozenset(unseen),
        locked_out=locked_out(register, levels),
        columns=columns,
        own={column.key: column for column in columns},
        field_of={column.key: register.field_of[column.key] for column in columns},
        form=form,
        filters=filters,
        filter_of={item.key: item for item in filters},
        filter_field={item.key: register.filter_field[item.key] for item in filters},
        search=search,
        views=[view for view in register.views if not unseen & set(view.filters)],
        order=register.order if register.order.removeprefix("-") not in unseen else "-id",
        heading=tuple("" if key in hidden else key for key in register.heading),
        badges=[key for key in register.badges if key not in unseen],
        detail=[Section(each.title, [key for key in each.keys if key not in hidden]) for each in register.detail],
        extra=tuple(dict.fromkeys(c.link.id for c in columns if c.link and c.link.id not in register.own)),
    )
    return less


def covered(column: Column) -> Column:
    """A column whose value is covered: with its own mask where it has one, neither sorted nor linked."""
    return replace(
        column,
        masked=column.masked or cover,
        type="masked",
        dictionary=None,
        link=None,
        sort="",
        money=False,
        subject=False,
    )


def locked_out(register: Register[Any], levels: Mapping[str, str]) -> tuple[Field, ...]:
    """Required fields that the actor may not fill in: he cannot add rows."""
    return tuple(f for f in register.form if f.required and f.default is None and levels[f.key] != EDITABLE)
