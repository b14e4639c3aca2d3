"""Passing rights on: nobody gives what he does not hold, neither the right, nor further, nor longer (SH-227.4).

An administrator acts for his organisation. What it may pass on is what it has been granted, where grants bind it; how
far he may give is how far his own right to give reaches; how long, to the day on which that right ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import connection

from anju.identity.held import still, who
from anju.identity.models import Account, AccountPost, AccountRole, Organisation
from anju.identity.models.permissions import Permissions
from anju.identity.permissions import Place, areas_of, narrowed, together
from anju.kernel import clock
from anju.kernel.errors import DomainError, Forbidden
from anju.kernel.scope import Actor, Reach
from anju.kernel.scope.areas import Areas, covers

ROOF = "SELECT identity_ceilings(bound.id, %s) FROM (SELECT identity_governing(%s) AS id) AS bound WHERE bound.id IS NOT NULL"


class TooWide(Forbidden):
    """More than the giver holds; `details` names the rights."""

    code, message = "grant.wider", "授权超出了你自己的权限"
    advice = "请减少权限、缩小数据范围或提前截止日期"


class ToHimself(Forbidden):
    """Nobody gives himself anything, neither directly nor by changing what he holds."""

    code, message, advice = "grant.self", "不能给自己授权", "请由另一位管理员操作"


class PastEnd(DomainError):
    """The last day lies before today."""

    code, message, advice = "grant.past", "截止日期已经过去", "请选择今天或以后的日期"


def roof_of(path: str) -> dict[str, Areas] | None:
    """What an organisation has been granted, as areas there; None when no grant binds it."""
    with connection.cursor() as cursor:
        cursor.execute(ROOF, [clock.today(), path])
        found = cursor.fetchone()
    if found is None:
        return None
    division = Organisation.objects.values_list("division", flat=True).get(path=path)
    place = Place(path, division, "")
    return {right: areas_of(span, place) for right, span in together(map(narrowed, found[0]), place).items()}


def spread(given: Iterable[Permissions], place: Place) -> dict[str, Areas]:
    """What roles or posts come to for somebody at a place."""
    sets = [
        {
            "rights": each.rights, "reach": each.reach, "reaches": each.reaches, "divisions": each.divisions,
            "paths": list(each.organisations.values_list("path", flat=True)),
        }
        for each in given
    ]  # fmt: skip
    return {right: areas_of(span, place) for right, span in together(sets, place).items()}


def check_passing(actor: Actor, right: str, given: Iterable[Permissions], account: Account) -> None:
    """Raises `TooWide` unless the actor, by his right to give, may give all of this to somebody of an office."""
    place = Place(account.organisation.path, account.organisation.division, f"staff:{account.pk}")
    limit, roof = actor.areas_of(right), roof_of(actor.org_path) if actor.org_path else None
    wider = []
    for each, areas in spread(given, place).items():
        # one's own rows are within everybody's reach
        wanted = tuple(area for area in areas if not area.owner)
        if not covers(limit, wanted) or (roof is not None and not covers(roof.get(each, ()), areas)):
            wider.append(each)
    if wider:
        raise TooWide(details={"rights": sorted(wider)[:50]})


def check_known(actor: Actor, rights: Iterable[str]) -> None:
    """Raises `TooWide` for rights that the actor's organisation does not hold."""
    roof = roof_of(actor.org_path) if actor.org_path else None
    if roof is not None and (wider := sorted(set(rights) - roof.keys())):
        raise TooWide(details={"rights": wider[:50]})


def check_last_day(actor: Actor, right: str, until: date | None) -> None:
    """Raises `PastEnd` for a day gone by, `TooWide` for one after the actor's own right to give ends."""
    if until is not None and until < clock.today():
        raise PastEnd(field="until")
    if actor.kind == "system":
        return
    days = [
        *AccountRole.objects.filter(still(), account_id=who(actor), role__rights__contains=[right]).values_list("until", flat=True),
        *AccountPost.objects.filter(still(), account_id=who(actor), post__rights__contains=[right]).values_list("until", flat=True),
        *AccountPost.objects.filter(still(), account_id=who(actor), post__roles__rights__contains=[right]).values_list(
            "until", flat=True
        ),
    ]  # fmt: skip
    if None in days or not days:
        return
    last = max(day for day in days if day is not None)
    if until is None or until > last:
        raise TooWide(
            f"你自己的授权权限到 {last} 为止，不能授得更久", field="until", details={"until": last.isoformat()}
        )


def check_reach(reach: str, reaches: Mapping[str, str], chosen: Iterable[object]) -> None:
    """Refuses what is no reach, and a chosen reach with neither organisation nor division."""
    known = set(Reach)
    if reach not in known or not set(reaches.values()) <= known:
        raise DomainError("没有这种数据范围", code="role.reach", field="reach", advice="请从列表中选择")
    if Reach.CHOSEN in {reach, *reaches.values()} and not list(chosen):
        raise DomainError(
            "选择了“指定机构、区划”，但一个也没有选", code="role.nothing_chosen", field="organisations",
            advice="请至少选一个机构或区划",
        )  # fmt: skip
