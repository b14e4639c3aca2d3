"""运营机构: who runs projects for the city."""

from __future__ import annotations

from django.db import models

from anju.identity.models import Organisation
from anju.kernel.base import Owned
from anju.kernel.http import explain


class Operator(Owned):
    """An operating company. Its `organisation` decides whose people reach its projects and everything below."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="对应组织", related_name="+", null=True, blank=True
    )
    code = models.CharField("机构编码", max_length=32)
    name = models.CharField("机构名称", max_length=100)
    name_pinyin = models.CharField("名称拼音", max_length=400, default="")
    credit_code = models.CharField("统一社会信用代码", max_length=18, default="", blank=True)
    contact = models.CharField("联系人", max_length=50, default="", blank=True)
    phone = models.CharField("联系电话", max_length=30, default="", blank=True)
    address = models.CharField("地址", max_length=200, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="supply_operator_code")]
        indexes = [models.Index(fields=["name_pinyin", "id"], name="supply_operator_by_name")]

    def __str__(self) -> str:
        return self.name


explain("supply_operator_code", "supply.operator_code_taken", "已有相同编码的运营机构", "请核对机构编码", "code")
explain("supply_project_operator", "supply.operator_in_use", "该机构名下还有项目，不能删除", "请先把项目转给其他机构")
