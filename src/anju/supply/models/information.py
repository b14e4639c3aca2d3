"""供应信息: what people are told of a project, in six parts, with its pictures, plans and video (SH-181).

One row a project: 基本信息, 视频信息, 配套信息, 配租规则, 便民信息, 办理须知. Pictures and the video lie beside it, one row a
file. `version` grows with every change; `told_version` is the one that the data hub was told last.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from anju.kernel.base import Stamped
from anju.kernel.http import explain
from anju.supply.models.project import Project
from anju.supply.models.unit import Unit

RULES, CONVENIENCES, NOTES = 2000, 500, 2000


class Allocation(models.TextChoices):
    """How a project's units are given out."""

    CENTRAL = "central", "集中配租"
    REGULAR = "regular", "常态配租"


class Told(Stamped):
    """A row that the data hub follows: `version` is the present state, `told_version` the one it was told last."""

    told_version = models.PositiveIntegerField("已推送的版本", default=0)
    told_at = models.DateTimeField("推送时间", null=True)

    class Meta:
        abstract = True


class ProjectInformation(Told):
    """The supply information of a project; rents in yuan a month, the price in yuan a square metre and month."""

    project = models.OneToOneField(Project, models.PROTECT, verbose_name="项目", related_name="information")
    allocation = models.CharField("配租方式", max_length=16, choices=Allocation.choices, default=Allocation.REGULAR)
    supply_on = models.DateField("供应日期", null=True)
    price = models.DecimalField("供应价格（元/㎡·月）", max_digits=8, decimal_places=2, null=True)
    rent_from = models.DecimalField("租金水平下限（元/月）", max_digits=10, decimal_places=2, null=True)
    rent_to = models.DecimalField("租金水平上限（元/月）", max_digits=10, decimal_places=2, null=True)
    accept_from = models.DateField("受理开始日期", null=True)
    accept_until = models.DateField("受理截止日期", null=True)
    supply_from = models.DateField("集中供应开始日期", null=True)
    supply_until = models.DateField("集中供应截止日期", null=True)
    contact = models.CharField("联系人", max_length=50, default="")
    contact_phone = models.CharField("联系电话", max_length=30, default="")
    hours = models.CharField("接待时间", max_length=100, default="")
    transport = models.TextField("交通", default="")
    fittings = models.JSONField("房屋配套", default=list)
    rules = models.TextField("配租规则", default="")
    conveniences = models.TextField("便民信息", default="")
    notes = models.TextField("办理须知", default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=LessThanOrEqual(Length("rules"), RULES), name="supply_info_rules"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("conveniences"), CONVENIENCES), name="supply_info_conveniences"
            ),
            models.CheckConstraint(condition=LessThanOrEqual(Length("notes"), NOTES), name="supply_info_notes"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("transport"), CONVENIENCES), name="supply_info_transport"
            ),
            models.CheckConstraint(
                condition=Q(accept_until__gte=F("accept_from")) & Q(supply_until__gte=F("supply_from")),
                name="supply_info_periods",
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0) & Q(rent_from__gte=0) & Q(rent_to__gte=F("rent_from")),
                name="supply_info_rents",
            ),
            models.CheckConstraint(condition=Q(allocation__in=Allocation.values), name="supply_info_allocation"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=~Q(version=F("told_version")), name="supply_info_untold"),
        ]


class MediumKind(models.TextChoices):
    """What a file of a project shows."""

    PICTURE = "picture", "项目照片"
    PLAN = "plan", "户型图"
    ROOM = "room", "房源图"
    VIDEO = "video", "项目视频"
    COVER = "cover", "视频封面"


class ProjectMedium(models.Model):
    """A picture, layout plan, video or cover of a project, for everybody to see.

    Its number is the picture number (房源图编号) that the city app asks with; another file gets another number. A room's
    picture belongs to a layout of the project or to one of its units.
    """

    project = models.ForeignKey(Project, models.CASCADE, verbose_name="项目", related_name="media", db_index=False)
    kind = models.CharField("类别", max_length=8, choices=MediumKind.choices)
    layout = models.CharField("户型", max_length=32, default="")
    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name="房源", related_name="+", null=True)
    title = models.CharField("说明", max_length=60, default="")
    file_id = models.BigIntegerField("文件")
    mime = models.CharField("类型", max_length=40)
    size = models.PositiveIntegerField("字节数")
    created_at = models.DateTimeField("上传时间")
    created_by = models.CharField("上传人", max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind"],
                condition=Q(kind__in=[MediumKind.VIDEO, MediumKind.COVER]),
                name="supply_medium_one_video",
            ),
            models.UniqueConstraint(
                fields=["project", "layout"], condition=Q(kind=MediumKind.PLAN), name="supply_medium_one_plan"
            ),
            models.CheckConstraint(condition=Q(kind__in=MediumKind.values), name="supply_medium_kind"),
            models.CheckConstraint(
                condition=~Q(kind__in=[MediumKind.PLAN, MediumKind.ROOM]) | ~Q(layout=""), name="supply_medium_layout"
            ),
        ]
        indexes = [models.Index(fields=["project", "kind", "id"], name="supply_medium_of_project")]


explain("supply_info_rules", "supply.rules_too_long", f"配租规则最多 {RULES} 字", "请删减后再保存", "rules")
explain(
    "supply_info_conveniences", "supply.conveniences_too_long", f"便民信息最多 {CONVENIENCES} 字", "请删减后再保存",
    "conveniences",
)  # fmt: skip
explain("supply_info_notes", "supply.notes_too_long", f"办理须知最多 {NOTES} 字", "请删减后再保存", "notes")
explain("supply_info_transport", "supply.transport_too_long", f"交通最多 {CONVENIENCES} 字", "", "transport")
explain("supply_info_periods", "supply.period_reversed", "截止日期不能早于开始日期", "请核对受理和供应的起止日期")
explain("supply_info_rents", "supply.rent_range", "租金不能为负数，上限不能低于下限", "请核对租金水平", "rent_to")
explain(
    "supply_info_allocation", "supply.allocation_unknown", "没有这种配租方式", "请选集中配租或常态配租", "allocation"
)
explain("supply_medium_one_video", "supply.video_there", "项目已有视频，正在被另一人更换", "请刷新后再试", "file")
explain("supply_medium_one_plan", "supply.plan_there", "这个户型的图正在被另一人更换", "请刷新后再试", "file")
explain("supply_medium_layout", "supply.layout_missing", "户型图和房源图须注明户型", "请选择户型", "layout")
