"""Cases and what belongs to them."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q

from anju.kernel.base import Owned
from anju.kernel.crypto.fields import EncryptedText
from anju.kernel.http import explain
from anju.kernel.registers.search import search_index
from anju.kernel.scope.branches import branch_indexes


class CaseState(models.TextChoices):
    """Where a case stands, for lists; the exact step is the process's."""

    OPEN = "open", "办理中"
    SUPPLEMENT = "supplement", "待补件"
    PASSED = "passed", "审核通过"
    REFUSED = "refused", "不予受理"
    FAILED = "failed", "审核不通过"
    WITHDRAWN = "withdrawn", "已撤回"
    DELETED = "deleted", "已删除"


OPEN_STATES = (CaseState.OPEN, CaseState.SUPPLEMENT)


class Case(Owned):
    """A matter. Its form data are the snapshot of what was declared, sealed because they name people.

    A matter without people is an organisation's: `household` is its name, `household_size` 0.
    """

    type_key = models.CharField("类型", max_length=60)
    number = models.CharField("案件编号", max_length=40, unique=True)
    title = models.CharField("标题", max_length=120)
    household = models.CharField("家庭", max_length=60)
    household_size = models.PositiveSmallIntegerField("人数", default=1)
    state = models.CharField("状态", max_length=12, choices=CaseState.choices, default=CaseState.OPEN)
    outcome = models.CharField("结果", max_length=60, default="", blank=True)
    fail_type = models.CharField("不通过类型", max_length=60, default="", blank=True)
    fail_reason = models.CharField("不通过理由", max_length=500, default="", blank=True)
    node = models.CharField("当前环节", max_length=60, default="", blank=True)
    node_title = models.CharField("当前环节名称", max_length=60, default="", blank=True)
    source = models.CharField("来源", max_length=20, default="app")
    instance_id = models.BigIntegerField("流程", null=True, unique=True)
    form_key = models.CharField("表单", max_length=80)
    form_version = models.PositiveIntegerField("表单版本", default=1)
    sealed_data = EncryptedText("填报内容")
    facts = models.JSONField("办理数据", default=dict)
    applicant_ref = models.CharField("申请人账号", max_length=64, default="")
    applicant_key = models.BinaryField("申请人证件索引", max_length=32, default=b"")
    phone = EncryptedText("手机", default="")
    request_key = models.CharField("提交凭证", max_length=64)
    submitted_at = models.DateTimeField("提交时间")
    due_on = models.DateField("办结期限", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["applicant_ref", "request_key"], name="cases_case_submitted_once"),
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="cases_case_state"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, closed_at__isnull=True)
                | (~Q(state__in=OPEN_STATES) & Q(closed_at__isnull=False)),
                name="cases_case_closed_with_state",
            ),
        ]
        indexes = [
            models.Index(fields=["-submitted_at", "-id"], name="cases_case_newest"),
            *branch_indexes("cases_case", "submitted_at", "id"),
            models.Index(fields=["org_path"], name="cases_case_path", opclasses=["text_pattern_ops"]),
            models.Index(fields=["division", "state"], name="cases_case_division"),
            models.Index(fields=["division", "-submitted_at", "-id"], name="cases_case_newest_there"),
            models.Index(fields=["state", "-submitted_at", "-id"], name="cases_case_newest_so"),
            models.Index(
                fields=["fail_type", "-submitted_at", "-id"],
                condition=~Q(fail_type=""),
                name="cases_case_newest_failed",
            ),
            models.Index(fields=["applicant_ref", "-id"], name="cases_case_of_applicant"),
            models.Index(fields=["applicant_key"], name="cases_case_applicant"),
            search_index("cases_case_search", "number", "household"),
            models.Index(fields=["state", "due_on", "id"], name="cases_case_due"),
            models.Index(fields=["closed_at"], name="cases_case_closed", condition=Q(closed_at__isnull=False)),
            models.Index(fields=["household"], name="cases_case_household", opclasses=["text_pattern_ops"]),
            models.Index(
                fields=["created_by", "-submitted_at", "-id"],
                condition=Q(created_by__startswith="staff:"),
                name="cases_case_by_staff",
            ),
        ]

    @property
    def data(self) -> dict[str, Any]:
        """What was declared, page by page."""
        loaded: dict[str, Any] = json.loads(self.sealed_data or "{}")
        return loaded

    @data.setter
    def data(self, value: dict[str, Any]) -> None:
        self.sealed_data = json.dumps(value, ensure_ascii=False, default=str)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def subject(self) -> str:
        return f"case:{self.pk}"

    @property
    def process_id(self) -> int:
        """The instance of its process; 0, which no instance has, for a case taken over closed from an earlier system."""
        return self.instance_id or 0


class Party(models.Model):
    """A person of a case. While a case is open nobody of it can be in a second one of the same kind (SH-023.3)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    type_key = models.CharField("类型", max_length=60)
    person_key = models.BinaryField("证件索引", max_length=32)
    name = models.CharField("姓名", max_length=60)
    relation = models.CharField("关系", max_length=30)
    open = models.BooleanField("在审", default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["type_key", "person_key"], condition=Q(open=True), name="cases_party_one_open_case"
            ),
            models.UniqueConstraint(fields=["case", "person_key"], name="cases_party_once_a_case"),
        ]
        indexes = [models.Index(fields=["person_key"], name="cases_party_person")]


class Entry(models.Model):
    """A line of a case's record: who did what at which step. Never changed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="entries")
    at = models.DateTimeField("时间")
    actor_ref = models.CharField("人员", max_length=64)
    actor_name = models.CharField("姓名", max_length=60)
    org_name = models.CharField("机构", max_length=100, default="")
    node = models.CharField("环节", max_length=60, default="")
    node_title = models.CharField("环节名称", max_length=60, default="")
    action = models.CharField("操作", max_length=60)
    text = models.TextField("内容", default="")
    tone = models.CharField("色调", max_length=8, default="idle")
    is_opinion = models.BooleanField("意见", default=False)
    public = models.BooleanField("申请人可见", default=False)

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="cases_entry_of_case")]


class Handed(models.Manager["Material"]):
    """Materials that were not taken out again."""

    def get_queryset(self) -> models.QuerySet[Material]:
        return super().get_queryset().filter(removed_at=None)


class Material(models.Model):
    """A file that proves something. One that was handed in by mistake is taken out and stays known (`ever`)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="materials")
    klass = models.CharField("类别", max_length=40)
    file_id = models.BigIntegerField("文件")
    name = models.CharField("文件名", max_length=200)
    mime = models.CharField("格式", max_length=60)
    added_at = models.DateTimeField("上传时间")
    added_by = models.CharField("上传人", max_length=64)
    note = models.CharField("说明", max_length=200, default="", blank=True)
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)
    removed_by = models.CharField("移除人", max_length=64, default="", db_default="", blank=True)

    objects = Handed()
    ever: models.Manager[Material] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="cases_material_of_case")]


class CheckState(models.TextChoices):
    """How a check with an outside department went."""

    WAITING = "waiting", "待查"
    RUNNING = "running", "查询中"
    MATCHED = "matched", "一致"
    MISMATCHED = "mismatched", "不一致"
    FAILED = "failed", "查询失败"
    MANUAL = "manual", "人工录入"


class Check(models.Model):
    """One question to one outside department about a case, its answer with source and time, and the clerk's decision."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="checks")
    kind = models.CharField("核查项", max_length=40)
    title = models.CharField("名称", max_length=60)
    source = models.CharField("来源", max_length=80)
    order = models.PositiveSmallIntegerField("次序", default=0)
    state = models.CharField("状态", max_length=12, choices=CheckState.choices, default=CheckState.WAITING)
    finding = models.CharField("结论", max_length=300, default="")
    sealed_facts = EncryptedText("事实", default="[]")
    error = models.CharField("失败原因", max_length=300, default="")
    tries = models.PositiveIntegerField("次数", default=0)
    asked_at = models.DateTimeField("查询时间", null=True)
    answered_at = models.DateTimeField("应答时间", null=True)
    passed = models.BooleanField("是否通过", null=True)
    decided_by = models.CharField("认定人", max_length=64, default="")
    decided_name = models.CharField("认定人姓名", max_length=60, default="")
    decided_at = models.DateTimeField("认定时间", null=True)
    note = models.CharField("认定说明", max_length=500, default="")
    proof_id = models.BigIntegerField("证明文件", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="cases_check_once"),
            models.CheckConstraint(
                condition=~Q(state=CheckState.MANUAL) | Q(proof_id__isnull=False), name="cases_check_manual_has_proof"
            ),
        ]

    @property
    def facts(self) -> list[dict[str, Any]]:
        """What the department answered beside what was declared."""
        loaded: list[dict[str, Any]] = json.loads(self.sealed_facts)
        return loaded

    @facts.setter
    def facts(self, value: list[dict[str, Any]]) -> None:
        self.sealed_facts = json.dumps(value, ensure_ascii=False, default=str)

    @property
    def answered(self) -> bool:
        return self.state in {CheckState.MATCHED, CheckState.MISMATCHED, CheckState.MANUAL}


class SupplementState(models.TextChoices):
    """Where a request for supplements stands (SH-024)."""

    ASKED = "asked", "待补件"
    DONE = "done", "已补件"
    REVIEWED = "reviewed", "已核收"


class Supplement(models.Model):
    """A request to the applicant for missing materials (补件)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="supplements")
    state = models.CharField("状态", max_length=12, choices=SupplementState.choices, default=SupplementState.ASKED)
    note = models.CharField("说明", max_length=500)
    asked_by = models.CharField("经办人", max_length=64)
    asked_name = models.CharField("经办人姓名", max_length=60)
    asked_at = models.DateTimeField("通知时间")
    due_on = models.DateField("期限")
    done_at = models.DateTimeField("补件时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=SupplementState.ASKED), name="cases_supplement_one_open"
            ),
        ]


class SupplementItem(models.Model):
    """One missing paper: which class, what exactly, and the file that answers it."""

    supplement = models.ForeignKey(Supplement, on_delete=models.CASCADE, related_name="items")
    klass = models.CharField("类别", max_length=40)
    note = models.CharField("要求", max_length=200, default="")
    file_id = models.BigIntegerField("文件", null=True)
    name = models.CharField("文件名", max_length=200, default="")
    mime = models.CharField("格式", max_length=60, default="")


class Draft(Owned):
    """A matter that a member of staff is filling in and has not filed (`created_by`); the files are in the store."""

    type_key = models.CharField("类型", max_length=60)
    title = models.CharField("标题", max_length=120, default="", blank=True)
    sealed_data = EncryptedText("填报内容", default="{}")
    materials = models.JSONField("材料", default=list)
    fetched = models.JSONField(
        "读取记录", default=dict, db_default=models.Value({}, models.JSONField()), help_text="marks of what was fetched"
    )
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        indexes = [models.Index(fields=["created_by", "-saved_at", "-id"], name="cases_draft_of_author")]

    @property
    def data(self) -> dict[str, Any]:
        """What is filled in so far, page by page."""
        loaded: dict[str, Any] = json.loads(self.sealed_data)
        return loaded

    @data.setter
    def data(self, value: dict[str, Any]) -> None:
        self.sealed_data = json.dumps(value, ensure_ascii=False, default=str)


class StandardOpinion(Owned):
    """通用意见: words that may be chosen for an opinion, at all steps or at those of one name (SH-170.6)."""

    text = models.CharField("意见", max_length=200)
    step = models.CharField("适用环节", max_length=60, default="", blank=True)
    suits = models.CharField("适用结果", max_length=10, default="any")
    active = models.BooleanField("启用", default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_path", "step", "text"], name="cases_opinion_once"),
            models.CheckConstraint(
                condition=Q(suits__in=("any", "primary", "default", "danger")), name="cases_opinion_suits"
            ),
        ]
        indexes = [models.Index(fields=["step", "id"], name="cases_opinion_by_step")]

    def __str__(self) -> str:
        return self.text


explain("cases_opinion_once", "opinion.exists", "这一环节已有同样的通用意见", "请直接选用，或改写内容", "text")
explain("cases_opinion_suits", "opinion.suits", "没有这种适用结果", "请从列表中选择", "suits")
explain(
    "cases_party_one_open_case",
    "application.open_exists",
    "家庭里有人已在另一份没有办结的申请里",
    "请先等那份申请办结，或到窗口撤回后再申请",
)
explain("cases_case_submitted_once", "application.submitted", "这份申请已经提交过", "到“我的申请”查看进度")
explain("cases_supplement_one_open", "supplement.open_exists", "已通知申请人补件，尚未补回", "等申请人补回后再通知")
