"""Who is meant: the staff that hold a right over a row, with the rights held at this moment."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from anju.identity.held import held_roles, still, who
from anju.identity.models import Account, AccountPost, AccountRole, AccountState, Post, Role
from anju.identity.sessions import staff_actor
from anju.kernel.scope import Actor, admits


@dataclass(frozen=True)
class Place:
    """The office a matter belongs to, as far as reach goes."""

    org_path: str
    division: str
    created_by: str = ""


def holders(right: str, place: Place, *, limit: int) -> list[Actor]:
    """Up to `limit` active members of staff whose right reaches the place, those of the nearest offices first."""
    bring = Role.objects.filter(rights__contains=[right])
    posts = Post.objects.filter(Q(rights__contains=[right]) | Q(roles__in=bring))
    by_role = AccountRole.objects.filter(still(), role__in=bring).values("account_id")
    by_post = AccountPost.objects.filter(still(), post__in=posts).values("account_id")
    # what remains of these rights today (grants revoked, substitutes) the actor tells
    accounts = Account.objects.filter(Q(pk__in=by_role) | Q(pk__in=by_post), state=AccountState.ACTIVE)
    near = accounts.filter(org_path=place.org_path).order_by("id")
    others = accounts.exclude(org_path=place.org_path).order_by("id")
    found: list[Actor] = []
    for rows in (near, others):
        for account_id in rows.values_list("pk", flat=True)[: 10 * limit]:
            actor = staff_actor(account_id)
            if actor is not None and admits(actor, right, place):
                found.append(actor)
                if len(found) == limit:
                    return found
    return found


def role_keys(actor: Actor) -> list[str]:
    """The keys of the roles that a member of staff holds."""
    if not actor.is_staff:
        return []
    return list(Role.objects.filter(pk__in=held_roles(who(actor))).values_list("key", flat=True))
