"""登记册: a ledger of records from one declaration.

A context subclasses `Register`, names columns, filters, form, imports and rights, and puts `@declare` above it. List
with keyset paging, change with optimistic locking, field-level history, import, export, API and page follow.
"""

from typing import TYPE_CHECKING

from anju.kernel.lazy import lazily
from anju.kernel.registers.search import Search, search_index

if TYPE_CHECKING:
    from anju.kernel.registers.columns import Column, Link, Related, Section
    from anju.kernel.registers.declaring import declare
    from anju.kernel.registers.fields import Field, Wrong
    from anju.kernel.registers.filters import Between, Choice, DateBetween, Text
    from anju.kernel.registers.history import record as record_history
    from anju.kernel.registers.importing import FIND, Derivation, Examination, Import, Level, Row, RowWrong
    from anju.kernel.registers.pinyin import sort_key
    from anju.kernel.registers.register import REGISTERS, Action, Command, Guard, Register, Rights, View

__all__ = [
    "FIND", "REGISTERS", "Action", "Between", "Choice", "Column", "Command", "DateBetween", "Derivation",
    "Examination", "Field", "Guard", "Import", "Level",
    "Link", "Register", "Related", "Rights", "Row", "RowWrong", "Search", "Section", "Text", "View", "Wrong", "declare",
    "record_history", "search_index", "sort_key",
]  # fmt: skip

_HOMES = {
    **dict.fromkeys(["Column", "Link", "Related", "Section"], "columns"),
    **dict.fromkeys(["Field", "Wrong"], "fields"),
    **dict.fromkeys(["Between", "Choice", "DateBetween", "Text"], "filters"),
    **dict.fromkeys(["FIND", "Derivation", "Examination", "Import", "Level", "Row", "RowWrong"], "importing"),
    **dict.fromkeys(["REGISTERS", "Action", "Command", "Guard", "Register", "Rights", "View"], "register"),
    "declare": "declaring",
    "sort_key": "pinyin",
}


def __getattr__(name: str) -> object:
    if name == "record_history":
        from anju.kernel.registers.history import record

        return record
    return lazily(__name__, _HOMES)(name)
