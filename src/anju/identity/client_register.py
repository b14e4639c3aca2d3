"""The register of applications that take part in single sign-on: addresses, what they may ask for, their secret."""

from __future__ import annotations

import secrets
from typing import Any

from django.db.models import QuerySet

from anju.identity.menu_registers import GROUP, everywhere
from anju.identity.models import AppClient
from anju.identity.openid.clients import SCOPES, end_logins, new_secret, wrong_addresses
from anju.kernel.errors import FieldError, Invalid
from anju.kernel.registers import Action, Choice, Column, Field, Register, Rights, Search, Section, declare
from anju.kernel.scope import Actor


def issue(actor: Actor, client: AppClient, values: dict[str, Any]) -> str:
    """Tells a new secret, this once."""
    secret = new_secret(actor, client)
    return f"客户端标识 {client.client_id}，密钥 {secret}（只显示这一次，请妥善转交）"


def sign_out_all(actor: Actor, client: AppClient, values: dict[str, Any]) -> str:
    """Ends every sign-in at the application."""
    return f"已退出 {end_logins([client.pk])} 处登录"


@declare
class ClientRegister(Register[AppClient]):
    """Applications with single sign-on (应用接入), of the whole city."""

    key, title, unit, group, icon = "identity.clients", "应用接入", "个", GROUP, "plug"
    model = AppClient
    rights = Rights("identity.app")
    columns = (
        Column("application.title", "应用", frozen=True, width=180),
        Column("application.state", "应用状态", dictionary="application_state", width=100),
        Column("client_id", width=240),
        Column("kind", dictionary="app_client_kind", width=140),
        Column("scopes", width=200),
        Column("trusted", width=90),
        Column("secret_at", width=150),
        Column("redirects", width=300),
        Column("landings", listed=False),
    )
    filters = (Choice("kind", dictionary="app_client_kind"),)
    search = Search(["client_id", "redirects"], "客户端标识、回调地址")
    order = "id"
    form = (
        Field("application", "应用", "row", required=True, register="identity.apps", by="key", fixed=True),
        Field("kind", "类型", "choice", required=True, dictionary="app_client_kind", fixed=True),
        Field("redirects", "回调地址", "textarea", required=True, max_length=2000, hint="每行一个，登录时须逐字一致"),
        Field("landings", "退出后地址", "textarea", max_length=2000, hint="每行一个，可不填"),
        Field(
            "scopes", "可申请的内容", required=True, max_length=100, default="openid profile",
            pattern=rf"openid( ({'|'.join(key for key in SCOPES if key != 'openid')}))*",
            hint="openid 必填，另可 profile（姓名、岗位、机构）、phone（手机号）、menus（菜单和权限），空格分隔",
        ),
        Field("trusted", "免确认", "boolean", default=False, hint="本平台自有应用，登录时不再请用户确认"),
    )  # fmt: skip
    can_delete = False
    actions = (
        Action("new_secret", "签发密钥", issue, right="change", confirm="签发后原密钥立即失效，确定签发吗？"),
        Action(
            "sign_out_all", "全部退出", sign_out_all, right="change", tone="danger",
            confirm="所有人在这个应用的登录立即失效，确定吗？",
        ),
    )  # fmt: skip
    heading = ("application.title", "client_id")
    open_names = True
    badges = ("application.state",)
    detail = (
        Section("接入", ["application.title", "client_id", "kind", "secret_at", "scopes", "trusted"]),
        Section("地址", ["redirects", "landings"]),
    )

    def within(self, rows: QuerySet[AppClient], actor: Actor, right: str) -> QuerySet[AppClient]:
        return everywhere(rows, actor, right, self.rights.of("view"))

    def check(self, values: dict[str, Any], actor: Actor, old: AppClient | None) -> None:
        wrong: list[FieldError] = []
        for field in ("redirects", "landings"):
            wrong += wrong_addresses(field, values.get(field) or "")
        if wrong:
            raise Invalid(wrong)

    def fill(self, row: AppClient, actor: Actor) -> None:
        row.client_id = row.client_id or f"app_{secrets.token_hex(12)}"
        row.landings = row.landings or ""
