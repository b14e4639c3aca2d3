"""测绘面积: an area that was declared beside the one that was measured, within a tolerance that is the city's to set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from anju.kernel.rules import decide

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class AreaCompared:
    """Two areas in square metres; `percent` is the difference as a share of the measured one, `allowed` its bound."""

    declared: Decimal
    measured: Decimal
    allowed: Decimal

    @property
    def difference(self) -> Decimal:
        """What was declared too much, negative for too little."""
        return self.declared - self.measured

    @property
    def percent(self) -> Decimal:
        """The difference in percent of the measured area, to hundredths; a home measured with nothing differs wholly."""
        if not self.measured:
            return Decimal(100) if self.declared else Decimal(0)
        return (self.difference * 100 / self.measured).quantize(HUNDREDTH, ROUND_HALF_UP)

    @property
    def agrees(self) -> bool:
        """Whether the difference is within what is allowed, the bound itself included."""
        return abs(self.difference) * 100 <= self.allowed * self.measured

    @property
    def words(self) -> str:
        """The measured area with the difference, as a reviewer reads it."""
        if not self.difference:
            return f"{self.measured} ㎡"
        return f"{self.measured} ㎡，相差 {self.difference:+} ㎡（{self.percent:+}%）"


def area_tolerance(use: str, *, on: date, division: str) -> Decimal:
    """How many percent a declared area may differ from the measured one; `use` is linking, permit or recognition."""
    return Decimal(str(decide("survey_area_tolerance", on=on, division=division, use=use)["percent"]))
