"""Single sign-on: whose word we take, who is who there and here, and the attempts under way."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.kernel.base import Stamped
from anju.kernel.crypto import EncryptedText
from anju.kernel.http import explain


class Protocol(models.TextChoices):
    """How a provider speaks."""

    OIDC = "oidc", "OpenID Connect"
    CAS = "cas", "CAS"


class Audience(models.TextChoices):
    """Whom a provider signs in."""

    STAFF = "staff", "工作人员"
    RESIDENT = "resident", "居民"


class Provider(Stamped):
    """A provider of identities (统一身份认证). `trusts_phone`: its word on a telephone number binds an account by itself."""

    key = models.CharField("标识", max_length=40, unique=True)
    title = models.CharField("名称", max_length=60)
    protocol = models.CharField("协议", max_length=8, choices=Protocol.choices)
    audience = models.CharField("使用者", max_length=10, choices=Audience.choices)
    url = models.CharField("地址", max_length=300)
    client_id = models.CharField("客户端标识", max_length=100, default="", blank=True)
    client_secret = EncryptedText("客户端密钥", default="")
    trusts_phone = models.BooleanField("信任其手机号", default=False)
    active = models.BooleanField("启用", default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(protocol__in=Protocol.values), name="identity_provider_protocol"),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="identity_provider_audience"),
            models.CheckConstraint(condition=Q(url__regex=r"^https?://"), name="identity_provider_url"),
            models.CheckConstraint(condition=~Q(protocol="oidc") | ~Q(client_id=""), name="identity_provider_client"),
        ]


class ExternalIdentity(models.Model):
    """Who of a provider's people is which account of ours."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, verbose_name="来源")
    subject_key = models.BinaryField("对方编号索引", max_length=32)
    kind = models.CharField("使用者", max_length=10, choices=Audience.choices)
    account_id = models.BigIntegerField("账号")
    bound_at = models.DateTimeField("绑定时间")
    last_used_at = models.DateTimeField("上次登录", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject_key"], name="identity_external_once"),
            models.UniqueConstraint(fields=["provider", "kind", "account_id"], name="identity_external_account"),
        ]


class SsoAttempt(models.Model):
    """A way to a provider and back. Only the browser that began it may end it (`browser`), once, within ten minutes.

    Where the person is not known here, his provider's word waits in `profile` until he binds an account (`binding`).
    """

    state = models.BinaryField("状态摘要", max_length=32, unique=True)
    browser = models.BinaryField("浏览器摘要", max_length=32)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, verbose_name="来源")
    nonce = models.CharField("随机数", max_length=60)
    verifier = EncryptedText("PKCE 校验码")
    to = models.CharField("返回地址", max_length=300)
    expires_at = models.DateTimeField("失效时间", db_index=True)
    used_at = models.DateTimeField("使用时间", null=True)
    binding = models.BinaryField("绑定凭条摘要", max_length=32, null=True, unique=True)
    profile = EncryptedText("对方资料", default="")
    bound_at = models.DateTimeField("绑定时间", null=True)


explain("identity_provider_key_key", "provider.exists", "这个标识已被使用", "请换一个标识", "key")
explain(
    "identity_provider_client", "provider.client", "OpenID Connect 需要客户端标识", "请填写对方分配的标识", "client_id"
)
explain("identity_provider_url", "provider.url", "地址要以 http:// 或 https:// 开头", "请检查地址", "url")
explain("identity_external_once", "sso.bound", "这个身份已绑定另一个账号", "请先在原账号里解除绑定")
explain("identity_external_account", "sso.account_bound", "这个账号已绑定另一个身份", "请先在“我的账号”里解除绑定")
