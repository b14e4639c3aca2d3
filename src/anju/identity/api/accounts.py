"""Operations of one's own account (password, sessions) and of accounts in one's charge (reset, sessions)."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field

from anju.identity import accounts, open_sessions, policy
from anju.identity.models import Account
from anju.identity.passwords import rule_in_words
from anju.identity.sessions import MustChangePassword
from anju.kernel.errors import NotFound
from anju.kernel.http import STAFF, Empty, Request, Routes
from anju.kernel.scope import Actor, restrict

routes = Routes("/identity", title="身份与权限")
RESET = "identity.account.reset"
SESSIONS = "identity.account.sessions"
CHANGING = (MustChangePassword.code,)


class NewPassword(Schema):
    """The old password and the new one."""

    old: str = Field(min_length=1, max_length=200)
    new: str = Field(min_length=1, max_length=200)


def in_charge(account_id: int, actor: Actor, right: str) -> Account:
    """An account that a right reaches, or `NotFound`."""
    found = restrict(Account.objects.filter(pk=account_id), actor, right).first()
    if found is None:
        raise NotFound
    return found


@routes.read("/password", right=STAFF, scope="self", during=CHANGING, summary="密码规则")
def password_rule(request: Request) -> dict[str, Any]:
    account = Account.objects.get(pk=request.actor.id)
    return {
        "account": account.username,
        "name": account.name,
        "rule": rule_in_words(policy.current()),
        "one_time": account.must_change_password,
        "must_change": request.actor.demand is not None,
    }


@routes.act("/password", right=STAFF, scope="self", during=CHANGING, summary="修改密码")
def password(request: Request, body: NewPassword) -> dict[str, Any]:
    accounts.change_password(actor=request.actor, old=body.old, new=body.new)
    return {"changed": True}


@routes.read("/sessions", right=STAFF, scope="self", summary="我的登录会话")
def own_sessions(request: Request) -> dict[str, Any]:
    actor = request.actor
    return {"rows": open_sessions.live_sessions("staff", actor.id, own=actor.session_id)}


@routes.act("/sessions/{int:session_id}/end", right=STAFF, scope="self", summary="结束我的一个会话")
def end_own_session(request: Request, session_id: int, body: Empty) -> dict[str, Any]:
    open_sessions.end_one(request.actor, request.actor.id, session_id)
    return {"ended": True}


@routes.read("/accounts/{int:account_id}/sessions", right=SESSIONS, scope="org_path", summary="账号的登录会话")
def sessions_of(request: Request, account_id: int) -> dict[str, Any]:
    account = in_charge(account_id, request.actor, SESSIONS)
    rows = open_sessions.live_sessions("staff", account.pk, own=request.actor.session_id)
    return {"account": account.username, "name": account.name, "rows": rows}


@routes.act(
    "/accounts/{int:account_id}/sessions/{int:session_id}/end",
    right=SESSIONS,
    scope="org_path",
    summary="结束账号的会话",
)
def end_session_of(request: Request, account_id: int, session_id: int, body: Empty) -> dict[str, Any]:
    account = in_charge(account_id, request.actor, SESSIONS)
    open_sessions.end_one(request.actor, account.pk, session_id)
    return {"ended": True}


@routes.act("/accounts/{int:account_id}/reset-password", right=RESET, scope="org_path", summary="重置密码")
def reset(request: Request, account_id: int) -> dict[str, Any]:
    account = in_charge(account_id, request.actor, RESET)
    return {"password": accounts.reset_password(actor=request.actor, account_id=account.pk)}
