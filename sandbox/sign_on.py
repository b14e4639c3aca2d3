"""Single sign-on as a city's platforms give it: the city app as an OpenID Connect provider, an office's CAS server.

Who is signed in at the city app is told by a cookie of its own (`/city-app/enter?as=lin`). Codes and tickets serve once.
`POST /control/sign-on {"fault": "nonce"}` makes the next identity tokens wrong: nonce, audience, issuer, expired, key.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import time
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "anju", "sandbox-secret"
CODE_VALID = 60
COOKIE = "city_app"
FAULTS = ("", "nonce", "audience", "issuer", "expired", "key")


@dataclass(frozen=True)
class Person:
    """Somebody whom the city app or the office knows."""

    subject: str
    name: str
    phone: str = ""


RESIDENTS = {
    "lin": Person("cityapp-1001", "林小满", "13900010001"),
    "wu": Person("cityapp-1002", "吴晓", "13900010002"),
    "nophone": Person("cityapp-1003", "顾言"),
}
STAFF = {"zhoumin": Person("gov-2001", "周敏"), "stranger": Person("gov-2999", "外单位")}
_PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><link rel="stylesheet" href="/pages/style.css"></head>
<body><main><h1>{title}</h1>{body}</main></body></html>"""


def page(title: str, body: str) -> HTMLResponse:
    """A page of the sandbox."""
    return HTMLResponse(_PAGE.format(title=escape(title), body=body))


def platform() -> str:
    """Where the platform's pages are, for the city app's menu."""
    return os.environ.get("ANJU_PUBLIC_URL") or f"http://127.0.0.1:{os.environ.get('ANJU_PORT', '8600')}"


class SignOn:
    """The addresses under /city-app, /oidc and /cas; what it knows lives as long as the process."""

    def __init__(self) -> None:
        self.key, self.wrong_key = RSAKey.generate_key(2048, {"kid": "1"}), RSAKey.generate_key(2048, {"kid": "1"})
        self.sessions: dict[str, str] = {}
        self.codes: dict[str, dict[str, Any]] = {}
        self.tickets: dict[str, dict[str, Any]] = {}
        self.fault = ""

    def routes(self) -> list[Route]:
        """The addresses."""
        return [
            Route("/city-app", self.city_app, methods=["GET"]),
            Route("/city-app/enter", self.enter, methods=["GET"]),
            Route("/city-app/leave", self.leave, methods=["GET"]),
            Route("/oidc/.well-known/openid-configuration", self.discovery, methods=["GET"]),
            Route("/oidc/jwks", self.jwks, methods=["GET"]),
            Route("/oidc/authorize", self.authorize, methods=["GET"]),
            Route("/oidc/token", self.token, methods=["POST"]),
            Route("/cas/login", self.cas_login, methods=["GET"]),
            Route("/cas/p3/serviceValidate", self.cas_validate, methods=["GET"]),
            Route("/control/sign-on", self.control, methods=["POST"]),
        ]

    # the city app

    def signed_in(self, request: Request) -> Person | None:
        """Who is signed in at the city app in this browser."""
        return RESIDENTS.get(self.sessions.get(request.cookies.get(COOKIE, ""), ""))

    async def city_app(self, request: Request) -> Response:
        """The app's menu; its entry to housing leads to the platform with a single sign-on."""
        person = self.signed_in(request)
        if person is None:
            return self.ask(str(request.url))
        entry = f"{platform()}/api/identity/sso/city-app/start?to=/"
        return page(
            "城市服务 App",
            f'<p>{escape(person.name)}，你好</p><p><a id="housing" href="{escape(entry)}">住房保障</a></p>'
            '<p><a href="/city-app/leave">退出</a></p>',
        )

    def ask(self, then: str) -> Response:
        """A page to sign in at the city app; in a sandbox a click is enough."""
        links = "".join(
            f'<li><a href="/city-app/enter?{escape(urlencode({"as": key, "then": then}))}">{escape(each.name)}</a></li>'
            for key, each in RESIDENTS.items()
        )
        return page("城市服务 App 登录", f"<ul>{links}</ul>")

    async def enter(self, request: Request) -> Response:
        """Signs one of the invented residents in and goes on to an address of our own."""
        key, then = request.query_params.get("as", ""), urlsplit(request.query_params.get("then", "/city-app"))
        if key not in RESIDENTS:
            return page("没有这个人", "")
        token = secrets.token_urlsafe(16)
        self.sessions[token] = key
        answer = RedirectResponse(then.path + (f"?{then.query}" if then.query else ""), 303)
        answer.set_cookie(COOKIE, token, httponly=True, samesite="lax")
        return answer

    async def leave(self, request: Request) -> Response:
        """Signs out of the city app."""
        self.sessions.pop(request.cookies.get(COOKIE, ""), None)
        return RedirectResponse("/city-app", 303)

    # OpenID Connect

    def issuer(self, request: Request) -> str:
        """The provider's name: its own address."""
        return f"{request.url.scheme}://{request.url.netloc}/oidc"

    async def discovery(self, request: Request) -> Response:
        """What a client reads first."""
        own = self.issuer(request)
        return JSONResponse(
            {
                "issuer": own, "authorization_endpoint": f"{own}/authorize", "token_endpoint": f"{own}/token",
                "jwks_uri": f"{own}/jwks", "response_types_supported": ["code"],
                "id_token_signing_alg_values_supported": ["RS256"], "subject_types_supported": ["public"],
                "code_challenge_methods_supported": ["S256"], "scopes_supported": ["openid", "profile", "phone"],
            }
        )  # fmt: skip

    async def jwks(self, request: Request) -> Response:
        """The public key."""
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        """Asks who it is where nobody is signed in, and goes back with a code."""
        told = request.query_params
        if told.get("client_id") != CLIENT or told.get("response_type") != "code":
            return JSONResponse({"error": "unauthorized_client"}, 400)
        if told.get("code_challenge_method") != "S256" or not told.get("code_challenge"):
            return JSONResponse({"error": "invalid_request", "error_description": "PKCE"}, 400)
        person = self.signed_in(request)
        if person is None:
            return self.ask(str(request.url))
        code = secrets.token_urlsafe(24)
        self.codes[code] = {
            "person": person, "redirect_uri": told.get("redirect_uri", ""), "challenge": told["code_challenge"],
            "nonce": told.get("nonce", ""), "until": time.time() + CODE_VALID,
        }  # fmt: skip
        back = urlencode({"code": code, "state": told.get("state", "")})
        return RedirectResponse(f"{told.get('redirect_uri', '')}?{back}", 302)

    async def token(self, request: Request) -> Response:
        """Gives an identity token for a code, once, to who holds the secret and the verifier."""
        form = dict(parse_qsl((await request.body()).decode()))
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        pair = base64.b64decode(given).decode() if kind.lower() == "basic" else ""
        if pair != f"{CLIENT}:{SECRET}" and (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return JSONResponse({"error": "invalid_client"}, 401)
        held = self.codes.pop(str(form.get("code", "")), None)
        proof = hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).decode().rstrip("=")
        if (
            held is None
            or held["until"] < time.time()
            or held["redirect_uri"] != form.get("redirect_uri")
            or held["challenge"] != challenge
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now, person, fault = int(time.time()), held["person"], self.fault
        claims = {
            "iss": "https://elsewhere.example" if fault == "issuer" else self.issuer(request), "sub": person.subject,
            "aud": "another" if fault == "audience" else CLIENT, "iat": now - (7200 if fault == "expired" else 0),
            "exp": now - 3600 if fault == "expired" else now + 300,
            "nonce": "another" if fault == "nonce" else held["nonce"], "name": person.name,
        }  # fmt: skip
        if person.phone:
            claims |= {"phone_number": f"+86{person.phone}", "phone_number_verified": True}
        signer = self.wrong_key if fault == "key" else self.key
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, signer)
        return JSONResponse(
            {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 300, "id_token": signed}
        )

    # CAS

    async def cas_login(self, request: Request) -> Response:
        """Signs a member of staff in (`as`) and goes back to the service with a ticket."""
        service, key = request.query_params.get("service", ""), request.query_params.get("as", "")
        if key not in STAFF:
            links = "".join(
                f'<li><a href="/cas/login?{escape(urlencode({"as": each, "service": service}))}">{escape(who.name)}</a></li>'
                for each, who in STAFF.items()
            )
            return page("政务统一认证", f"<ul>{links}</ul>")
        ticket = f"ST-{secrets.token_urlsafe(20)}"
        self.tickets[ticket] = {"person": STAFF[key], "service": service, "until": time.time() + CODE_VALID}
        return RedirectResponse(f"{service}{'&' if '?' in service else '?'}{urlencode({'ticket': ticket})}", 302)

    async def cas_validate(self, request: Request) -> Response:
        """Says whose ticket it is, once, to the service it was given for."""
        held = self.tickets.pop(request.query_params.get("ticket", ""), None)
        if held is None or held["until"] < time.time() or held["service"] != request.query_params.get("service"):
            inner = '<cas:authenticationFailure code="INVALID_TICKET">ticket not recognized</cas:authenticationFailure>'
        else:
            person = held["person"]
            inner = (
                f"<cas:authenticationSuccess><cas:user>{escape(person.subject)}</cas:user><cas:attributes>"
                f"<cas:name>{escape(person.name)}</cas:name></cas:attributes></cas:authenticationSuccess>"
            )
        text = f'<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">{inner}</cas:serviceResponse>'
        return Response(text, media_type="application/xml")

    async def control(self, request: Request) -> Response:
        """POST {fault}: what is wrong with the next identity tokens; empty for nothing."""
        told = await request.json()
        if told.get("fault", "") not in FAULTS:
            return JSONResponse({"code": "wrong", "message": "没有这种差错"}, 400)
        self.fault = told.get("fault", "")
        return JSONResponse({"fault": self.fault})
