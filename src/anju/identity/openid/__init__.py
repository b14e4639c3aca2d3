"""Single sign-on as provider: OAuth 2.0 and OpenID Connect for the applications of the register (SH-224, NF-03.5).

`clients` says who takes part, `flow` how a person gets there, `tokens` what his sign-in is worth, `keys` who signed.
"""

from django.conf import settings

PREFIX = "/api/identity/openid/"
# Where an application calls from its own machine, without a page of ours: it proves itself by secret, code or token.
BACK_CHANNEL = frozenset(f"{PREFIX}{name}" for name in ("token", "revoke", "introspect"))


def issuer() -> str:
    """The name under which tokens are issued: an address below which the description is found."""
    return f"{settings.PUBLIC_URL}{PREFIX.rstrip('/')}"
