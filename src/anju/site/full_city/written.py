"""What is known of a case while its rows are written, its own and those of the queue alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from anju.site.full_city.journeys import Journey
from anju.site.full_city.offices import Office
from anju.site.full_city.people import Human


@dataclass(frozen=True)
class Written:
    """A case on its way to its rows; `household` has the place of each member in the whole household."""

    id: int
    code: str
    at: int
    home: int
    office: Office
    submitted: datetime
    day: date
    household: list[tuple[int, Human]]
    journey: Journey
    own: bool
