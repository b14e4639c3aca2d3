"""计划实施: a district reports how a plot's plan is carried out, the city confirms (SH-175)."""

from __future__ import annotations

from anju.construction.kinds import CITY, matter
from anju.construction.models import Implementation

IMPLEMENTATION = matter(
    key="implementation",
    right="construction.implementation.file",
    title="计划实施情况",
    subtitle="地块的实施情况，市级确认",
    mark="SS",
    form="plan_implementation",
    process=CITY,
    model=Implementation,
    columns={
        "project_name": "plot.project_name",
        "base_name": "plot.base_name",
        "plot_no": "plot.plot_no",
        "land_area": "plot.land_area",
        "plot_ratio": "plot.plot_ratio",
        "floor_area": "plot.floor_area",
        "bounds": "plot.bounds",
        "reported_on": "state.reported_on",
    },
)
