"""Giving the next number of a series, and writing numbers as offices write them."""

from __future__ import annotations

import re

from django.db import connection

_NEXT = """
    INSERT INTO numbering_counter AS c (kind, area, year, last) VALUES (%s, %s, %s, 1)
    ON CONFLICT (kind, area, year) DO UPDATE SET last = c.last + 1
    RETURNING last
"""
_PLACE = re.compile(r"\{(\w*)(?::0?(\d{1,2})d?)?\}")


def next_number(kind: str, *, area: str = "", year: int) -> int:
    """The next number of a series, from 1.

    The series stays locked until the caller's transaction ends, and a rollback gives the number back: so take it late,
    when nothing can fail any more but the commit. Outside a transaction it raises RuntimeError, because the number
    would be used up even if what it was for is never saved.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a number is taken inside the transaction that uses it")
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [kind, area, year])
        return int(cursor.fetchone()[0])


def format_number(pattern: str, *, division: str = "", year: int, serial: int) -> str:
    """A number as people read it: `GZ{division}{year}{serial:06d}` gives `GZ3399012026000123`.

    Only `{division}`, `{year}` and `{serial}` are known, each with an optional width filled with zeros; a serial that
    has outgrown its width is written in full. Raises ValueError for any other place.
    """
    values: dict[str, str] = {"division": division, "year": str(year), "serial": str(serial)}

    def put(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise ValueError(f"{found[0]} is not division, year or serial")
        return values[found[1]].zfill(int(found[2] or 0))

    written = _PLACE.sub(put, pattern)
    if "{" in written or "}" in written:
        raise ValueError(f"{pattern!r} has a place that cannot be read")
    return written
