"""Who holds which roles and posts today."""

from __future__ import annotations

from django.db.models import Q

from anju.identity.models import AccountPost, AccountRole, Role
from anju.kernel import clock
from anju.kernel.scope import Actor


def still() -> Q:
    """What is held today: without a last day, or not past it."""
    return Q(until__isnull=True) | Q(until__gte=clock.today())


def held_roles(account_id: int) -> set[int]:
    """The ids of the roles that an account holds today, by itself and through its posts."""
    own = AccountRole.objects.filter(still(), account_id=account_id).values_list("role_id", flat=True)
    stands = AccountPost.objects.filter(still(), account_id=account_id).values("post_id")
    through = Role.objects.filter(posts__in=stands).values_list("pk", flat=True)
    return {*own, *through}


def held_posts(account_id: int) -> set[int]:
    """The ids of the posts on which an account stands today."""
    return set(AccountPost.objects.filter(still(), account_id=account_id).values_list("post_id", flat=True))


def who(actor: Actor) -> int:
    """The account whose rights an actor uses."""
    return int(actor.stands_for.partition(":")[2] or actor.id)
