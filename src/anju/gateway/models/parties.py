"""Outside systems: who they are, how they prove it, what they may call and how often."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from anju.gateway.models.catalogue import Level, Period, Service
from anju.identity.models import Organisation
from anju.kernel import clock
from anju.kernel.base import Owned, Stamped
from anju.kernel.crypto import EncryptedText
from anju.kernel.http import explain
from anju.kernel.scope import Reach

REACHES = [
    (Reach.ALL.value, "全部"),
    (Reach.DIVISION.value, "本行政区划"),
    (Reach.ORG_AND_BELOW.value, "本机构及下级"),
    (Reach.ORG.value, "本机构"),
    (Reach.OWN.value, "本系统登记的"),
]


class PartyKind(models.TextChoices):
    """What kind of system a party is."""

    UPPER = "upper", "上层业务应用"
    THIRD = "third", "第三方应用"
    DEPARTMENT = "department", "部门系统"
    OPERATOR = "operator", "运营机构系统"


class PartyState(models.TextChoices):
    """Whether a party may call."""

    ACTIVE = "active", "启用"
    STOPPED = "stopped", "停用"


class PartyRole(Stamped):
    """A set of services with levels that is given to parties as one (接入角色, SH-231.2)."""

    key = models.CharField("标识", max_length=60, unique=True)
    title = models.CharField("名称", max_length=60, unique=True)
    note = models.CharField("说明", max_length=300, default="", blank=True)

    class Meta:
        verbose_name = "接入角色"

    def __str__(self) -> str:
        return self.title


class RoleService(Stamped):
    """A service of a party role, and up to which level."""

    role = models.ForeignKey(PartyRole, models.CASCADE, related_name="services", verbose_name="接入角色")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", verbose_name="服务")
    level = models.PositiveSmallIntegerField("权限级别", choices=Level.choices)

    class Meta:
        verbose_name = "角色服务"
        constraints = [
            models.UniqueConstraint(fields=["role", "service"], name="gateway_role_service_once"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="gateway_role_service_level"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.service}"


class Party(Owned):
    """An outside system (接入方). It sees rows as a member of `organisation` with `reach` would."""

    code = models.CharField("标识", max_length=60, unique=True)
    title = models.CharField("名称", max_length=100)
    kind = models.CharField("类别", max_length=12, choices=PartyKind.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="数据归属机构")
    reach = models.CharField("数据范围", max_length=20, choices=REACHES, default=Reach.ORG_AND_BELOW)
    contact = models.CharField("联系人", max_length=60, default="", blank=True)
    phone = models.CharField("联系电话", max_length=30, default="", blank=True)
    state = models.CharField("状态", max_length=12, choices=PartyState.choices, default=PartyState.ACTIVE)
    ends_on = models.DateField("接入截止", null=True, blank=True)
    note = models.CharField("说明", max_length=300, default="", blank=True)
    roles = models.ManyToManyField(PartyRole, related_name="parties", verbose_name="接入角色")

    class Meta:
        verbose_name = "接入方"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PartyKind.values), name="gateway_party_kind"),
            models.CheckConstraint(condition=Q(state__in=PartyState.values), name="gateway_party_state"),
            models.CheckConstraint(condition=Q(reach__in=[reach for reach, _ in REACHES]), name="gateway_party_reach"),
        ]
        indexes = [
            models.Index(fields=["org_path"], name="gateway_party_path", opclasses=["text_pattern_ops"]),
            models.Index(fields=["division"], name="gateway_party_division", opclasses=["text_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.title


class OfParty(Owned):
    """A row that belongs to a party and stands where the party stands."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        party: Party = self.party  # type: ignore[attr-defined]
        self.org_path, self.division = party.org_path, party.division
        super().save(*args, **kwargs)


class Grant(OfParty):
    """A service that a party may use, up to a level, perhaps until a day (SH-230.3)."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="grants", verbose_name="接入方")
    service = models.ForeignKey(Service, models.PROTECT, related_name="grants", verbose_name="服务")
    level = models.PositiveSmallIntegerField("权限级别", choices=Level.choices, default=Level.READ)
    ends_on = models.DateField("授权截止", null=True, blank=True)

    class Meta:
        verbose_name = "服务授权"
        constraints = [
            models.UniqueConstraint(fields=["party", "service"], name="gateway_grant_once"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="gateway_grant_level"),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.service}"


class Limit(OfParty):
    """How often a party may call a service (SH-232.1); without one the service's own limits hold."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="limits", verbose_name="接入方")
    service = models.ForeignKey(Service, models.PROTECT, related_name="limits", verbose_name="服务")
    rate_calls = models.PositiveIntegerField("频率上限")
    rate_seconds = models.PositiveIntegerField("频率周期", default=60)
    quota_calls = models.PositiveIntegerField("配额", null=True, blank=True)
    quota_period = models.CharField("配额周期", max_length=8, choices=Period.choices, default=Period.DAY)

    class Meta:
        verbose_name = "服务限流"
        constraints = [
            models.UniqueConstraint(fields=["party", "service"], name="gateway_limit_once"),
            models.CheckConstraint(condition=Q(rate_calls__gte=1), name="gateway_limit_rate_calls"),
            models.CheckConstraint(
                condition=Q(rate_seconds__gte=1, rate_seconds__lte=3600), name="gateway_limit_rate_seconds"
            ),
            models.CheckConstraint(condition=Q(quota_period__in=Period.values), name="gateway_limit_quota_period"),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.service}"


class CredentialKind(models.TextChoices):
    """How a party proves who it is."""

    CLIENT = "client", "OAuth 2 客户端"
    HMAC = "hmac", "HMAC-SM3 签名"
    SM2 = "sm2", "SM2 签名"


class Credential(OfParty):
    """A key of a party. Two of one kind may be valid at a time, so that keys are changed without a gap.

    Of a client only the digest of its secret is kept; an HMAC key is sealed, of SM2 there is the public key alone.
    """

    party = models.ForeignKey(Party, models.CASCADE, related_name="credentials", verbose_name="接入方")
    kind = models.CharField("种类", max_length=12, choices=CredentialKind.choices)
    test = models.BooleanField("测试用", default=False)
    slot = models.PositiveSmallIntegerField("位次")
    key_id = models.CharField("凭证编号", max_length=60, unique=True)
    secret_digest = models.BinaryField("密钥摘要", max_length=32, null=True)
    secret = EncryptedText("密钥", null=True)
    public_key = models.CharField("公钥", max_length=200, default="", blank=True)
    starts_at = models.DateTimeField("生效时间", default=clock.real_now)
    ends_at = models.DateTimeField("失效时间", null=True)
    revoked_at = models.DateTimeField("撤销时间", null=True)
    last_used_on = models.DateField("最近使用", null=True)

    class Meta:
        verbose_name = "接入凭证"
        constraints = [
            models.UniqueConstraint(
                fields=["party", "kind", "test", "slot"],
                condition=Q(revoked_at__isnull=True),
                name="gateway_credential_two",
            ),
            models.CheckConstraint(condition=Q(slot__in=[1, 2]), name="gateway_credential_slot"),
            models.CheckConstraint(
                condition=Q(kind="client", secret_digest__isnull=False, secret__isnull=True, public_key="")
                | Q(kind="hmac", secret_digest__isnull=True, secret__isnull=False, public_key="")
                | (Q(kind="sm2", secret_digest__isnull=True, secret__isnull=True) & ~Q(public_key="")),
                name="gateway_credential_kept",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="gateway_credential_span"
            ),
        ]

    def __str__(self) -> str:
        return self.key_id


class AccessToken(models.Model):
    """A short-lived token of a client; its digest alone is kept. `services` narrows what the party was granted."""

    digest = models.BinaryField("令牌摘要", max_length=32, primary_key=True)
    credential = models.ForeignKey(Credential, models.CASCADE, related_name="tokens", verbose_name="凭证")
    services = ArrayField(models.CharField(max_length=60), verbose_name="限于服务", null=True)
    issued_at = models.DateTimeField("签发时间")
    expires_at = models.DateTimeField("失效时间", db_index=True)

    class Meta:
        verbose_name = "访问令牌"


class Nonce(models.Model):
    """A word used once in a signed request; kept for as long as the request's time would be accepted."""

    pk = models.CompositePrimaryKey("credential_id", "word")
    credential_id = models.BigIntegerField("凭证")
    word = models.CharField("随机串", max_length=64)
    expires_at = models.DateTimeField("失效时间", db_index=True)

    class Meta:
        verbose_name = "随机串"


class Usage(models.Model):
    """What a party used of a service: in the present window, and in the present period of its quota."""

    pk = models.CompositePrimaryKey("party_id", "service_id")
    party_id = models.BigIntegerField("接入方")
    service_id = models.BigIntegerField("服务")
    window = models.BigIntegerField("窗口")
    used = models.PositiveIntegerField("窗口内次数")
    period = models.CharField("配额期", max_length=10)
    spent = models.PositiveIntegerField("期内次数")

    class Meta:
        verbose_name = "用量"


explain("gateway_party_code_key", "gateway.party_exists", "这个接入方标识已被使用", "请换一个标识", "code")
explain("gateway_partyrole_key_key", "gateway.role_exists", "这个角色标识已被使用", "请换一个标识", "key")
explain("gateway_partyrole_title_key", "gateway.role_exists", "已有同名接入角色", "请换一个名称", "title")
explain("gateway_role_service_once", "gateway.role_has_service", "这个角色已包含该服务", "请修改原有的一条", "service")
explain("gateway_grant_once", "gateway.granted", "已授权这个服务", "请修改原有的授权", "service")
explain("gateway_limit_once", "gateway.limited", "已设置这个服务的限流", "请修改原有的设置", "service")
explain("gateway_credential_two", "gateway.two_credentials", "同类凭证已有两份有效", "请先撤销其中一份，再签发新的")
