"""Spreadsheet import: template, dry run, corrections, run in portions, failure file (PR-03).

An import writes one level of records or a chain of them (estate, building, unit, room in one sheet). The dry run
writes staging rows only; the run takes the good ones in set by set and marks each portion in the transaction that
brings it in, so that a killed worker repeats nothing. Personal text is staged sealed. Where records are made by the
services of a context, the import declares `write` and its rows come in one by one, still a portion a transaction.
"""

from anju.kernel.registers.importing.declaration import FIND, Derivation, Examination, Import, Level, RowWrong
from anju.kernel.registers.importing.row import Row

__all__ = ["FIND", "Derivation", "Examination", "Import", "Level", "Row", "RowWrong"]
