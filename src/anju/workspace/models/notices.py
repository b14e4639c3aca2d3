"""Notices to staff: for chosen roles, rights and areas; who read them (SH-004.3, SH-004.4)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from anju.kernel.base import Owned


class NoticeKind(models.TextChoices):
    """What a notice is about."""

    POLICY = "policy", "政策调整"
    UNITS = "units", "房源动态"
    BUSINESS = "business", "业务通知"
    SYSTEM = "system", "系统公告"


class OfficeNotice(Owned):
    """A notice; it shows from `published_at` until it is withdrawn. Empty audiences mean everybody.

    A person sees it who holds one of `roles` or of `rights` (where either is named) and works in one of `areas` (where
    any is named).
    """

    kind = models.CharField("种类", max_length=12, choices=NoticeKind.choices, default=NoticeKind.BUSINESS)
    title = models.CharField("标题", max_length=120)
    body = models.TextField("正文", max_length=20000)
    roles = ArrayField(models.CharField(max_length=60), verbose_name="面向角色", default=list, blank=True)
    rights = ArrayField(models.CharField(max_length=100), verbose_name="面向权限", default=list, blank=True)
    areas = ArrayField(models.CharField(max_length=6), verbose_name="面向地区", default=list, blank=True)
    pinned = models.BooleanField("置顶", default=False)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    published_by = models.CharField("发布人", max_length=60, default="", blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    readers = models.PositiveIntegerField("已读人数", default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="workspace_notice_kind"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | Q(published_at__isnull=False, withdrawn_at__gte=F("published_at")),
                name="workspace_notice_withdrawn_after",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="workspace_notice_latest"),
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(published_at__isnull=False, withdrawn_at__isnull=True),
                name="workspace_notice_shown",
            ),
            models.Index(fields=["org_path"], name="workspace_notice_path", opclasses=["text_pattern_ops"]),
        ]


class NoticeRead(models.Model):
    """That a person opened a notice."""

    notice = models.ForeignKey(OfficeNotice, models.CASCADE, related_name="reads", verbose_name="通知")
    person_ref = models.CharField("人员", max_length=64)
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "person_ref"], name="workspace_noticeread_once")]
