"""What an outside system said, known again later: whether a form still holds the answer that was read into it.

Kept is not the answer but which fields it filled and a digest of what it put there, beside the draft and then among the
case's facts; nobody who fills in a form can write it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from anju.kernel.cases.models import Case
from anju.kernel.crypto import sm3
from anju.kernel.forms import load, validate

Data = Mapping[str, Any]
FACT = "fetched"


def mark_of(form: str, found: Data) -> dict[str, Any]:
    """The mark of an answer to a fetch: its fields in the form, and a digest of what it says, cleaned as answers are."""
    clean, _ = validate(load(form), found, draft=True)
    fields = sorted([section, key] for section, values in clean.items() for key in values)
    return {"fields": fields, "digest": _digest(fields, clean)}


def unaltered(marks: Mapping[str, Any], key: str, data: Data) -> bool:
    """Whether the data hold what the fetch of this key last said, every field of it."""
    mark = marks.get(key)
    return mark is not None and mark["digest"] == _digest(mark["fields"], data)


def as_fetched(case: Case, key: str) -> bool:
    """Whether a case's form holds what the fetch of this key said while it was filled in."""
    return unaltered(case.facts.get(FACT, {}), key, case.data)


def _digest(fields: list[list[str]], data: Data) -> str:
    values = [(data.get(section) or {}).get(key) for section, key in fields]
    return sm3(orjson.dumps(values, default=str, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS)).hex()
