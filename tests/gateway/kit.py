"""Parties for tests, and clients that call as they would: with a token, or signing each request."""

from __future__ import annotations

import json
import secrets
import time
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from anju.gateway.credentials import issue
from anju.gateway.models import Grant, Level, Party, Service
from anju.gateway.signing import HMAC_SM3, SM2_SM3, sign
from anju.identity.models import Organisation
from anju.kernel.scope import Reach, system

UNITS = "/registers/supply.units/rows"


def party(
    code: str, office: Organisation, *services: str, reach: Reach = Reach.ORG_AND_BELOW, level: int = Level.MANAGE
) -> Party:
    """A party that may use the services, in the office's name."""
    made = Party.objects.create(
        code=code, title=f"{code}系统", kind="third", organisation=office, reach=reach, org_path=office.path,
        division=office.division,
    )  # fmt: skip
    for key in services:
        Grant.objects.create(party=made, service=Service.objects.get(key=key), level=level)
    return made


class Caller:
    """Calls the API without a browser: no cookie, no header of ours."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)

    def authorization(self, method: str, path: str, query: str, content: bytes) -> str:
        raise NotImplementedError

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        content = b"" if body is None else json.dumps(body).encode()
        return self.send(
            method,
            path,
            urlencode(query),
            content,
            self.authorization(method, f"/api{path}", urlencode(query), content),
        )

    def send(self, method: str, path: str, query: str, content: bytes, authorization: str) -> Any:
        return self.client.generic(
            method, f"/api{path}" + (f"?{query}" if query else ""), content, content_type="application/json",
            headers={"Authorization": authorization},
        )  # fmt: skip

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, None, **query)

    def post(self, path: str, body: Any = None) -> Any:
        return self.call("POST", path, {} if body is None else body)


class Bearer(Caller):
    """A client with a token, fetched as RFC 6749 says."""

    def __init__(self, party: Party, *, test: bool = False, scope: str = "") -> None:
        super().__init__()
        issued = issue(actor=system(), party=party, kind="client", test=test)
        self.key_id, self.secret, self.credential = issued.credential.key_id, issued.secret, issued.credential
        self.answer = ask_token(self.client, self.key_id, self.secret, scope)
        self.token = self.answer.json().get("access_token", "")

    def authorization(self, method: str, path: str, query: str, content: bytes) -> str:
        return f"Bearer {self.token}"


class Signer(Caller):
    """A party that signs each request; `shift` sets its clock wrong."""

    def __init__(self, party: Party, kind: str, *, test: bool = False) -> None:
        super().__init__()
        if kind == "sm2":
            from anju.kernel.crypto import sm2

            public, private = sm2.generate()
            issued = issue(actor=system(), party=party, kind=kind, test=test, public_key=public.hex())
            self.key = f"{public.hex()}.{private.hex()}"
        else:
            issued = issue(actor=system(), party=party, kind=kind, test=test)
            self.key = issued.secret
        self.scheme = SM2_SM3 if kind == "sm2" else HMAC_SM3
        self.key_id, self.credential, self.shift = issued.credential.key_id, issued.credential, 0

    def authorization(self, method: str, path: str, query: str, content: bytes) -> str:
        return sign(
            scheme=self.scheme, key_id=self.key_id, key=self.key, method=method, path=path, query=query, content=content,
            timestamp=int(time.time()) + self.shift, nonce=secrets.token_urlsafe(18),
        ).header()  # fmt: skip


def ask_token(client: Client, key_id: str, secret: str, scope: str = "", **more: str) -> Any:
    """Asks for a token with the form of RFC 6749."""
    form = {"grant_type": "client_credentials", "client_id": key_id, "client_secret": secret, "scope": scope} | more
    return client.post("/api/open/token", urlencode(form), content_type="application/x-www-form-urlencoded")
