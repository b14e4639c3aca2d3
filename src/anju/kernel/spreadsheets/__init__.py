"""Spreadsheets: what people send is read within bounds, and templates are written for them to fill in."""

from anju.kernel.spreadsheets.reading import (
    EXCEL_ERRORS,
    MAX_BYTES,
    MAX_ROWS,
    NotReadable,
    Sheet,
    WrongColumns,
    bare,
    read,
    refuse_headers,
)
from anju.kernel.spreadsheets.writing import DATA, XLSX, Head, limits, template, titles

__all__ = [
    "DATA",
    "EXCEL_ERRORS",
    "MAX_BYTES",
    "MAX_ROWS",
    "XLSX",
    "Head",
    "NotReadable",
    "Sheet",
    "WrongColumns",
    "bare",
    "limits",
    "read",
    "refuse_headers",
    "template",
    "titles",
]
