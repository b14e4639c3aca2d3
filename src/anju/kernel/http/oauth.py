"""What every OAuth 2.0 door shares: who the client says it is, and a refusal in the shape of RFC 6749."""

from __future__ import annotations

import base64
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse

from anju.kernel.errors import DomainError
from anju.kernel.http.json import dumps


class WrongClient(DomainError):
    """Client unknown, stopped or its secret wrong; which of them is not told (RFC 6749: invalid_client)."""

    status, code, message = 401, "invalid_client", "客户端认证没有通过"
    advice = "请核对凭证编号和密钥，确认凭证在有效期内"


def client_of(request: HttpRequest, client_id: str, secret: str) -> tuple[str, str]:
    """Who asks: from the Basic header, else from the form. Raises `WrongClient` for a header that says nothing."""
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return client_id, secret
    try:
        name, colon, word = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except ValueError as error:
        raise WrongClient from error
    if not colon:
        raise WrongClient
    return unquote_plus(name), unquote_plus(word)


def refusal(error: DomainError, scheme: str = "Basic") -> HttpResponse:
    """A refusal in the shape of RFC 6749 and in ours at once."""
    body = {"error": error.code, "error_description": error.message} | error.as_json()
    response = HttpResponse(dumps(body), status=error.status, content_type="application/json")
    if error.status == 401:
        response.headers["WWW-Authenticate"] = f'{scheme} realm="anju"'
    return response
