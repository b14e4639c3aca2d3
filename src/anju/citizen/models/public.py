"""What everybody may read: cities and notices."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from anju.kernel.base import Owned, Stamped
from anju.kernel.http import explain


class City(Stamped):
    """A city that this installation serves; `open` lets residents choose it. Codes follow GB/T 2260."""

    code = models.CharField("代码", max_length=6)
    name = models.CharField("名称", max_length=40)
    short = models.CharField("简称", max_length=20)
    pinyin = models.CharField("拼音", max_length=60)
    province = models.CharField("省份代码", max_length=6)
    open = models.BooleanField("已开通", default=False)
    phone = models.CharField("咨询电话", max_length=30, default="", blank=True)
    services = models.CharField("可办事项", max_length=100, default="可以申请、轮候、选房、签约", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="citizen_city_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{4}00$"), name="citizen_city_code"),
            models.CheckConstraint(condition=Q(province__regex=r"^[0-9]{2}0000$"), name="citizen_city_province"),
        ]


class NoticeKind(models.TextChoices):
    """What a notice is."""

    NOTICE = "notice", "公告"
    POLICY = "policy", "政策"
    GUIDE = "guide", "办事指南"


class Notice(Owned):
    """A notice of a city; it shows from `published_at` until it is withdrawn, and is never deleted once shown."""

    city = models.CharField("城市", max_length=6)
    kind = models.CharField("种类", max_length=10, choices=NoticeKind.choices, default=NoticeKind.NOTICE)
    title = models.CharField("标题", max_length=120)
    summary = models.CharField("摘要", max_length=200, default="", blank=True)
    body = models.TextField("正文")
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)
    pinned = models.BooleanField("置顶", default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="citizen_notice_kind"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | Q(published_at__isnull=False, withdrawn_at__gte=F("published_at")),
                name="citizen_notice_withdrawn_after",
            ),
        ]
        indexes = [models.Index(fields=["city", "kind", "-published_at", "-id"], name="citizen_notice_list")]


explain("citizen_city_once", "city.exists", "这个城市已经登记", "请修改已有记录", "code")
explain("citizen_city_code", "city.code", "城市代码应为 6 位，后两位是 00", "区县不能单独开通", "code")
explain("citizen_notice_withdrawn_after", "notice.withdrawn", "撤下时间不能早于发布时间", "", "withdrawn_at")
