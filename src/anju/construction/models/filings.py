"""The matters between approval and sale: developers, plans, agreements, progress, bridging supply, recognition for sale."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.construction.models.matter import Matter, explain_matter
from anju.kernel.base import Owned
from anju.kernel.http import explain


class Developer(Matter):
    """建设主体: the developer a district intends for a base, with its qualification (SH-174)."""

    developer = models.CharField("拟确定建设单位", max_length=100)
    credit_code = models.CharField("统一社会信用代码", max_length=18)
    grade = models.CharField("资质等级", max_length=16)
    certificate = models.CharField("资质证书编号", max_length=60)
    valid_until = models.DateField("资质有效期至")
    source = models.CharField("资质来源", max_length=16)


class Plan(Matter):
    """项目建设计划: what a district plans to build on a base in a year; published once confirmed (SH-173)."""

    year = models.PositiveSmallIntegerField("上报年份")
    published_on = models.DateField("发布日期", null=True, blank=True)

    class Meta(Matter.Meta):
        constraints = [
            *Matter.Meta.constraints,
            models.CheckConstraint(
                condition=Q(published_on__isnull=True) | Q(state="confirmed"), name="construction_plan_published"
            ),
        ]


class PlanPlot(Owned):
    """A plot of a plan, adjustable once the plan is published."""

    plan = models.ForeignKey(Plan, models.CASCADE, verbose_name="建设计划", related_name="plots")
    plot_no = models.CharField("地块编号", max_length=60)
    housing_type = models.CharField("原规划房屋类型", max_length=60)
    land_area = models.DecimalField("规划用地面积", max_digits=12, decimal_places=2)
    plot_ratio = models.DecimalField("规划容积率", max_digits=5, decimal_places=2)
    floor_area = models.DecimalField("规划建筑面积", max_digits=14, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "plot_no"], name="construction_plot_once"),
            models.CheckConstraint(
                condition=Q(land_area__gt=0, floor_area__gt=0, plot_ratio__gt=0), name="construction_plot_areas"
            ),
        ]
        indexes = [models.Index(fields=["plot_no", "id"], name="cons_plot_by_number")]

    def __str__(self) -> str:
        return self.plot_no


class Implementation(Matter):
    """计划实施: how far the plan of a plot is carried out (SH-175)."""

    land_area = models.DecimalField("规划用地面积", max_digits=12, decimal_places=2)
    plot_ratio = models.DecimalField("规划容积率", max_digits=5, decimal_places=2)
    floor_area = models.DecimalField("可建建筑面积", max_digits=14, decimal_places=2)
    bounds = models.CharField("地块四至范围", max_length=300)
    reported_on = models.DateField("填报截至日期")


class Edition(Matter):
    """What is kept by class: of a project and a class (`kind`) one is in force, a newer one supersedes it."""

    kind: models.CharField[str, str]
    edition = models.PositiveSmallIntegerField("版次", default=0, db_default=0)
    standing = models.CharField("效力", max_length=12, default="draft", db_default="draft")

    class Meta(Matter.Meta):
        abstract = True
        constraints = [
            *Matter.Meta.constraints,
            models.UniqueConstraint(
                fields=["division", "project_name", "kind"], condition=Q(standing="current"),
                name="construction_%(class)s_current",
            ),
            models.CheckConstraint(
                condition=Q(standing="draft", edition=0)
                | Q(standing__in=("current", "superseded"), edition__gt=0, state="confirmed"),
                name="construction_%(class)s_edition",
            ),
        ]  # fmt: skip


class Agreement(Edition):
    """建设项目协议: stored by class; a newer one of the same class and project supersedes it (SH-176)."""

    kind = models.CharField("协议类别", max_length=16)
    developer = models.CharField("建设单位", max_length=100)
    company = models.CharField("项目公司", max_length=100)
    housing_type = models.CharField("计划保障房类型", max_length=32)
    price = models.DecimalField("建房协议价格", max_digits=12, decimal_places=2)


class Progress(Matter):
    """项目建设进度: a report of early procedures, buildings and delivery (SH-177)."""

    reported_on = models.DateField("填报截至日期")
    building_permit = models.CharField("建筑工程施工许可证", max_length=80)
    buildings = models.PositiveSmallIntegerField("楼幢数", default=0)
    percent = models.PositiveSmallIntegerField("平均完成比例", default=0)
    delivered = models.PositiveSmallIntegerField("已交付楼幢", default=0)

    class Meta(Matter.Meta):
        constraints = [
            *Matter.Meta.constraints,
            models.CheckConstraint(condition=Q(percent__lte=100), name="construction_progress_percent"),
        ]


class BuildingProgress(Owned):
    """A building in a progress report: stage, planned first delivery, and the certificates of its delivery."""

    report = models.ForeignKey(Progress, models.CASCADE, verbose_name="进度填报", related_name="rows")
    name = models.CharField("楼幢", max_length=40)
    stage = models.CharField("建设进度", max_length=16)
    percent = models.PositiveSmallIntegerField("完成比例")
    delivery_on = models.DateField("计划首次交付时间")
    delivery_permit = models.CharField("交付使用许可证", max_length=80, default="", blank=True)
    master_title = models.CharField("房地产权证（大产证）", max_length=80, default="", blank=True)
    delivered_on = models.DateField("交付日期", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "name"], name="construction_building_once")]
        indexes = [models.Index(fields=["delivery_on", "id"], name="cons_building_by_delivery")]

    def __str__(self) -> str:
        return self.name


class Bridging(Matter):
    """搭桥供应: a need, its entry into the supply stock, and the supply order (SH-178); prices in yuan a square metre."""

    developer = models.CharField("建设单位", max_length=100)
    unit_kind = models.CharField("房源类型", max_length=32)
    units = models.PositiveIntegerField("需求套数")
    price = models.DecimalField("供应均价", max_digits=12, decimal_places=2)
    matter = models.CharField("办理事项", max_length=200)
    supply_state = models.CharField("供应状态", max_length=12, default="asked")
    stocked_on = models.DateField("入库日期", null=True)
    ordered_units = models.PositiveIntegerField("供应套数", null=True)
    ordered_price = models.DecimalField("供应单均价", max_digits=12, decimal_places=2, null=True)
    supply_on = models.DateField("供应日期", null=True)
    order_note = models.CharField("供应单说明", max_length=300, default="", db_default="", blank=True)

    class Meta(Matter.Meta):
        constraints = [
            *Matter.Meta.constraints,
            models.CheckConstraint(
                condition=Q(supply_state="asked")
                | Q(supply_state__in=("stocked", "ordered"), stocked_on__isnull=False),
                name="construction_bridging_stocked",
            ),
            models.CheckConstraint(
                condition=~Q(supply_state="ordered") | Q(ordered_units__isnull=False),
                name="construction_bridging_ordered",
            ),
        ]


class SaleRecognition(Edition):
    """预售认定: whether a project may be recognised for pre-sale; its sheet is kept by class, in editions (SH-179)."""

    developer = models.CharField("建设单位", max_length=100)
    kind = models.CharField("认定类别", max_length=32)
    floor_area = models.DecimalField("申请认定面积", max_digits=14, decimal_places=2)
    units = models.PositiveIntegerField("申请认定套数")
    stage = models.CharField("形象进度", max_length=16)
    sale_on = models.DateField("拟预售日期")


for _name in ("developer", "plan", "implementation", "agreement", "progress", "bridging", "salerecognition"):
    explain_matter(_name)
explain("construction_plan_published", "construction.plan_unconfirmed", "没有确认的计划不能发布", "等市级确认后再发布")
explain("construction_plot_once", "construction.plot_twice", "计划里地块编号重复", "请核对地块编号", "plot_no")
explain("construction_plot_areas", "construction.area", "面积和容积率应大于 0", "请核对地块数据", "floor_area")
for _name, _title in (("agreement", "协议"), ("salerecognition", "认定单")):
    explain(
        f"construction_{_name}_current", "construction.edition_current", f"这类{_title}已有现行版本", "请刷新后重试"
    )
    explain(f"construction_{_name}_edition", "construction.edition", f"没有确认的{_title}没有版次", "确认后自动编版次")
explain("construction_progress_percent", "construction.percent", "完成比例不能超过 100%", "请核对楼幢进度")
explain("construction_building_once", "construction.building_twice", "楼幢重复", "请核对楼幢", "name")
explain("construction_bridging_stocked", "construction.not_stocked", "没有入库的不能供应", "等市级确认入库")
explain("construction_bridging_ordered", "construction.not_ordered", "供应单须有供应套数", "请填写供应单")
