"""The conversation with providers: where to send a person, and what came of it.

OpenID Connect Core 1.0 with the code flow and PKCE (RFC 7636); CAS protocol 3.0. Signatures are joserfc's.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import urlencode

import httpx
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from anju.identity.models import Protocol, Provider, SsoAttempt
from anju.identity.sso.people import Profile
from anju.kernel.errors import DomainError, Unavailable
from anju.kernel.xmlfiles import XmlUnreadable, read_xml

TIMEOUT = 5.0
ALGORITHMS = ["RS256", "PS256", "ES256", "RS384", "ES384", "RS512", "ES512"]
SCOPE = "openid profile phone"
CAS = "{http://www.yale.edu/tp/cas}"


class Refused(DomainError):
    """The provider's answer cannot be taken: forged, for somebody else, too old, used before."""

    status, code, message, advice = 401, "sso.refused", "统一身份认证没有通过", "请重新登录"


def callback_of(provider: Provider) -> str:
    """The address to which a provider sends people back."""
    return f"{settings.PUBLIC_URL}/api/identity/sso/{provider.key}/callback"


def send_to(provider: Provider, state: str, nonce: str, verifier: str) -> str:
    """Where a person goes to prove himself. Raises `Unavailable` where the provider does not answer."""
    if provider.protocol == Protocol.CAS:
        service = f"{callback_of(provider)}?{urlencode({'state': state})}"
        return f"{provider.url.rstrip('/')}/login?{urlencode({'service': service})}"
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "response_type": "code", "client_id": provider.client_id, "redirect_uri": callback_of(provider), "scope": SCOPE,
        "state": state, "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    return f"{discovery(provider)['authorization_endpoint']}?{urlencode(asked)}"


def profile_of(attempt: SsoAttempt, state: str, code: str, ticket: str) -> Profile:
    """Who came back, by what the provider says itself. Raises `Refused`, `Unavailable`."""
    provider = attempt.provider
    try:
        if provider.protocol == Protocol.CAS:
            return by_ticket(provider, state, ticket)
        return by_code(provider, attempt, code)
    except httpx.HTTPError as error:
        raise Unavailable("统一身份认证暂时没有应答", code="sso.unavailable") from error


def read(url: str) -> Any:
    """A JSON document of a provider."""
    try:
        answer = httpx.get(url, timeout=TIMEOUT, trust_env=False)
        answer.raise_for_status()
        return answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise Unavailable("统一身份认证暂时没有应答", code="sso.unavailable") from error


def discovery(provider: Provider) -> dict[str, Any]:
    """The provider's own description; its name must be the address we know it by (OpenID Connect Discovery, 4.3)."""
    told: dict[str, Any] = read(f"{provider.url.rstrip('/')}/.well-known/openid-configuration")
    if not isinstance(told, dict) or told.get("issuer") != provider.url.rstrip("/"):
        raise Refused("统一身份认证的地址与登记的不一致")
    return told


def by_code(provider: Provider, attempt: SsoAttempt, code: str) -> Profile:
    """Exchanges the code and checks the identity token: signature, issuer, audience, time, nonce."""
    if not code:
        raise Refused
    told = discovery(provider)
    try:
        token = exchanged(provider, told["token_endpoint"], code, attempt.verifier)
        keys = KeySet.import_key_set(read(told["jwks_uri"]))
        claims = jwt.decode(str(token["id_token"]), keys, algorithms=ALGORITHMS).claims
        rules = jwt.JWTClaimsRegistry(
            leeway=60,
            iss={"essential": True, "value": told["issuer"]},
            aud={"essential": True, "value": provider.client_id},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": attempt.nonce},
        )
        rules.validate(claims)
    except (JoseError, KeyError, ValueError, TypeError) as error:
        raise Refused from error
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != provider.client_id:
        raise Refused
    phone = str(claims.get("phone_number", "")) if claims.get("phone_number_verified") is True else ""
    return Profile(str(claims["sub"]), str(claims.get("name", ""))[:60], phone)


def exchanged(provider: Provider, endpoint: str, code: str, verifier: str) -> dict[str, Any]:
    """What a code is worth, told to who holds the secret and the verifier. Raises `Refused`."""
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": callback_of(provider),
        "code_verifier": verifier,
    }  # fmt: skip
    known = (provider.client_id, provider.client_secret)
    answer = httpx.post(endpoint, data=form, auth=known, timeout=TIMEOUT, trust_env=False)
    if answer.status_code >= 500:
        raise Unavailable("统一身份认证暂时没有应答", code="sso.unavailable")
    if answer.status_code != 200:
        raise Refused
    token: dict[str, Any] = answer.json()
    return token


def by_ticket(provider: Provider, state: str, ticket: str) -> Profile:
    """Asks a CAS server whose ticket it is, for the service it was given for."""
    if not ticket:
        raise Refused
    service = f"{callback_of(provider)}?{urlencode({'state': state})}"
    asked = urlencode({"service": service, "ticket": ticket})
    answer = httpx.get(f"{provider.url.rstrip('/')}/p3/serviceValidate?{asked}", timeout=TIMEOUT, trust_env=False)
    answer.raise_for_status()
    try:
        root = read_xml(answer.content)
    except XmlUnreadable as error:
        raise Refused from error
    user = root.findtext(f"{CAS}authenticationSuccess/{CAS}user")
    if root.tag != f"{CAS}serviceResponse" or not user:
        raise Refused
    name = root.findtext(f"{CAS}authenticationSuccess/{CAS}attributes/{CAS}name") or ""
    return Profile(user.strip(), name.strip()[:60])
