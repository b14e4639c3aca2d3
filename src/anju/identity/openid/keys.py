"""The keys that sign identity tokens (ES256, RFC 7518): sealed by the cryptography service, renewed by a job.

Every process reads them from the database, so a renewed key counts everywhere at once; an old one stays published for
as long as something it signed may still be looked at.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from anju.identity.models import SigningKey
from anju.kernel import clock

ALGORITHM = "ES256"
RENEWED_AFTER = timedelta(days=90)
PUBLISHED_FOR = timedelta(days=7)
"""Sessions last hours, so a token is not shown any more a week after its key was replaced."""


def renew() -> SigningKey:
    """Adds a key, which signs from now on, and takes away those replaced more than a week ago."""
    moment = clock.real_now()
    newest = SigningKey.objects.order_by("-made_at").first()
    if newest is not None and newest.made_at < moment - PUBLISHED_FOR:
        SigningKey.objects.filter(made_at__lt=newest.made_at).delete()
    key = ECKey.generate_key("P-256")
    kid = key.thumbprint()
    private = json.dumps(key.as_dict(private=True))
    return SigningKey.objects.create(kid=kid, private=private, made_at=moment)


def renew_old() -> bool:
    """Renews the key when it is old; says whether it was."""
    newest = SigningKey.objects.order_by("-made_at").first()
    if newest is None or newest.made_at > clock.real_now() - RENEWED_AFTER:
        return False
    renew()
    return True


def present() -> SigningKey:
    """The key that signs now, made when there is none."""
    found = SigningKey.objects.order_by("-made_at").first()
    if found is not None:
        return found
    with transaction.atomic():
        with connection.cursor() as cursor:
            # two first sign-ins at a time make one key
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('identity.signing_key'))")
        return SigningKey.objects.order_by("-made_at").first() or renew()


def published() -> dict[str, Any]:
    """The public halves, as a JSON Web Key Set (RFC 7517)."""
    present()
    keys = []
    for each in SigningKey.objects.order_by("-made_at"):
        public = ECKey.import_key(json.loads(each.private)).as_dict(private=False)
        keys.append({**public, "kid": each.kid, "use": "sig", "alg": ALGORITHM})
    return {"keys": keys}


def sign(claims: Mapping[str, Any]) -> str:
    """A JSON Web Token with these claims."""
    key = present()
    private = ECKey.import_key(json.loads(key.private))
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid, "typ": "JWT"}, dict(claims), private)


def read(token: str) -> dict[str, Any] | None:
    """The claims of a token that we signed, however old it is; None for any other text."""
    try:
        return dict(jwt.decode(token, KeySet.import_key_set(published()), algorithms=[ALGORITHM]).claims)  # type: ignore[arg-type]
    except (JoseError, ValueError, TypeError, KeyError):
        return None
