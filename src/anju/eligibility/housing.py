"""Housing area per person: from what the registries answered to the figure that decides (SH-032.3).

Area per person = sum over owned housing of (floor area x owned share x factor of its kind) / persons counted. The
factors and the limit stand in rule tables, so a city changes them without a release and an old decision can be
computed again as of its day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from anju.kernel import clock
from anju.kernel.cases.models import Case, Check
from anju.kernel.compiled import Compiled
from anju.kernel.rules import decide

SOURCES = ("real_estate", "public_housing", "resettlement")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Housing:
    """The computation: total counted area, persons, area per person, the limit, and each term in words."""

    total: Decimal
    persons: int
    per_person: Decimal
    limit: Decimal
    passed: bool
    terms: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        joined = " + ".join(self.terms) or "0"
        return {
            "total": str(self.total),
            "persons": self.persons,
            "per_person": str(self.per_person),
            "limit": str(self.limit),
            "passed": self.passed,
            "formula": f"（{joined}）÷ {self.persons} = {self.per_person} ㎡",
            "over": str(max(Decimal(0), self.per_person - self.limit)),
        }


def compute(dwellings: list[dict[str, Any]], persons: int, *, on: date, division: str) -> Housing:
    """Area per person of a list of dwellings `{kind, area, share}` (area in ㎡ of floor, share from 0 to 1)."""
    terms, total = [], Decimal(0)
    for dwelling in dwellings:
        factor = Decimal(str(decide("housing_factor", on=on, division=division, kind=dwelling["kind"])["factor"]))
        area, share = Decimal(str(dwelling["area"])), Decimal(str(dwelling["share"]))
        total += area * share * factor
        terms.append(f"{area.normalize():f} × {(share * 100).normalize():f}% × {factor.normalize():f}")
    per_person = (total / persons).quantize(CENT, ROUND_HALF_UP)
    verdict = decide("public_rental_limits", on=on, division=division, per_person=per_person, persons=Decimal(persons))
    return Housing(
        total.quantize(CENT, ROUND_HALF_UP), persons, per_person, Decimal(str(verdict["limit"])), bool(verdict["passed"]),
        tuple(terms),
    )  # fmt: skip


# The verdicts without what was found, which is sealed.
VERDICTS = Compiled(lambda case: Check.objects.defer("sealed_facts").filter(case_id=case))


def verdicts_of(case: Case) -> list[Check]:
    """The checks of a case; what was found is read only where it is asked for."""
    return VERDICTS(case.pk)


def housing_of(case: Case, checks: Iterable[Check] | None = None) -> Housing | None:
    """The computation for a case, once the registries have answered; as of the day it was submitted."""
    answered = {check.kind for check in (verdicts_of(case) if checks is None else checks) if check.answered}
    if not answered.issuperset(SOURCES):
        return None
    dwellings = [each for source in SOURCES for each in case.facts.get(source, {}).get("dwellings", [])]
    return compute(dwellings, case.household_size, on=clock.local_date(case.submitted_at), division=case.division)
