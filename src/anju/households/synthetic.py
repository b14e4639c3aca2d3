"""Invented identity numbers and names for demonstrations and tests; no living person has them."""

from __future__ import annotations

from datetime import date

from anju.households.papers import check_digit


def synthetic_id(division: str, birth: date, serial: int) -> str:
    """An identity number with a correct check digit. `serial` is 0 to 999; odd serials are men's.

    The division should be one of the invented ones (3398.., 3399..), so that the number can belong to nobody.
    """
    if not 0 <= serial <= 999:
        raise ValueError("serial is three digits")
    first = f"{division}{birth:%Y%m%d}{serial:03d}"
    return first + check_digit(first)
