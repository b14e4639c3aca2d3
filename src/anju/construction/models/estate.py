"""大居项目核定: the approval of a large residential estate's scope and scale (SH-171)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.construction.models.matter import Matter, explain_matter
from anju.kernel.http import explain


class LargeEstate(Matter):
    """What a developer declares of a large estate: money in 10,000 yuan, areas in square metres."""

    developer = models.CharField("建设单位", max_length=100)
    total_investment = models.DecimalField("项目总投资额（万元）", max_digits=14, decimal_places=2)
    floor_area = models.DecimalField("房屋建筑面积", max_digits=14, decimal_places=2)
    scale = models.CharField("建设工程规模", max_length=500)

    class Meta(Matter.Meta):
        constraints = [
            *Matter.Meta.constraints,
            models.CheckConstraint(condition=Q(total_investment__gt=0), name="construction_largeestate_investment"),
            models.CheckConstraint(condition=Q(floor_area__gt=0), name="construction_largeestate_area"),
        ]


explain_matter("largeestate")
explain(
    "construction_largeestate_investment", "construction.investment", "项目总投资额应大于 0", "", "total_investment"
)
explain("construction_largeestate_area", "construction.area", "房屋建筑面积应大于 0", "", "floor_area")
