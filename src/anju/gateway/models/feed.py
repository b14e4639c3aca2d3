"""What others may follow: changes of users and organisations as parties see them, and who has them pushed to him."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.gateway.models.parties import OfParty, Party
from anju.kernel.crypto import EncryptedText
from anju.kernel.http import explain


class FeedEntry(models.Model):
    """A change with the place of its object, after the change and before; the number is identity's."""

    number = models.BigIntegerField("序号", primary_key=True)
    kind = models.CharField("对象", max_length=20)
    object_id = models.BigIntegerField("标识")
    action = models.CharField("变更", max_length=20)
    at = models.DateTimeField("时间")
    org_path = models.CharField("所属机构", max_length=200, default="/")
    division = models.CharField("行政区划", max_length=6, default="")
    was_path = models.CharField("原所属机构", max_length=200, default="")
    was_division = models.CharField("原行政区划", max_length=6, default="")

    class Meta:
        verbose_name = "增量"
        indexes = [models.Index(fields=["kind", "object_id", "-number"], name="gateway_feed_object")]


class SubscriptionState(models.TextChoices):
    """Whether changes are pushed."""

    ACTIVE = "active", "推送中"
    PAUSED = "paused", "暂停"


class Subscription(OfParty):
    """A party's address to which changes are pushed in their order (SH-223.2, SH-223.3).

    `kinds` are those of the feed with blanks between; `cursor` is the number of the last change that arrived; `secret`
    signs what is pushed.
    """

    party = models.ForeignKey(Party, models.CASCADE, related_name="subscriptions", verbose_name="接入方")
    url = models.CharField("推送地址", max_length=300)
    kinds = models.CharField("订阅内容", max_length=80)
    state = models.CharField("状态", max_length=12, choices=SubscriptionState.choices, default=SubscriptionState.ACTIVE)
    secret = EncryptedText("推送密钥")
    cursor = models.BigIntegerField("已送达序号", default=0)
    failures = models.PositiveIntegerField("连续失败", default=0)
    next_try_at = models.DateTimeField("下次推送", null=True)
    error = models.CharField("最近错误", max_length=200, default="", blank=True)
    delivered_at = models.DateTimeField("最近送达", null=True)

    class Meta:
        verbose_name = "增量订阅"
        constraints = [
            models.UniqueConstraint(fields=["party", "url"], name="gateway_subscription_once"),
            models.CheckConstraint(condition=Q(state__in=SubscriptionState.values), name="gateway_subscription_state"),
            models.CheckConstraint(condition=Q(url__regex=r"^https?://"), name="gateway_subscription_url"),
        ]

    def __str__(self) -> str:
        return self.url


explain("gateway_subscription_once", "gateway.subscribed", "这个地址已有订阅", "请修改原有的订阅", "url")
explain("gateway_subscription_url", "gateway.url", "地址要以 http:// 或 https:// 开头", "请检查地址", "url")
