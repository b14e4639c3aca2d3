"""What an issued document says, and what became of it."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import models

from anju.kernel.base import Owned
from anju.kernel.crypto import EncryptedText
from anju.kernel.files.models import StoredFile
from anju.kernel.http import explain


class Document(Owned):
    """A document as it was issued. What it says can never be changed: a trigger holds the frozen columns."""

    class State(models.TextChoices):
        WAITING = "waiting", "制作中"
        READY = "ready", "已生成"
        FAILED = "failed", "制作失败"

    template = models.CharField("模板", max_length=60)
    template_version = models.CharField("模板版本", max_length=16)
    subject = models.CharField("对象", max_length=120)
    title = models.CharField("名称", max_length=120)
    number = models.CharField("文号", max_length=80, blank=True, default="")
    content = EncryptedText("内容", help_text="JSON; it names persons, so it is sealed")
    data_digest = models.CharField("内容摘要", max_length=64, help_text="SM3 of the content")
    holder = models.CharField("持有人（脱敏）", max_length=80, blank=True, default="")
    organisation = models.CharField("出具单位", max_length=120)
    seal = models.BooleanField("加盖电子印章", default=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    failure = models.CharField("失败原因", max_length=500, blank=True, default="")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, verbose_name="文件", related_name="+")
    verify_code = models.CharField("核验码", max_length=24, unique=True)
    issued_on = models.DateField("出具日期")
    valid_until = models.DateField("有效期至", null=True)
    issued_by = models.CharField("出具人", max_length=80, blank=True, default="")
    revoked_at = models.DateTimeField("作废时间", null=True)
    revoked_reason = models.CharField("作废原因", max_length=200, blank=True, default="")
    print_count = models.PositiveIntegerField("打印次数", default=0)

    class Meta:
        verbose_name = "文书"
        indexes = [
            models.Index(fields=["subject", "id"], name="documents_subject"),
            models.Index(
                fields=["org_path", "-id"], name="documents_org", opclasses=["varchar_pattern_ops", "int8_ops"]
            ),
            models.Index(fields=["id"], condition=~models.Q(state="ready"), name="documents_to_render"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="ready") | models.Q(file__isnull=False), name="documents_ready_has_file"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("issued_on")),
                name="documents_valid_after_issue",
            ),
        ]

    @property
    def data(self) -> dict[str, Any]:
        """What the template is filled with."""
        told: dict[str, Any] = orjson.loads(self.content)
        return told


explain("documents_frozen", "document.frozen", "文书出具后内容不能修改", "请作废后重新出具")
explain("documents_valid_after_issue", "document.validity", "有效期不能早于出具日期", field="valid_until")
