"""Tokens for parties: OAuth 2 client credentials (RFC 6749, section 4.4) and their revocation (RFC 7009)."""

from __future__ import annotations

from typing import Any

from ninja import Form, Schema
from pydantic import Field

from anju.gateway import credentials
from anju.kernel.errors import DomainError
from anju.kernel.http import PUBLIC, Request, Routes
from anju.kernel.http.oauth import client_of, refusal

routes = Routes("/open", title="接入服务")


class TokenWish(Schema):
    """The form of RFC 6749; client and secret stand here or in a Basic Authorization header."""

    grant_type: str = Field("", max_length=40, description="固定为 client_credentials", examples=["client_credentials"])
    client_id: str = Field("", max_length=60, description="凭证编号", examples=["ac_2f1d0c9b8a7e6f5d4c3b"])
    client_secret: str = Field("", max_length=200, description="密钥")
    scope: str = Field(
        "", max_length=500, description="限于这些服务，空格分隔；不填为全部已授权服务", examples=["units"]
    )


class RevokeWish(Schema):
    """The form of RFC 7009."""

    token: str = Field("", max_length=200)
    client_id: str = Field("", max_length=60)
    client_secret: str = Field("", max_length=200)


class UnsupportedGrant(DomainError):
    """Another way of asking than client credentials."""

    status, code, message = 400, "unsupported_grant_type", "不支持这种授权方式"
    advice = "grant_type 请用 client_credentials"


@routes.act("/token", right=PUBLIC, scope="none", summary="取访问令牌", operation_id="open_token")
def token(request: Request, body: Form[TokenWish]) -> Any:
    try:
        if body.grant_type != "client_credentials":
            raise UnsupportedGrant(field="grant_type")
        key_id, secret = client_of(request, body.client_id, body.client_secret)
        text, seconds, services = credentials.issue_token(key_id=key_id, secret=secret, scope=body.scope.split())
    except DomainError as error:
        return refusal(error)
    return {"access_token": text, "token_type": "Bearer", "expires_in": seconds, "scope": " ".join(services)}


@routes.act("/token/revoke", right=PUBLIC, scope="none", summary="撤销访问令牌", operation_id="open_token_revoke")
def revoke(request: Request, body: Form[RevokeWish]) -> Any:
    try:
        key_id, secret = client_of(request, body.client_id, body.client_secret)
        credentials.revoke_token(key_id=key_id, secret=secret, token=body.token)
    except DomainError as error:
        return refusal(error)
    return {}
