"""Whose name stands on a paper of construction: the district's office, or the city's."""

from __future__ import annotations

from anju.identity.services import offices
from anju.kernel.cases.models import Case


def district_of(case: Case) -> str:
    """The name of the district's housing office."""
    return next((each.name for each in offices(kind="district", division=case.division)), city_office())


def city_office() -> str:
    """The name of the city's housing office."""
    return next((each.name for each in offices(kind="city")), "")
