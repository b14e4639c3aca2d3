"""Signed requests: what is signed, and how a signature is written into a request and checked (SH-230.2).

The text that is signed has seven lines: scheme, method, path, query in order, digest of the content, moment, word used
once. A request so signed cannot be changed in any part, cannot be used later, and cannot be used twice.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

from anju.kernel.crypto import sm2, sm3

HMAC_SM3, SM2_SM3 = "ANJU-HMAC-SM3", "ANJU-SM2-SM3"
SCHEMES = {HMAC_SM3: "hmac", SM2_SM3: "sm2"}
UNRESERVED = "-._~"
_PART = re.compile(r'\s*(key|timestamp|nonce|signature)="([^"\\\s]{1,300})"\s*')
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


class Malformed(ValueError):
    """The Authorization header is not of the published form."""


@dataclass(frozen=True)
class Signed:
    """The parts of a signed request's Authorization header."""

    scheme: str
    key_id: str
    timestamp: int
    nonce: str
    signature: bytes

    @classmethod
    def read(cls, header: str) -> Signed:
        """The parts of a header; raises `Malformed`."""
        scheme, _, rest = header.partition(" ")
        if scheme not in SCHEMES:
            raise Malformed("scheme")
        parts: dict[str, str] = {}
        for piece in rest.split(","):
            found = _PART.fullmatch(piece)
            if found is None or found[1] in parts:
                raise Malformed("parts")
            parts[found[1]] = found[2]
        if (
            len(parts) != 4
            or not _NONCE.fullmatch(parts["nonce"])
            or not re.fullmatch(r"[0-9]{10}", parts["timestamp"])
        ):
            raise Malformed("parts")
        try:
            signature = base64.b64decode(parts["signature"], validate=True)
        except ValueError as error:
            raise Malformed("signature") from error
        return cls(scheme, parts["key"], int(parts["timestamp"]), parts["nonce"], signature)

    def header(self) -> str:
        """The header as it is sent."""
        signature = base64.b64encode(self.signature).decode()
        return (
            f'{self.scheme} key="{self.key_id}",timestamp="{self.timestamp}",nonce="{self.nonce}",'
            f'signature="{signature}"'
        )


def canonical_query(query: str) -> str:
    """The parameters in order of name and value, each written with the fewest escapes (RFC 3986)."""
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return "&".join(f"{quote(name, safe=UNRESERVED)}={quote(value, safe=UNRESERVED)}" for name, value in pairs)


def text_to_sign(scheme: str, method: str, path: str, query: str, content: bytes, timestamp: int, nonce: str) -> bytes:
    """The seven lines; `path` is decoded, `query` as it stands in the address."""
    lines = [
        scheme, method.upper(), quote(path, safe=UNRESERVED + "/"), canonical_query(query), sm3(content).hex(),
        str(timestamp), nonce,
    ]  # fmt: skip
    return "\n".join(lines).encode()


def mac(key: str, text: bytes) -> bytes:
    """HMAC-SM3 with the key's characters."""
    made = HMAC(key.encode(), SM3())
    made.update(text)
    return made.finalize()


def mac_fits(key: str, text: bytes, signature: bytes) -> bool:
    """Whether a signature is the HMAC-SM3 of a text; takes the same time wherever they differ."""
    made = HMAC(key.encode(), SM3())
    made.update(text)
    try:
        made.verify(signature)
    except InvalidSignature:
        return False
    return True


def sign(
    *,
    scheme: str,
    key_id: str,
    key: str,
    method: str,
    path: str,
    query: str,
    content: bytes,
    timestamp: int,
    nonce: str,
) -> Signed:
    """Signs a request: with the HMAC key, or with an SM2 pair written as hexadecimal digits `public.private`."""
    text = text_to_sign(scheme, method, path, query, content, timestamp, nonce)
    if scheme == HMAC_SM3:
        signature = mac(key, text)
    else:
        public, private = (bytes.fromhex(half) for half in key.split("."))
        signature = sm2.sign(public, private, text)
    return Signed(scheme, key_id, timestamp, nonce, signature)


def fits(signed: Signed, credential: Mapping[str, str], text: bytes) -> bool:
    """Whether the signature is that of the credential (`secret` or `public_key`) over the text."""
    if signed.scheme == HMAC_SM3:
        return mac_fits(credential["secret"], text, signed.signature)
    return sm2.verify(bytes.fromhex(credential["public_key"]), text, signed.signature)
