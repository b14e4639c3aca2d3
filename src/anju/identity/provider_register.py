"""The register of identity providers: whose word we take for a sign-in, kept by an administrator."""

from __future__ import annotations

from typing import Any

from anju.identity.models import Provider
from anju.kernel import audit
from anju.kernel.errors import FieldError, Invalid
from anju.kernel.registers import Action, Choice, Column, Field, Register, Rights, Search, Section, declare
from anju.kernel.scope import Actor


def set_secret(actor: Actor, provider: Provider, values: dict[str, Any]) -> None:
    """Sets the client's secret; it is kept sealed and never shown."""
    provider.client_secret = values["secret"]
    provider.save(update_fields=["client_secret", "updated_at"])
    audit.record("change", actor=actor, subject=f"identity.provider:{provider.pk}", title="设置客户端密钥")


SECRET = Field("secret", "密钥", required=True, max_length=200)


@declare
class ProviderRegister(Register[Provider]):
    """Providers of single sign-on, of the whole city; only who reaches everywhere keeps them."""

    key, title, unit, group, icon = "identity.providers", "单点登录", "个", "配置", "log-in"
    model = Provider
    rights = Rights("identity.provider", path="key", division="key")
    columns = (
        Column("key", frozen=True, width=140),
        Column("title", frozen=True, width=180),
        Column("protocol", dictionary="sso_protocol", width=140),
        Column("audience", dictionary="sso_audience", width=110),
        Column("url", width=300),
        Column("client_id", width=140),
        Column("trusts_phone", width=120),
        Column("active", width=80),
    )
    filters = (Choice("audience", dictionary="sso_audience"), Choice("protocol", dictionary="sso_protocol"))
    search = Search(["key", "title"], "标识、名称")
    order = "key"
    form = (
        Field(
            "key",
            "标识",
            required=True,
            max_length=40,
            pattern=r"[a-z][a-z0-9-]{1,39}",
            fixed=True,
            hint="小写字母开头",
        ),
        Field("title", "名称", required=True, max_length=60),
        Field("protocol", "协议", "choice", required=True, dictionary="sso_protocol"),
        Field("audience", "使用者", "choice", required=True, dictionary="sso_audience", fixed=True),
        Field("url", "地址", required=True, max_length=300, pattern=r"https?://\S+", hint="签发者地址，或 CAS 根地址"),
        Field("client_id", "客户端标识", max_length=100, hint="OpenID Connect 必填"),
        Field("trusts_phone", "信任其手机号", "boolean", default=False, hint="按对方核实的手机号自动绑定，只用于居民"),
        Field("active", "启用", "boolean", default=True),
    )
    can_delete = False
    actions = (
        Action(
            "set_secret", "设置客户端密钥", set_secret, fields=(Field("secret", "密钥", required=True, max_length=200),)
        ),
    )
    heading = ("title", "key")
    open_names = True
    subjects = ("identity.provider",)
    badges = ("audience",)
    detail = (Section("来源", ["key", "title", "protocol", "audience", "url", "client_id", "trusts_phone", "active"]),)

    def check(self, values: dict[str, Any], actor: Actor, old: Provider | None) -> None:
        audience = values.get("audience", old.audience if old else "")
        if values.get("trusts_phone") and audience == "staff":
            raise Invalid([FieldError("trusts_phone", "provider.phone", "工作人员须用密码绑定，不能只凭手机号")])
