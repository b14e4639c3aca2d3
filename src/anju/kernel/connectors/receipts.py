"""What a department answers to a message that it is told, where nothing else is asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True)
class Receipt:
    """The department's receipt for a message; `first` says whether it was the first of its id."""

    push_id: str
    receipt: Annotated[str, Field(min_length=1, max_length=64)]
    first: bool
