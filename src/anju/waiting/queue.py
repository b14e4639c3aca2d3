"""The queue of public rental: its order, a household's place, and those next in line (SH-053.1).

Order: priority group, then certificate date, then acceptance time, then case number. Only households whose certificate
is valid today stand in it; one that ran out stays on record and counts for nobody's place.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from anju.kernel import clock
from anju.kernel.rules import decide
from anju.waiting.models import IN_QUEUE, Entry, EntryState, Move

ORDER = ("priority", "certified_on", "accepted_at", "case_number")


def queue(division: str) -> QuerySet[Entry]:
    """The households in the queue of a district, first to last."""
    today = clock.today()
    return Entry.objects.filter(division=division, state__in=IN_QUEUE, valid_until__gte=today).order_by(*ORDER)


def ahead_of(entry: Entry) -> Q:
    """The condition of standing before an entry: the order's keys compared as one."""
    before, same = Q(), Q()
    for key in ORDER:
        value = getattr(entry, key)
        before |= same & Q(**{f"{key}__lt": value})
        same &= Q(**{key: value})
    return before


def place_of(entry: Entry) -> int | None:
    """The place in the queue, from 1; None for a household that left or whose certificate ran out."""
    if entry.state not in IN_QUEUE or entry.valid_until < clock.today():
        return None
    return queue(entry.division).filter(ahead_of(entry)).count() + 1


def priority_of(group: str, division: str) -> int:
    """How early a priority group comes, by the district's rule (SH-053.2); smaller is earlier."""
    return int(decide("waiting_priority", division=division, group=group or "none")["priority"])


def next_in_line(division: str, layout: str, project_ids: set[int], count: int) -> list[Entry]:
    """The first households, waiting and not called, that wish for the district, a layout and one of the projects.

    Who wishes for nothing in particular takes anything.
    """
    wished = Q(project_ids=[])
    for project_id in sorted(project_ids):
        wished |= Q(project_ids__contains=[project_id])
    fitting = (
        queue(division)
        .filter(wished, state=EntryState.WAITING)
        .filter(Q(layouts=[]) | Q(layouts__contains=[layout]))
        .filter(Q(divisions=[]) | Q(divisions__contains=[division]))
    )
    return list(fitting.select_for_update()[:count])


def note_move(entry: Entry, cause: str) -> None:
    """Records where a household stands and why that was looked at."""
    Move.objects.create(entry=entry, at=clock.now(), place=place_of(entry), cause=cause)
