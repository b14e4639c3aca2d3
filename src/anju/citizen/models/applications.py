"""The draft of an application, kept page by page, and what became of it."""

from __future__ import annotations

from django.db import models

from anju.citizen.models.accounts import Resident
from anju.kernel.base import Stamped
from anju.kernel.crypto import EncryptedText
from anju.kernel.http import explain


class ApplicationDraft(Stamped):
    """What a resident has filled in so far; one a programme, the same on each of his devices (ZB-05.4)."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="drafts", verbose_name="账号")
    programme = models.CharField("项目", max_length=40)
    city = models.CharField("城市", max_length=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident", "programme"], name="citizen_draft_once"),
        ]


class DraftPage(models.Model):
    """One page of a draft, sealed: it holds identity numbers of a whole family. `version` grows with each save."""

    draft = models.ForeignKey(ApplicationDraft, on_delete=models.CASCADE, related_name="pages")
    page = models.CharField("页", max_length=20)
    data = EncryptedText("内容")
    version = models.PositiveIntegerField("版本", default=1)
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "page"], name="citizen_draft_page_once")]


class DraftMaterial(models.Model):
    """A file put into a draft, by class."""

    draft = models.ForeignKey(ApplicationDraft, on_delete=models.CASCADE, related_name="materials")
    klass = models.CharField("材料类别", max_length=40)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("文件名", max_length=200)
    mime = models.CharField("类型", max_length=60)
    size = models.PositiveIntegerField("字节数")
    created_at = models.DateTimeField("上传时间")

    class Meta:
        indexes = [models.Index(fields=["draft", "klass"], name="citizen_draft_material")]


class Submission(models.Model):
    """A submission that succeeded: a second tap with the same key gets the same answer."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="submissions")
    key = models.CharField("提交标识", max_length=80)
    programme = models.CharField("项目", max_length=40)
    case_id = models.BigIntegerField("案件")
    number = models.CharField("受理编号", max_length=60)
    created_at = models.DateTimeField("提交时间")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["resident", "key"], name="citizen_submission_once")]


explain("citizen_draft_once", "draft.exists", "草稿已经在另一台设备上打开", "请刷新后继续填写")
explain("citizen_draft_page_once", "draft.page_exists", "另一台设备刚刚保存了这一页", "请刷新后对照")
explain("citizen_submission_once", "application.submitted", "这份申请已经提交", "请到办事页查看进度")
