"""What registers keep beside the rows themselves: history, imports with their staging rows, saved views, attributes."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anju.kernel.base import Owned, Stamped
from anju.kernel.http import explain


class RegisterHistory(models.Model):
    """One change of one row: who, when, which fields from what to what. Written in the transaction of the change."""

    register = models.CharField("登记册", max_length=64)
    row_id = models.BigIntegerField("记录")
    at = models.DateTimeField("时间")
    actor = models.CharField("操作人", max_length=64)
    actor_name = models.CharField("操作人姓名", max_length=50, default="")
    action = models.CharField("动作", max_length=40)
    changes = models.JSONField("变更", default=list)
    note = models.CharField("说明", max_length=500, default="")
    import_id = models.BigIntegerField("导入", null=True)

    class Meta:
        indexes = [
            models.Index(fields=["register", "row_id", "-id"], name="registers_history_of_row"),
            models.Index(
                fields=["import_id", "register"],
                condition=Q(import_id__isnull=False),
                name="registers_history_of_import",
            ),
        ]


class ImportState(models.TextChoices):
    """Where an import stands."""

    MAPPING = "mapping", "待对应列"
    CHECKING = "checking", "试运行中"
    CHECKED = "checked", "试运行完成"
    IMPORTING = "importing", "导入中"
    DONE = "done", "已导入"
    FAILED = "failed", "文件无法读取"
    CANCELLED = "cancelled", "已取消"
    UNDOING = "undoing", "撤销中"
    UNDONE = "undone", "已撤销"


class Import(Owned):
    """One spreadsheet that somebody imported, with its figures; its rows stand in `ImportRow` (PR-03.3)."""

    register = models.CharField("登记册", max_length=64)
    kind = models.CharField("导入类别", max_length=32)
    title = models.CharField("名称", max_length=100)
    file_id = models.BigIntegerField("文件")
    file_name = models.CharField("文件名", max_length=255)
    actor_name = models.CharField("导入人", max_length=50, default="")
    state = models.CharField("状态", max_length=12, choices=ImportState.choices, default=ImportState.CHECKING)
    error = models.JSONField("文件错误", null=True)
    job_id = models.BigIntegerField("任务", null=True)
    headers = ArrayField(models.CharField(max_length=100), default=list, verbose_name="表头")
    columns = models.JSONField("列的对应", default=dict)
    total = models.IntegerField("总行数", default=0)
    created = models.IntegerField("新增", default=0)
    updated = models.IntegerField("更新", default=0)
    failed = models.IntegerField("未通过", default=0)
    warned = models.IntegerField("提醒", default=0)
    done = models.IntegerField("已导入", default=0)
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        indexes = [models.Index(fields=["register", "-id"], name="registers_import_of_register")]
        constraints = [models.CheckConstraint(condition=Q(state__in=ImportState.values), name="registers_import_state")]


class HeaderName(models.Model):
    """What an office calls a column of an import in its own spreadsheets; an empty field means that it is left out."""

    register = models.CharField("登记册", max_length=64)
    kind = models.CharField("导入类别", max_length=32)
    org_path = models.CharField("机构", max_length=200)
    header = models.CharField("表头", max_length=100)
    field = models.CharField("字段", max_length=64, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_path", "register", "kind", "header"], name="registers_headername_once")
        ]


class ImportRow(models.Model):
    """A staged row: what the cells hold, what was understood, what is wrong, and whether it is in."""

    GOOD, BAD, DONE = "good", "bad", "done"

    owner = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_index=False)
    number = models.IntegerField("行号")
    state = models.CharField(max_length=4)
    is_new = models.BooleanField(default=True)
    key = models.CharField("标识", max_length=300, default="")
    makes = models.CharField("查重", max_length=32, default="")
    cells = models.JSONField("填写内容", default=dict)
    values = models.JSONField("读出的值", default=dict)
    errors = models.JSONField("问题", default=list)
    warnings = models.JSONField("提醒", default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "number"], name="registers_importrow_number"),
            models.CheckConstraint(condition=Q(state__in=["good", "bad", "done"]), name="registers_importrow_state"),
        ]
        indexes = [
            models.Index(fields=["owner", "number"], condition=Q(state="bad"), name="registers_importrow_bad"),
            models.Index(fields=["owner", "makes"], name="registers_importrow_makes"),
        ]


class SavedView(models.Model):
    """A person's named set of filters, sort and columns of a register."""

    register = models.CharField("登记册", max_length=64)
    owner = models.CharField("所有者", max_length=64)
    title = models.CharField("名称", max_length=40)
    filters = models.JSONField("筛选", default=dict)
    q = models.CharField("搜索", max_length=60, default="")
    sort = models.CharField("排序", max_length=80, default="")
    columns = models.JSONField("列", default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "owner", "title"], name="registers_savedview_title")]


class AttributeType(models.TextChoices):
    """What an attribute that a city adds may hold."""

    TEXT = "text", "文字"
    TEXTAREA = "textarea", "多行文字"
    INTEGER = "integer", "整数"
    NUMBER = "number", "数字"
    MONEY = "money", "金额"
    DATE = "date", "日期"
    BOOLEAN = "boolean", "是/否"
    CHOICE = "choice", "单选"


class Attribute(Stamped):
    """A column that a city adds to a register; the values lie in the rows' `extra` under `key`."""

    register = models.CharField("登记册", max_length=64)
    key = models.CharField("编码", max_length=30)
    title = models.CharField("名称", max_length=30)
    type = models.CharField("类型", max_length=8, choices=AttributeType.choices)
    options = models.TextField("选项", default="", blank=True)
    dictionary = models.CharField("字典", max_length=60, default="", blank=True)
    unit = models.CharField("单位", max_length=10, default="", blank=True)
    hint = models.CharField("填写说明", max_length=100, default="", blank=True)
    required = models.BooleanField("必填", default=False)
    min = models.DecimalField("最小值", max_digits=16, decimal_places=2, null=True, blank=True)
    max = models.DecimalField("最大值", max_digits=16, decimal_places=2, null=True, blank=True)
    max_length = models.PositiveSmallIntegerField("最多字数", null=True, blank=True)
    pattern = models.CharField("格式", max_length=200, default="", blank=True)
    listed = models.BooleanField("列表默认显示", default=False)
    filtered = models.BooleanField("可筛选", default=True)
    position = models.PositiveSmallIntegerField("排列次序", default=10)
    active = models.BooleanField("启用", default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "key"], name="registers_attribute_key"),
            models.UniqueConstraint(fields=["register", "title"], name="registers_attribute_title"),
            models.CheckConstraint(condition=Q(key__regex=r"^[a-z][a-z0-9_]*$"), name="registers_attribute_key_form"),
            models.CheckConstraint(condition=Q(type__in=AttributeType.values), name="registers_attribute_type"),
            models.CheckConstraint(
                condition=Q(min__isnull=True) | Q(max__isnull=True) | Q(min__lte=models.F("max")),
                name="registers_attribute_bounds",
            ),
        ]
        indexes = [models.Index(fields=["position", "id"], name="registers_attribute_order")]

    def __str__(self) -> str:
        return self.title


explain("registers_attribute_key", "attribute.key_taken", "这个登记册已有相同编码的属性", "请换一个编码", "key")
explain("registers_attribute_title", "attribute.title_taken", "这个登记册已有同名的属性", "请换一个名称", "title")
explain("registers_attribute_key_form", "attribute.key_form", "编码用小写字母开头的字母、数字或下划线", "", "key")
explain("registers_attribute_type", "attribute.type", "没有这种类型", "请从列表中选择", "type")
explain("registers_attribute_bounds", "attribute.bounds", "最小值不能大于最大值", "", "max")
