"""How long a chosen unit is kept for its household, and what happens when it was not signed for by then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from anju.kernel import clock
from anju.kernel.errors import Conflict
from anju.kernel.events import publish
from anju.kernel.rules import decide
from anju.kernel.scope import system
from anju.supply import services as supply
from anju.waiting.models import Choice, Entry, EntryState
from anju.waiting.queue import note_move
from anju.workspace.services import send_message


@dataclass(frozen=True)
class Overdue:
    """A choice whose term is over."""

    id: int
    certificate_id: int
    unit_id: int


def sign_by(choice: Choice) -> date:
    """The last day for signing: the day of the choice and the district's term, as the rule was on that day."""
    chosen_on = clock.local_date(choice.chosen_at)
    group = choice.entry.priority_group or "none"
    term = decide("waiting_signing_term", on=chosen_on, division=choice.entry.division, group=group)
    return chosen_on + timedelta(days=int(term["days"]))


def overdue_choices() -> list[Overdue]:
    """The choices that were to be signed for before today, oldest first."""
    today = clock.today()
    active = Choice.objects.filter(active=True, chosen_at__lt=clock.start_of(today)).select_related("entry")
    return [
        Overdue(choice.pk, choice.entry.certificate_id, choice.unit_id)
        for choice in active.order_by("chosen_at", "id")
        if sign_by(choice) < today
    ]


def take_back(choice_id: int, *, held: bool) -> bool:
    """Takes an overdue choice back; the household stays in the queue, marked and told. False when there was none.

    `held`: the unit is still kept for the household, and is given free here. A second call changes nothing.
    """
    choice = (
        Choice.objects.select_for_update(of=("self",)).select_related("entry").filter(pk=choice_id, active=True).first()
    )
    if choice is None or sign_by(choice) >= clock.today():
        return False
    choice.active = False
    choice.save(update_fields=["active"])
    entry = Entry.objects.select_for_update().get(pk=choice.entry_id)
    if entry.state == EntryState.CHOSEN:
        entry.state = EntryState.CALLED
    entry.lapsed_at, entry.version = clock.now(), entry.version + 1
    entry.save()
    note_move(entry, "选定的房源逾期未签约，已收回，位次不变")
    if held:
        give_free(choice.unit_id, f"certificate:{entry.certificate_id}")
    publish("waiting.lapsed", entry_id=entry.pk, unit_id=choice.unit_id, certificate_id=entry.certificate_id)
    send_message(
        entry.holder_ref, "选定的房子已收回",
        f"你选定的房子没有在 {sign_by(choice)} 前签约，已收回给其他家庭。你还在轮候名册里，位次不变，可以重新选房。",
        kind="batch", link="/waiting", subject=f"waiting:{entry.pk}", key=f"choice:{choice.pk}:lapsed",
    )  # fmt: skip
    return True


def give_free(unit_id: int, held_for: str) -> None:
    """Gives a held unit free; one that was put to another use meanwhile stays as it is."""
    try:
        with transaction.atomic():
            supply.release_unit(unit_id=unit_id, held_for=held_for, actor=system(), note="逾期未签约收回")
    except Conflict:
        return
