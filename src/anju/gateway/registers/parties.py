"""Registers of outside systems: parties, their keys, what they may call and how often (SH-230.4, SH-231.2, SH-232.1)."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from anju.gateway import credentials, pushing
from anju.gateway.models import (
    Credential,
    Grant,
    Level,
    Limit,
    Party,
    PartyRole,
    PartyState,
    RoleService,
    Subscription,
    SubscriptionState,
)
from anju.gateway.registers.catalogue import GROUP, NOWHERE, limits_fields, of_the_city
from anju.kernel import clock
from anju.kernel.errors import DomainError, FieldError, Invalid
from anju.kernel.registers import (
    Action,
    Choice,
    Column,
    Field,
    Guard,
    Register,
    Related,
    Rights,
    Search,
    Section,
    declare,
)
from anju.kernel.scope import Actor, Reach

_WIDTH = [Reach.OWN, Reach.ORG, Reach.ORG_AND_BELOW, Reach.DIVISION, Reach.ALL]


def stop(actor: Actor, party: Party, values: dict[str, Any]) -> None:
    """Ends a party's access with its next call (SH-230.4)."""
    Party.objects.filter(pk=party.pk).update(state=PartyState.STOPPED)


def resume(actor: Actor, party: Party, values: dict[str, Any]) -> None:
    """Lets a stopped party call again, with the keys it has."""
    Party.objects.filter(pk=party.pk).update(state=PartyState.ACTIVE)


def day_end(day: date | None) -> datetime | None:
    """The moment when a last day is over."""
    return None if day is None else clock.start_of(day + timedelta(days=1))


def told(issued: credentials.Issued) -> str:
    """What a person is shown once."""
    secret = f"，密钥 {issued.secret}（只显示这一次，请妥善转交）" if issued.secret else ""
    return f"凭证编号 {issued.credential.key_id}{secret}"


def issue(actor: Actor, party: Party, values: dict[str, Any]) -> str:
    """Gives a party a key."""
    return told(
        credentials.issue(
            actor=actor, party=party, kind=values["kind"], test=bool(values["test"]), ends_at=day_end(values["ends_on"]),
            public_key=values["public_key"] or "",
        )
    )  # fmt: skip


def add_role(actor: Actor, party: Party, values: dict[str, Any]) -> None:
    """Gives a party the services of a role."""
    party.roles.add(PartyRole.objects.get(key=values["role"]))


def take_role(actor: Actor, party: Party, values: dict[str, Any]) -> None:
    """Takes a role back; it counts from the next call."""
    party.roles.remove(PartyRole.objects.get(key=values["role"]))


ROLE = Field("role", "接入角色", "choice", required=True, dictionary="gateway_role")
PUBLIC_KEY = Field("public_key", "SM2 公钥", max_length=130, hint="128 位十六进制数；签名用 SM2 时填写")


@declare
class PartyRegister(Register[Party]):
    """Outside systems that connect (SH-230.4). One is registered by, and belongs to, the office whose rows it sees."""

    key, title, unit, group, icon = "gateway.parties", "接入方", "个", GROUP, "unplug"
    model = Party
    rights = Rights("gateway.party")
    columns = (
        Column("code", frozen=True, width=140),
        Column("title", frozen=True, width=200),
        Column("kind", dictionary="gateway_party_kind", width=120),
        Column("organisation.name", "数据归属机构", width=220),
        Column("reach", dictionary="gateway_reach", width=130),
        Column("state", dictionary="gateway_party_state", width=90),
        Column("ends_on", width=120),
        Column("contact", width=100),
        Column("phone", width=140),
        Column("note", width=240, hidden=True),
        Column("created_at", width=150, hidden=True),
    )
    filters = (
        Choice("kind", dictionary="gateway_party_kind"),
        Choice("state", dictionary="gateway_party_state"),
        Choice("organisation", register="identity.organisations", primary=False),
    )
    search = Search(["code", "title"], "标识、名称")
    order = "code"
    form = (
        Field(
            "code", "标识", required=True, max_length=60, pattern=r"[a-z][a-z0-9_-]{1,59}", fixed=True,
            hint="小写字母开头", example="district-np",
        ),
        Field("title", "名称", required=True, max_length=100),
        Field("kind", "类别", "choice", required=True, dictionary="gateway_party_kind"),
        Field("organisation", "数据归属机构", "row", required=True, register="identity.organisations"),
        Field("reach", "数据范围", "choice", required=True, dictionary="gateway_reach", default="org_and_below"),
        Field("ends_on", "接入截止", "date"),
        Field("contact", "联系人", max_length=60),
        Field("phone", "联系电话", max_length=30, pattern=r"[0-9+\-() ]{5,30}", hint="数字和短横线"),
        Field("note", "说明", max_length=300),
    )  # fmt: skip
    can_delete = False
    actions = (
        Action(
            "issue", "签发凭证", issue, right="issue",
            fields=(
                Field("kind", "种类", "choice", required=True, dictionary="gateway_credential_kind"),
                Field("test", "测试用", "boolean", default=False),
                Field("ends_on", "失效日期", "date"),
                PUBLIC_KEY,
            ),
        ),
        Action("add_role", "赋予角色", add_role, right="grant", fields=(ROLE,)),
        Action("take_role", "收回角色", take_role, right="grant", fields=(ROLE,)),
        Action(
            "stop", "停用", stop, tone="danger", confirm="停用后它的下一次调用即被拒绝，确定停用吗？",
            when=Q(state=PartyState.ACTIVE),
        ),
        Action("resume", "恢复", resume, when=Q(state=PartyState.STOPPED)),
    )  # fmt: skip
    heading = ("title", "code")
    open_names = True
    subjects = ("gateway.party", "party")
    badges = ("state",)
    detail = (
        Section("接入方", ["code", "title", "kind", "contact", "phone", "note"]),
        Section("接入", ["state", "ends_on", "organisation.name", "reach", "created_at"]),
    )
    related = (
        Related("credentials", "凭证", "gateway.credentials", "party"),
        Related("grants", "授权", "gateway.grants", "party"),
        Related("limits", "限流", "gateway.limits", "party"),
        Related("subscriptions", "增量订阅", "gateway.subscriptions", "party"),
        Related("calls", "调用日志", "gateway.calls", "party"),
    )

    def fill(self, row: Party, actor: Actor) -> None:
        row.org_path, row.division = row.organisation.path, row.organisation.division

    def check(self, values: dict[str, Any], actor: Actor, old: Party | None) -> None:
        """Nobody lets a party see more than he sees himself."""
        reach = Reach(values.get("reach") or (old.reach if old else Reach.OWN))
        mine = actor.reach("gateway.party.change" if old else "gateway.party.create")
        if mine not in _WIDTH or _WIDTH.index(reach) > _WIDTH.index(mine):
            raise Invalid([FieldError("reach", "wider", "数据范围不能超出你自己的范围")])

    def after(self, row: Party, actor: Actor, action: str) -> None:
        for model in (Credential, Grant, Limit, Subscription):
            model.objects.filter(party=row).update(org_path=row.org_path, division=row.division)


def rotate(actor: Actor, credential: Credential, values: dict[str, Any]) -> str:
    """A new key beside the old one, which ends after a week."""
    if credential.revoked_at is not None:
        raise DomainError("这份凭证已撤销", code="gateway.revoked", advice="请签发新的凭证")
    return told(credentials.rotate(actor=actor, credential=credential, public_key=values["public_key"] or ""))


def revoke(actor: Actor, credential: Credential, values: dict[str, Any]) -> None:
    """Ends a key with the next call."""
    credentials.revoke(actor=actor, credential=credential)


@declare
class CredentialRegister(Register[Credential]):
    """Keys of parties. Secrets are told once when they are made and never shown again."""

    key, title, unit, group, icon = "gateway.credentials", "接入凭证", "份", GROUP, "key-round"
    model = Credential
    rights = Rights("gateway.party")
    columns = (
        Column("key_id", frozen=True, width=240),
        Column("party.title", "接入方", width=200),
        Column("kind", dictionary="gateway_credential_kind", width=130),
        Column("test", width=90),
        Column("starts_at", width=150),
        Column("ends_at", width=150),
        Column("revoked_at", width=150),
        Column("last_used_on", width=120),
        Column("public_key", listed=False),
    )
    filters = (
        Choice("party", register="gateway.parties"),
        Choice("kind", dictionary="gateway_credential_kind"),
        Choice("test", options=[("false", "正式"), ("true", "测试")]),
    )
    search = Search(["key_id"], "凭证编号")
    order = "key_id"
    can_create = can_change = can_delete = False
    actions = (
        Action(
            "rotate",
            "换发",
            rotate,
            right="issue",
            confirm="新凭证与旧凭证同时有效七天，之后旧凭证失效。",
            fields=(PUBLIC_KEY,),
            when=Q(revoked_at=None),
        ),
        Action(
            "revoke",
            "撤销",
            revoke,
            right="issue",
            tone="danger",
            confirm="撤销后用它的下一次调用即被拒绝，确定撤销吗？",
            when=Q(revoked_at=None),
        ),
    )
    heading = ("key_id", "party.title")
    badges = ("kind",)
    detail = (
        Section(
            "凭证",
            [
                "key_id",
                "party.title",
                "kind",
                "test",
                "public_key",
                "starts_at",
                "ends_at",
                "revoked_at",
                "last_used_on",
            ],
        ),
    )


LEVEL = Field("level", "权限级别", "choice", required=True, dictionary="gateway_level", default="1")


def leveled(values: dict[str, Any]) -> None:
    """The level as the number that the column holds."""
    if values.get("level"):
        values["level"] = Level(int(values["level"]))


def grantable(values: dict[str, Any]) -> None:
    """Refuses a service that is the platform's own."""
    if values.get("service") is not None and not values["service"].open:
        raise Invalid([FieldError("service", "closed", "这个服务仅供平台内部使用，不能授权")])


@declare
class GrantRegister(Register[Grant]):
    """Which party may use which service, up to which level (SH-230.3, SH-231.2)."""

    key, title, unit, group, icon = "gateway.grants", "服务授权", "项", GROUP, "shield-check"
    model = Grant
    rights = Rights("gateway.grant")
    columns = (
        Column("party.title", "接入方", frozen=True, width=220),
        Column("service.title", "服务", frozen=True, width=200),
        Column("level", dictionary="gateway_level", width=100),
        Column("ends_on", width=120),
        Column("created_by", "授权人", subject=True, width=180, hidden=True),
        Column("created_at", "授权时间", width=150),
    )
    filters = (
        Choice("party", register="gateway.parties"),
        Choice("service", register="gateway.services"),
        Choice("level", dictionary="gateway_level"),
    )
    form = (
        Field("party", "接入方", "row", required=True, register="gateway.parties", fixed=True),
        Field("service", "服务", "row", required=True, register="gateway.services", fixed=True),
        LEVEL,
        Field("ends_on", "授权截止", "date"),
    )
    heading = ("party.title", "service.title")
    detail = (Section("授权", ["party.title", "service.title", "level", "ends_on", "created_at", "created_by"]),)

    def check(self, values: dict[str, Any], actor: Actor, old: Grant | None) -> None:
        grantable(values)
        leveled(values)


@declare
class LimitRegister(Register[Limit]):
    """How often a party may call a service; without an entry the service's own limits hold (SH-232.1)."""

    key, title, unit, group, icon = "gateway.limits", "服务限流", "项", GROUP, "gauge"
    model = Limit
    rights = Rights("gateway.grant")
    columns = (
        Column("party.title", "接入方", frozen=True, width=220),
        Column("service.title", "服务", frozen=True, width=200),
        Column("rate_calls", width=100),
        Column("rate_seconds", width=100),
        Column("quota_calls", width=100),
        Column("quota_period", dictionary="gateway_period", width=100),
    )
    filters = (Choice("party", register="gateway.parties"), Choice("service", register="gateway.services"))
    form = (
        Field("party", "接入方", "row", required=True, register="gateway.parties", fixed=True),
        Field("service", "服务", "row", required=True, register="gateway.services", fixed=True),
        *limits_fields(required=True),
    )
    heading = ("party.title", "service.title")
    detail = (
        Section("限流", ["party.title", "service.title", "rate_calls", "rate_seconds", "quota_calls", "quota_period"]),
    )


@declare
class RoleRegister(Register[PartyRole]):
    """Roles of parties."""

    key, title, unit, group, icon = "gateway.roles", "接入角色", "个", GROUP, "user-cog"
    model = PartyRole
    rights = Rights("gateway.role", path=NOWHERE)
    columns = (Column("key", frozen=True, width=160), Column("title", width=200), Column("note", width=320))
    search = Search(["key", "title"], "标识、名称")
    order = "key"
    form = (
        Field(
            "key",
            "标识",
            required=True,
            max_length=60,
            pattern=r"[a-z][a-z0-9_]{1,59}",
            fixed=True,
            hint="小写字母开头",
        ),
        Field("title", "名称", required=True, max_length=60),
        Field("note", "说明", max_length=300),
    )
    guards = (
        Guard(
            lambda row: "还有接入方持有这个角色，不能删除" if row.parties.exists() else "",
            "gateway.role_in_use",
            "请先从接入方收回",
        ),
    )
    heading = ("title", "key")
    open_names = True
    detail = (Section("角色", ["key", "title", "note"]),)
    related = (Related("services", "包含的服务", "gateway.role_services", "role"),)

    def within(self, rows: QuerySet[PartyRole], actor: Actor, right: str) -> QuerySet[PartyRole]:
        return of_the_city(rows, actor, right)


@declare
class RoleServiceRegister(Register[RoleService]):
    """The services of a role with their levels (SH-231.2)."""

    key, title, unit, group, icon = "gateway.role_services", "角色服务", "项", GROUP, "list-checks"
    model = RoleService
    rights = Rights("gateway.role", path=NOWHERE)
    columns = (
        Column("role.title", "接入角色", frozen=True, width=200),
        Column("service.title", "服务", width=220),
        Column("level", dictionary="gateway_level", width=100),
    )
    filters = (Choice("role", register="gateway.roles"), Choice("service", register="gateway.services"))
    form = (
        Field("role", "接入角色", "row", required=True, register="gateway.roles", fixed=True),
        Field("service", "服务", "row", required=True, register="gateway.services", fixed=True),
        LEVEL,
    )
    heading = ("role.title", "service.title")
    detail = (Section("角色服务", ["role.title", "service.title", "level"]),)

    def within(self, rows: QuerySet[RoleService], actor: Actor, right: str) -> QuerySet[RoleService]:
        return of_the_city(rows, actor, right)

    def check(self, values: dict[str, Any], actor: Actor, old: RoleService | None) -> None:
        grantable(values)
        leveled(values)


def rekey(actor: Actor, subscription: Subscription, values: dict[str, Any]) -> str:
    """A fresh key for what is pushed; from the next push on."""
    secret = secrets.token_urlsafe(32)
    Subscription.objects.filter(pk=subscription.pk).update(secret=secret)
    return f"推送密钥 {secret}（只显示这一次，请妥善转交）"


def pause(actor: Actor, subscription: Subscription, values: dict[str, Any]) -> None:
    """Pushes nothing until it is resumed; nothing is lost."""
    Subscription.objects.filter(pk=subscription.pk).update(state=SubscriptionState.PAUSED)


def resume_push(actor: Actor, subscription: Subscription, values: dict[str, Any]) -> None:
    """Pushes on from where it stopped, or from a number."""
    after = values["after"]
    pushing.resume(subscription, subscription.cursor if after is None else int(after))


@declare
class SubscriptionRegister(Register[Subscription]):
    """Addresses to which changes of users and organisations are pushed (SH-223.2). Only administrators enter one: an
    address is where the platform calls out to."""

    key, title, unit, group, icon = "gateway.subscriptions", "增量订阅", "个", GROUP, "rss"
    model = Subscription
    rights = Rights("gateway.subscription")
    columns = (
        Column("party.title", "接入方", frozen=True, width=200),
        Column("url", width=320),
        Column("kinds", width=220),
        Column("state", dictionary="gateway_subscription_state", width=100),
        Column("cursor", width=110),
        Column("delivered_at", width=150),
        Column("failures", width=100),
        Column("error", width=200),
        Column("next_try_at", width=150, hidden=True),
    )
    filters = (
        Choice("party", register="gateway.parties"),
        Choice("state", dictionary="gateway_subscription_state"),
    )
    form = (
        Field("party", "接入方", "row", required=True, register="gateway.parties", fixed=True),
        Field(
            "url",
            "推送地址",
            required=True,
            max_length=300,
            pattern=r"https?://[^\s]+",
            hint="http:// 或 https:// 开头",
        ),
        Field(
            "kinds",
            "订阅内容",
            required=True,
            max_length=80,
            default="account organisation role post",
            pattern=r"(account|organisation|role|post)( (account|organisation|role|post))*",
            hint="account、organisation、role、post，空格分隔",
        ),
    )
    actions = (
        Action("rekey", "换发推送密钥", rekey, right="change", confirm="换发后原密钥立即失效，确定换发吗？"),
        Action("pause", "暂停", pause),
        Action(
            "resume",
            "继续推送",
            resume_push,
            fields=(Field("after", "从序号之后", "integer", min=0, hint="不填则从上次送达处继续"),),
        ),
    )
    heading = ("url", "party.title")
    badges = ("state",)
    detail = (
        Section("订阅", ["party.title", "url", "kinds", "state"]),
        Section("推送", ["cursor", "delivered_at", "failures", "error", "next_try_at"]),
    )

    def fill(self, row: Subscription, actor: Actor) -> None:
        if not row.secret:
            row.secret = secrets.token_urlsafe(32)
