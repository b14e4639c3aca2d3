"""What a screen shows of personal data to someone who need not see all of it."""

from __future__ import annotations


def _middle(text: str, head: int, tail: int) -> str:
    """All but the first and last characters starred; everything starred when too little would be hidden."""
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def mask_id_number(number: str) -> str:
    """`310115199003071234` → `310115********1234`; passports and the like keep two characters at either end."""
    return _middle(number, 6, 4) if len(number) >= 15 else _middle(number, 2, 2)


def mask_phone(number: str) -> str:
    """`13812346205` → `138****6205`."""
    return _middle(number, 3, 4) if len(number) >= 11 else _middle(number, 1, 2)


def mask_card(number: str) -> str:
    """A bank card's number: its last four digits only."""
    return _middle(number, 0, 4)


def mask_name(name: str) -> str:
    """王建华 → 王*华, 王芳 → 王*; names with more characters keep the first and the last."""
    if len(name) <= 2:
        return name[:1] + "*" * (len(name) - 1)
    return _middle(name, 1, 1)
