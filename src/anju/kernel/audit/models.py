"""The audit trail."""

from __future__ import annotations

from django.db import models

from anju.kernel.http import explain


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
        ]


explain("audit_entry_frozen", "audit.frozen", "审计记录不能修改或删除")
