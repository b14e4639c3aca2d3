"""The tree of offices."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from anju.kernel.base import Stamped
from anju.kernel.http import explain


class OrganisationKind(models.TextChoices):
    """What an organisation is."""

    CITY = "city", "市级机构"
    DISTRICT = "district", "区级机构"
    STREET = "street", "街道"
    OPERATOR = "operator", "运营机构"
    DEVELOPER = "developer", "建设单位"


class Organisation(Stamped):
    """A node of the tree of offices. `path` holds the ids from the root, such as `/1/4/17/`, its own included.

    `governed`: its people work within what it has been granted (SH-227.3), not within what its superior may do.
    """

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="children", verbose_name="上级"
    )
    name = models.CharField("名称", max_length=100)
    kind = models.CharField("类别", max_length=12, choices=OrganisationKind.choices)
    code = models.CharField("代码", max_length=30, unique=True)
    division = models.CharField("行政区划", max_length=6)
    phone = models.CharField("电话", max_length=30, default="", blank=True)
    path = models.CharField("路径", max_length=200, default="/")
    active = models.BooleanField("启用", default=True)
    governed = models.BooleanField("按授权用权", default=False)
    ended_on = models.DateField("撤并日期", null=True, blank=True)
    ended_reason = models.CharField("撤并原因", max_length=200, default="", blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="并入机构"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="identity_organisation_not_own_parent"),
            models.CheckConstraint(condition=Q(division__regex=r"^\d{6}$"), name="identity_organisation_division"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(active=False), name="identity_organisation_ended_is_closed"
            ),
        ]
        indexes = [
            models.Index(fields=["path"], name="identity_organisation_path", opclasses=["text_pattern_ops"]),
            models.Index(fields=["id"], name="identity_organisation_governed", condition=Q(governed=True)),
        ]

    def __str__(self) -> str:
        return self.name


class ChangeKind(models.TextChoices):
    """What befell an organisation."""

    MOVE = "move", "移动"
    MERGE = "merge", "并入"


class OrganisationChange(models.Model):
    """A move or a merger, kept for good: from where to where, why, by whom, how many rows went along."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="机构")
    kind = models.CharField("变更", max_length=10, choices=ChangeKind.choices)
    before = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="原上级机构"
    )
    after = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="现上级或并入机构")
    old_path = models.CharField("原路径", max_length=200)
    new_path = models.CharField("新路径", max_length=200)
    reason = models.CharField("原因", max_length=200)
    rows = models.BigIntegerField("随迁记录", default=0)
    at = models.DateTimeField("时间")
    actor = models.CharField("经办", max_length=64)
    actor_name = models.CharField("经办人", max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ChangeKind.values), name="identity_organisationchange_kind")
        ]
        indexes = [models.Index(fields=["at", "id"], name="identity_organisationchange_at")]


explain("identity_organisation_code_key", "organisation.exists", "机构代码已存在", "请换一个代码", "code")
explain("identity_organisation_circle", "organisation.circle", "机构不能移到自己的下级", "请选择其他上级机构", "parent")
explain(
    "identity_organisation_not_own_parent",
    "organisation.circle",
    "机构不能以自己为上级",
    "请选择其他上级机构",
    "parent",
)
