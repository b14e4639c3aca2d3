"""测绘面积: an area that was declared beside the one that was measured, within a tolerance that is the city's to set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from anju.kernel.registers.dictionaries import titles
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


@dataclass(frozen=True)
class Measured:
    """A room as it was surveyed; what the survey does not say is None or empty."""

    floor: int | None
    layout: str
    floor_area: Decimal | None


def contradictions(room_no: str, declared: Measured, measured: Measured, allowed: Decimal) -> Iterator[tuple[str, str]]:
    """What is declared of a room otherwise than it was surveyed: the field, and the sentence; `allowed` in percent."""
    if None not in (measured.floor, declared.floor) and measured.floor != declared.floor:
        yield "floor", f"测绘成果里 {room_no} 室在第 {measured.floor} 层，不在第 {declared.floor} 层"
    if measured.layout and declared.layout and measured.layout != declared.layout:
        words = titles("layout")
        old, new = (words.get(each.layout, each.layout) for each in (measured, declared))
        yield "layout", f"测绘户型是{old}，不是{new}"
    if measured.floor_area and declared.floor_area is not None:
        compared = AreaCompared(declared.floor_area, measured.floor_area, allowed)
        if not compared.agrees:
            yield (
                "floor_area",
                f"建筑面积 {declared.floor_area} ㎡，测绘为 {compared.words}，超出允许误差 {allowed}%",
            )
