"""Spreadsheet import: template, dry run, corrections, run in portions, failure file (PR-03).

An import writes one level of records or a chain of them (estate, building, unit, room in one sheet). The dry run
writes staging rows only; the run takes the good ones in set by set and marks each portion in the transaction that
brings it in, so that a killed worker repeats nothing.
"""

from anju.kernel.registers.importing.declaration import Import, Level, RowWrong

__all__ = ["Import", "Level", "RowWrong"]
