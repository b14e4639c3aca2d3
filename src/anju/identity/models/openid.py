"""Single sign-on as provider: the applications that take our word, what people allowed them, and their tokens."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anju.identity.models.accounts import Account
from anju.identity.models.applications import Application
from anju.identity.models.sessions import Session
from anju.kernel.base import Stamped
from anju.kernel.crypto import EncryptedText
from anju.kernel.http import explain


class ClientKind(models.TextChoices):
    """Whether an application can keep a secret (RFC 6749, section 2.1)."""

    CONFIDENTIAL = "confidential", "服务端应用"
    PUBLIC = "public", "网页或手机应用"


class AppClient(Stamped):
    """How an application of the register takes part in single sign-on (应用接入). Of its secret the digest is kept.

    `redirects` and `landings` are addresses, one a line, that must match to the letter. A `trusted` one is the platform's
    own family and is entered without asking the person.
    """

    application = models.OneToOneField(Application, models.PROTECT, related_name="client", verbose_name="应用")
    client_id = models.CharField("客户端标识", max_length=40, unique=True)
    secret_digest = models.BinaryField("密钥摘要", max_length=32, null=True)
    secret_at = models.DateTimeField("密钥签发时间", null=True)
    kind = models.CharField("类型", max_length=12, choices=ClientKind.choices)
    redirects = models.TextField("回调地址", max_length=2000)
    landings = models.TextField("退出后地址", max_length=2000, default="", blank=True)
    scopes = models.CharField("可申请的内容", max_length=100, default="openid profile")
    trusted = models.BooleanField("免确认", default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ClientKind.values), name="identity_client_kind"),
            models.CheckConstraint(
                condition=Q(kind="confidential") | Q(secret_digest__isnull=True), name="identity_client_public"
            ),
        ]

    def __str__(self) -> str:
        return self.application.title


class AppConsent(models.Model):
    """What a person allowed an application to know; asked for more, he is asked again."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name="账号")
    client = models.ForeignKey(AppClient, models.CASCADE, related_name="+", verbose_name="应用")
    scopes = ArrayField(models.CharField(max_length=20), verbose_name="内容")
    given_at = models.DateTimeField("同意时间")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "client"], name="identity_consent_once")]


class AppLogin(models.Model):
    """A person's sign-in at an application. Its tokens live while it and the session it came from are not ended.

    `code` is the digest of the authorization code it began with, which is exchanged once.
    """

    client = models.ForeignKey(AppClient, models.CASCADE, related_name="logins", verbose_name="应用")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name="账号")
    session = models.ForeignKey(Session, models.CASCADE, related_name="+", verbose_name="会话")
    scopes = ArrayField(models.CharField(max_length=20), verbose_name="内容")
    code = models.BinaryField("授权码摘要", max_length=32, unique=True)
    code_expires_at = models.DateTimeField("授权码失效时间")
    redirect = models.CharField("回调地址", max_length=500)
    challenge = models.CharField("PKCE 质询", max_length=128, default="")
    nonce = models.CharField("随机数", max_length=200, default="")
    began_at = models.DateTimeField("开始")
    exchanged_at = models.DateTimeField("换取令牌时间", null=True)
    used_at = models.DateTimeField("最近使用", null=True)
    ended_at = models.DateTimeField("结束", null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account"], name="identity_applogin_open", condition=Q(ended_at__isnull=True)),
        ]


class AppToken(models.Model):
    """A token of a sign-in at an application; its digest alone is kept. A refresh token serves once (`used_at`)."""

    class Kind(models.TextChoices):
        ACCESS = "access", "访问令牌"
        REFRESH = "refresh", "刷新令牌"

    digest = models.BinaryField("令牌摘要", max_length=32, primary_key=True)
    login = models.ForeignKey(AppLogin, models.CASCADE, related_name="tokens", verbose_name="登录")
    kind = models.CharField("种类", max_length=8, choices=Kind.choices)
    expires_at = models.DateTimeField("失效时间", db_index=True)
    used_at = models.DateTimeField("使用时间", null=True)


class SigningKey(models.Model):
    """A key with which identity tokens are signed; the private half is sealed. The newest signs, all are published."""

    kid = models.CharField("编号", max_length=60, unique=True)
    private = EncryptedText("私钥")
    made_at = models.DateTimeField("生成时间", db_index=True)


explain("identity_appclient_application_id_key", "client.exists", "这个应用已经接入", "请修改原有的一条", "application")
explain("identity_client_public", "client.public", "网页或手机应用不能有密钥", "请把类型改为服务端应用", "kind")
