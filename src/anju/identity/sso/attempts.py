"""A way to a provider and back: begun by a browser, ended by the same one, once; then in, or to binding."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from urllib.parse import unquote

from django.db import IntegrityError, transaction

from anju.identity.models import Audience, ExternalIdentity, Provider, SsoAttempt
from anju.identity.sso.people import Profile, people_of
from anju.identity.sso.wire import Refused, profile_of, send_to
from anju.kernel import audit, clock
from anju.kernel.crypto import blind
from anju.kernel.errors import DomainError, NotFound
from anju.kernel.http.constraints import explained
from anju.kernel.scope import Actor

VALID = timedelta(minutes=10)
COOKIE = "anju_sso"
_INSIDE = re.compile(r"/(?![/\\])[^\\\x00-\x1f]*")


class BindingSpent(DomainError):
    """The ticket for binding was used, or its ten minutes are over."""

    status, code, message, advice = 401, "sso.binding_expired", "绑定已过期", "请从统一身份认证重新登录"


@dataclass(frozen=True)
class Begun:
    """Where the browser goes, and the cookie by which it is known again."""

    url: str
    browser: str


@dataclass(frozen=True)
class Came:
    """Who came back: an account, or, where he is not known, the ticket with which he binds one."""

    provider: Provider
    to: str
    account_id: int | None
    binding: str = ""


def inside(path: str, otherwise: str) -> str:
    """A path of our own pages; anything that could lead elsewhere becomes `otherwise`."""
    plain = unquote(path)
    return path if len(path) <= 300 and _INSIDE.fullmatch(path) and _INSIDE.fullmatch(plain) else otherwise


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def providers(audience: str) -> list[Provider]:
    """The providers that people of a kind may choose from."""
    return list(Provider.objects.filter(audience=audience, active=True).order_by("id"))


def begin(key: str, to: str, browser: str) -> Begun:
    """Begins a way to a provider. `browser` is the cookie the browser has already, if any."""
    provider = Provider.objects.filter(key=key, active=True).first()
    if provider is None:
        raise NotFound
    home = people_of(provider.audience).home
    state, nonce, verifier = (secrets.token_urlsafe(n) for n in (32, 24, 48))
    browser = browser if 20 <= len(browser) <= 100 else secrets.token_urlsafe(32)
    url = send_to(provider, state, nonce, verifier)
    moment = clock.real_now()
    SsoAttempt.objects.filter(expires_at__lt=moment - timedelta(days=1)).delete()
    SsoAttempt.objects.create(
        state=digest(state), browser=digest(browser), provider=provider, nonce=nonce, verifier=verifier,
        to=inside(to, home), expires_at=moment + VALID,
    )  # fmt: skip
    return Begun(url, browser)


def finish(key: str, *, state: str, code: str, ticket: str, browser: str) -> Came:
    """Ends a way: the same browser, the same provider, once. Raises `Refused`, `Unavailable`."""
    moment = clock.real_now()
    mine = SsoAttempt.objects.filter(
        state=digest(state), browser=digest(browser), provider__key=key, provider__active=True
    )
    if not mine.filter(used_at__isnull=True, expires_at__gt=moment).update(used_at=moment):
        raise Refused
    attempt = mine.select_related("provider").get()
    profile = profile_of(attempt, state, code, ticket)
    provider, kind = attempt.provider, attempt.provider.audience
    known = ExternalIdentity.objects.filter(provider=provider, subject_key=subject_key(provider, profile)).first()
    if known is not None:
        ExternalIdentity.objects.filter(pk=known.pk).update(last_used_at=clock.now())
        return Came(provider, attempt.to, known.account_id)
    if provider.trusts_phone and profile.phone:
        with transaction.atomic():
            account_id = people_of(kind).by_phone(profile)
            if account_id is not None:
                keep(provider, profile, kind, account_id)
                return Came(provider, attempt.to, account_id)
    token = secrets.token_urlsafe(32)
    attempt.binding, attempt.profile = digest(token), json.dumps(asdict(profile), ensure_ascii=False)
    attempt.expires_at = moment + VALID
    attempt.save(update_fields=["binding", "profile", "expires_at"])
    return Came(provider, attempt.to, None, token)


def subject_key(provider: Provider, profile: Profile) -> bytes:
    """By what somebody of a provider is found again."""
    return blind(f"sso|{provider.pk}|{profile.subject}")


def keep(provider: Provider, profile: Profile, kind: str, account_id: int) -> ExternalIdentity:
    """Keeps that somebody there is this account here. Each binds once, by constraint."""
    try:
        with transaction.atomic():
            made = ExternalIdentity.objects.create(
                provider=provider, subject_key=subject_key(provider, profile), kind=kind, account_id=account_id,
                bound_at=clock.now(), last_used_at=clock.now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise explained(error) from error
    audit.record(
        "change", actor=Actor(kind=kind, id=account_id, name=profile.name), subject=f"identity.provider:{provider.pk}",
        title=f"绑定统一身份（{provider.title}）", detail={"account": f"{kind}:{account_id}"},
    )  # fmt: skip
    return made


def bind(binding: str, kind: str, account_id: int) -> str:
    """Binds the person behind a ticket to an account that just proved itself; gives where he wanted to go.

    In the present transaction. Raises `BindingSpent`, and `sso.bound` or `sso.account_bound` by constraint.
    """
    moment = clock.real_now()
    mine = SsoAttempt.objects.filter(binding=digest(binding), provider__audience=kind, provider__active=True)
    if not mine.filter(bound_at__isnull=True, expires_at__gt=moment).update(bound_at=moment):
        raise BindingSpent
    attempt = mine.select_related("provider").get()
    keep(attempt.provider, Profile(**json.loads(attempt.profile)), kind, account_id)
    SsoAttempt.objects.filter(pk=attempt.pk).update(profile="")
    return attempt.to


def waiting_profile(binding: str) -> tuple[Provider, Profile]:
    """Whose word waits behind a ticket for binding. Raises `BindingSpent`."""
    found = SsoAttempt.objects.filter(
        binding=digest(binding), bound_at__isnull=True, expires_at__gt=clock.real_now(), provider__active=True
    )
    attempt = found.select_related("provider").first()
    if attempt is None:
        raise BindingSpent
    return attempt.provider, Profile(**json.loads(attempt.profile))


def of_account(kind: str, account_id: int) -> list[ExternalIdentity]:
    """The identities bound to an account."""
    return list(ExternalIdentity.objects.filter(kind=kind, account_id=account_id).select_related("provider"))


def release(actor: Actor, identity_id: int) -> None:
    """Takes a binding of one's own off."""
    kind = Audience.STAFF if actor.is_staff else Audience.RESIDENT
    found = ExternalIdentity.objects.filter(pk=identity_id, kind=kind, account_id=actor.id)
    identity = found.select_related("provider").first()
    if identity is None:
        raise NotFound
    identity.delete()
    audit.record(
        "change", actor=actor, subject=f"identity.provider:{identity.provider_id}",
        title=f"解除统一身份（{identity.provider.title}）",
    )  # fmt: skip
