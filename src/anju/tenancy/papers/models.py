"""Tables of the papers: an office's contract templates with their versions, and the rights to print."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.kernel.base import Owned, Stamped
from anju.kernel.files.models import StoredFile
from anju.kernel.http import explain


class Paper(models.TextChoices):
    """The kinds of paper that are printed of a contract."""

    CONTRACT = "lease_contract", "租赁合同"
    NOTICE = "filing_notice", "备案通知书"
    TERMINATION = "termination_notice", "退租确认书"


class PaperTemplate(Owned):
    """An office's contract template for a programme, and perhaps for one estate only (SH-066.5)."""

    name = models.CharField("模板名称", max_length=80)
    programme = models.CharField("保障类别", max_length=32)
    estate = models.ForeignKey(
        "supply.Estate", models.PROTECT, verbose_name="小区", related_name="+", null=True, blank=True
    )
    active = models.BooleanField("启用", default=True)

    class Meta:
        app_label = "tenancy"
        constraints = [
            models.UniqueConstraint(
                fields=["org_path", "programme", "estate"], nulls_distinct=False, name="tenancy_papertemplate_one"
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="tenancy_papertemplate_name"),
            models.Index(fields=["org_path"], name="tenancy_papertemplate_path", opclasses=["text_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.name


class TemplateVersion(Stamped):
    """A Word file as it was uploaded, what was read from it, and the day from which it holds. Only its end is added."""

    template = models.ForeignKey(PaperTemplate, models.PROTECT, related_name="versions", verbose_name="模板")
    number = models.PositiveIntegerField("版本号")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    blocks = models.JSONField("内容")
    valid_from = models.DateField("启用日期")
    note = models.CharField("说明", max_length=200, default="", blank=True)
    uploaded_by = models.CharField("上传人", max_length=60)
    withdrawn_at = models.DateTimeField("停用时间", null=True)
    withdrawn_by = models.CharField("停用人", max_length=60, default="", blank=True)

    class Meta:
        app_label = "tenancy"
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="tenancy_templateversion_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="tenancy_templateversion_positive"),
        ]
        indexes = [models.Index(fields=["template", "-valid_from"], name="tenancy_templateversion_day")]


class PrintRight(Owned):
    """Who may print a kind of paper: an organisation with those below it, a kind of organisation, for a programme."""

    paper = models.CharField("文书", max_length=30, choices=Paper.choices)
    organisation = models.ForeignKey(
        "identity.Organisation", models.PROTECT, verbose_name="机构", related_name="+", null=True, blank=True
    )
    organisation_kind = models.CharField("机构类别", max_length=12, default="", blank=True)
    programme = models.CharField("保障类别", max_length=32, default="", blank=True)
    note = models.CharField("说明", max_length=200, default="", blank=True)

    class Meta:
        app_label = "tenancy"
        constraints = [
            models.CheckConstraint(condition=Q(paper__in=Paper.values), name="tenancy_printright_paper"),
            models.UniqueConstraint(
                fields=["paper", "organisation", "organisation_kind", "programme"], nulls_distinct=False,
                name="tenancy_printright_once",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["paper", "id"], name="tenancy_printright_paper_id")]

    def __str__(self) -> str:
        return self.get_paper_display()


explain(
    "tenancy_papertemplate_one",
    "template.exists",
    "这个保障类别（小区）已有一份模板",
    "请给原模板上传新版本",
    "programme",
)
explain("tenancy_printright_once", "print_right.exists", "已有相同的打印权限", "请修改原来的一条", "paper")
explain("tenancy_templateversion_frozen", "template.frozen", "已上传的版本不能修改", "请上传新版本")
explain("tenancy_templateversion_number", "template.at_once", "另一人刚上传了新版本", "请刷新后再上传")
