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


class Organisation(Stamped):
    """A node of the tree of offices. `path` holds the ids from the root, such as `/1/4/17/`, its own included."""

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

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="identity_organisation_not_own_parent"),
            models.CheckConstraint(condition=Q(division__regex=r"^\d{6}$"), name="identity_organisation_division"),
        ]
        indexes = [models.Index(fields=["path"], name="identity_organisation_path", opclasses=["text_pattern_ops"])]


explain("identity_organisation_code_key", "organisation.exists", "机构代码已存在", "请换一个代码", "code")
