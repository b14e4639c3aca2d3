"""The audit trail, the seals that chain it, and the checks made of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q

from anju.kernel.http import explain
from anju.kernel.registers.marks import Start
from anju.kernel.registers.search import search_index


class AuditEntry(models.Model):
    """One thing that someone did. A trigger refuses UPDATE and DELETE."""

    class Action(models.TextChoices):
        SIGN_IN = "sign_in", "登录"
        SIGN_OUT = "sign_out", "退出"
        SIGN_IN_FAILED = "sign_in_failed", "登录失败"
        READ_PERSONAL = "read_personal", "查看个人信息"
        CREATE = "create", "新增"
        CHANGE = "change", "修改"
        DELETE = "delete", "删除"
        EXPORT = "export", "导出"
        IMPORT = "import", "导入"
        ACT = "act", "办理"
        PRINT = "print", "打印"
        GRANT = "grant", "授权"
        ALARM = "alarm", "告警"
        VERIFY = "verify", "核验"
        ERASE = "erase", "清除"

    at = models.DateTimeField("时间")
    action = models.CharField("操作", max_length=40, choices=Action.choices)
    actor = models.CharField("操作人", max_length=64)
    actor_name = models.CharField("操作人姓名", max_length=80, blank=True, default="")
    subject = models.CharField("对象", max_length=120, blank=True, default="")
    title = models.CharField("内容", max_length=300, blank=True, default="")
    detail = models.JSONField("详情", default=dict, blank=True)
    address = models.CharField("来源地址", max_length=64, blank=True, default="")
    session = models.BigIntegerField("会话", default=0)
    org_path = models.CharField("所属机构", max_length=200, default="/")
    division = models.CharField("行政区划", max_length=6, blank=True, default="")
    xact = models.BigIntegerField(
        "事务序号", db_default=Func(function="audit_moment", output_field=models.BigIntegerField()), editable=False
    )

    class Meta:
        verbose_name = "审计记录"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_at"),
            models.Index(fields=["actor", "-at"], name="audit_actor"),
            models.Index(fields=["subject", "-at"], name="audit_subject"),
            models.Index(fields=["action", "-at"], name="audit_action"),
            models.Index(
                fields=["org_path", "-at"], name="audit_org", opclasses=["varchar_pattern_ops", "timestamptz_ops"]
            ),
            models.Index(fields=["xact", "id"], name="audit_chain"),
            models.Index(Start(F("subject")), F("id"), name="audit_subject_kind"),
            search_index("audit_search", "actor_name"),
        ]


class AuditSeal(models.Model):
    """A block of entries, in the order of (transaction, id), chained to the block before it and signed (NF-05.3).

    `digest` is SM3 over the entries' text, `leaves` names each entry (id and eight bytes of its own SM3) so that a
    check can say which one was changed. A trigger lets nothing change but the note that the block was archived.
    """

    number = models.BigIntegerField("序号", primary_key=True)
    after_xact = models.BigIntegerField("起点事务")
    after_id = models.BigIntegerField("起点记录")
    last_xact = models.BigIntegerField("末条事务")
    last_id = models.BigIntegerField("末条记录")
    count = models.PositiveIntegerField("条数")
    first_at = models.DateTimeField("最早")
    last_at = models.DateTimeField("最晚")
    digest = models.BinaryField("摘要", max_length=32)
    leaves = models.BinaryField("逐条摘要")
    previous = models.BinaryField("上一封印", max_length=32)
    head = models.BinaryField("封印", max_length=32)
    signature = models.BinaryField("签名")
    sealed_at = models.DateTimeField("封存时间")
    archived_at = models.DateTimeField("归档时间", null=True)
    archive_id = models.BigIntegerField("归档文件", null=True)

    class Meta:
        verbose_name = "审计封印"
        constraints = [models.CheckConstraint(condition=Q(count__gt=0), name="audit_seal_count")]


class AuditCheck(models.Model):
    """One verification of the trail and what it found."""

    started_at = models.DateTimeField("开始")
    finished_at = models.DateTimeField("结束")
    actor = models.CharField("核验人", max_length=64)
    seals = models.BigIntegerField("封印数")
    entries = models.BigIntegerField("核验条数")
    archived = models.BigIntegerField("已归档条数")
    unsealed = models.BigIntegerField("未封存条数")
    findings = models.JSONField("发现", default=list)

    class Meta:
        verbose_name = "审计核验"
        ordering = ["-id"]


explain("audit_entry_frozen", "audit.frozen", "审计记录不能修改或删除")
explain("audit_seal_frozen", "audit.frozen", "审计封印不能修改或删除")
explain("audit_keep", "audit.keep", "审计记录至少保存六个月，归档后才能清除", "请等保存期满并归档后再试")
