"""What is known of a stored file; its content lies sealed in the file store."""

from __future__ import annotations

from django.db import models


class StoredFile(models.Model):
    """A file that someone stored for a purpose. Several rows may share one content."""

    address = models.CharField("内容地址", max_length=64, help_text="SHA-256 of the content")
    digest = models.CharField("SM3 摘要", max_length=64)
    size = models.PositiveBigIntegerField("字节数")
    mime = models.CharField("类型", max_length=100)
    name = models.CharField("文件名", max_length=255)
    purpose = models.CharField("用途", max_length=40)
    owner = models.CharField("所有者", max_length=120, blank=True, default="")
    created_at = models.DateTimeField("存入时间")
    created_by = models.CharField("存入人", max_length=64)

    class Meta:
        verbose_name = "文件"
        indexes = [
            models.Index(fields=["address"], name="files_address"),
            models.Index(fields=["owner", "purpose"], name="files_owner"),
        ]
