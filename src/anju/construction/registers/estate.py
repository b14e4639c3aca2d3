"""大居项目核定 as a list (SH-171)."""

from __future__ import annotations

from anju.construction.models import LargeEstate
from anju.construction.registers.common import MatterRegister, columns, detail
from anju.kernel.registers import Column, Rights, declare


@declare
class LargeEstateRegister(MatterRegister[LargeEstate]):
    """Large residential estates, filed and approved."""

    key, title, icon = "construction.estates", "大居项目核定", "trees"
    model = LargeEstate
    rights = Rights("construction.estate")
    columns = columns(
        Column("base_name", width=160),
        Column("plot_no", width=120),
        Column("developer", width=220),
        Column("total_investment", type="number", unit="万元", width=150),
        Column("floor_area", unit="㎡", width=130),
        Column("scale", listed=False),
    )
    detail = detail("base_name", "plot_no", "developer", "total_investment", "floor_area", "scale")
