"""What was confirmed, published or taken back of a project, and what the district said of it (SH-184, SH-187)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.kernel.base import Owned
from anju.kernel.http import explain
from anju.supply.models.project import Project


class PublicationAct(models.TextChoices):
    """Acts on many units of a project at once."""

    CONFIRM = "confirm", "确认房源"
    UNDO = "undo", "取消确认"
    PUBLISH = "publish", "发布"
    WITHDRAW = "withdraw", "回退发布"
    RECOVER = "recover", "回收房源"


class Publication(Owned):
    """One act on units of a project: who, when, how many, and what could be let after it."""

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")
    act = models.CharField("办理", max_length=16, choices=PublicationAct.choices)
    units = models.PositiveIntegerField("套数")
    rentable = models.PositiveIntegerField("办理后可租套数")
    at = models.DateTimeField("时间")
    by_name = models.CharField("经办人", max_length=50, default="")
    note = models.CharField("说明", max_length=200, default="", blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(units__gt=0), name="supply_publication_units")]
        indexes = [models.Index(fields=["-at", "-id"], name="supply_publication_newest")]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.units} 套"


class ReviewResult(models.TextChoices):
    """What the district finds."""

    PASSED = "passed", "信息准确、合规"
    RETURNED = "returned", "需要更正"


class SupplyReview(Owned):
    """The district's opinion on the confirmed units of a project; stays on record as it was given."""

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")
    result = models.CharField("审核结果", max_length=16, choices=ReviewResult.choices)
    accuracy = models.CharField("信息准确性意见", max_length=500)
    compliance = models.CharField("合规性意见", max_length=500)
    units = models.PositiveIntegerField("审核时已确认套数")
    at = models.DateTimeField("审核时间")
    by_name = models.CharField("审核人", max_length=50, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(accuracy="") & ~Q(compliance=""), name="supply_supplyreview_opinion"),
            models.CheckConstraint(
                condition=Q(result__in=ReviewResult.values) & (Q(units__gt=0) | Q(result=ReviewResult.RETURNED)),
                name="supply_supplyreview_result",
            ),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="supply_supplyreview_newest")]

    def __str__(self) -> str:
        return f"{self.get_result_display()} {self.at:%Y-%m-%d}"


explain("supply_publication_units", "supply.nothing_to_do", "没有可以办理的房源", "请刷新后查看房源状态")
explain("supply_supplyreview_opinion", "supply.opinion_missing", "请填写准确性和合规性意见", "", "accuracy")
explain(
    "supply_supplyreview_result", "supply.nothing_confirmed", "这个项目还没有已确认的房源", "请先确认房源", "result"
)
explain(
    "supply_unit_review_returned", "supply.review_returned", "区级审核意见为“需要更正”，不能发布",
    "请更正后由区级重新填写审核意见",
)  # fmt: skip
