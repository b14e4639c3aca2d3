"""What other contexts do with units: conditional changes of state, and the race for the last one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from anju.kernel.errors import Conflict, DomainError, NotFound
from anju.kernel.events.models import StoredEvent
from anju.kernel.registers.models import RegisterHistory
from anju.kernel.scope import system
from anju.supply import services
from anju.supply.models import Unit
from tests.supply.samples import make_supply, make_unit

ME = system()


def let(unit_id: int, contract_id: int = 7, held_for: str = "") -> services.UnitInfo:
    return services.let_unit(
        actor=ME,
        unit_id=unit_id,
        contract_id=contract_id,
        occupant_name_masked="王*华",
        lease_end=date(2027, 12, 31),
        held_for=held_for,
    )


@pytest.mark.django_db
class TestTheWayOfAUnit:
    def test_held_let_left_and_vacant_again_with_history_and_events(self) -> None:
        unit = make_supply("A").unit
        held = services.hold_unit(actor=ME, unit_id=unit.pk, held_for="choice:12")
        assert (held.status, held.held_for) == ("held", "choice:12")
        assert let(unit.pk, held_for="choice:12").status == "let"
        assert services.start_leaving(actor=ME, unit_id=unit.pk, contract_id=7).status == "leaving"
        assert services.stay_after_all(actor=ME, unit_id=unit.pk, contract_id=7).status == "let"
        assert services.start_leaving(actor=ME, unit_id=unit.pk, contract_id=7).status == "leaving"
        free = services.vacate_unit(actor=ME, unit_id=unit.pk, contract_id=7)
        assert (free.status, free.contract_id) == ("vacant", None)
        actions = RegisterHistory.objects.filter(register="supply.units", row_id=unit.pk).order_by("id")
        assert [entry.action for entry in actions] == [
            "选定保留", "签约入住", "登记退租申请", "撤销退租申请", "登记退租申请", "退租腾空",
        ]  # fmt: skip
        assert StoredEvent.objects.filter(name="supply.unit_moved", payload__unit_id=unit.pk).count() == 6

    def test_the_same_act_again_changes_nothing(self) -> None:
        unit = make_supply("A").unit
        first = services.hold_unit(actor=ME, unit_id=unit.pk, held_for="choice:12")
        assert services.hold_unit(actor=ME, unit_id=unit.pk, held_for="choice:12") == first
        done = let(unit.pk, held_for="choice:12")
        assert let(unit.pk, held_for="choice:12") == done
        assert RegisterHistory.objects.filter(row_id=unit.pk, register="supply.units").count() == 2

    @pytest.mark.parametrize(
        ("status", "act", "code"),
        [
            ("locked", lambda u: let(u), "supply.unit_taken"),
            ("vacant", lambda u: services.release_unit(actor=ME, unit_id=u, held_for="x:1"), "supply.not_held"),
            ("vacant", lambda u: services.vacate_unit(actor=ME, unit_id=u, contract_id=1), "supply.not_let"),
            ("vacant", lambda u: services.unlock_unit(actor=ME, unit_id=u), "supply.not_locked"),
            ("vacant", lambda u: services.confirm_unit(actor=ME, unit_id=u), "supply.not_confirmable"),
            ("repair", lambda u: services.hold_unit(actor=ME, unit_id=u, held_for="x:1"), "supply.unit_taken"),
        ],
    )
    def test_an_act_in_the_wrong_state_is_refused(self, status: str, act: Callable[[int], Any], code: str) -> None:
        unit = make_unit(make_supply("A").building, "A-2", "102", status=status)
        with pytest.raises(Conflict) as refused:
            act(unit.pk)
        assert refused.value.code == code
        assert refused.value.details["status"] == status
        assert Unit.objects.get(pk=unit.pk).status == status

    def test_a_unit_held_for_another_is_not_let(self) -> None:
        unit = make_supply("A").unit
        services.hold_unit(actor=ME, unit_id=unit.pk, held_for="choice:12")
        with pytest.raises(services.UnitTaken):
            let(unit.pk, held_for="choice:13")
        with pytest.raises(services.UnitTaken):
            services.hold_unit(actor=ME, unit_id=unit.pk, held_for="choice:13")

    @pytest.mark.covers("SH-070.5", "SH-070.7")
    def test_a_locked_unit_cannot_be_let_until_it_is_unlocked(self) -> None:
        unit = make_supply("A").unit
        services.lock_unit(actor=ME, unit_id=unit.pk, note="权属核查")
        with pytest.raises(services.UnitTaken):
            let(unit.pk)
        services.unlock_unit(actor=ME, unit_id=unit.pk)
        assert let(unit.pk).status == "let"

    @pytest.mark.covers("SH-070.4")
    def test_a_unit_can_be_left_unusable_until_it_is_checked(self) -> None:
        unit = make_supply("A").unit
        let(unit.pk)
        assert services.vacate_unit(actor=ME, unit_id=unit.pk, contract_id=7, lock=True).status == "locked"
        with pytest.raises(services.UnitTaken):
            services.hold_unit(actor=ME, unit_id=unit.pk, held_for="choice:1")

    def test_vacant_units_are_found_by_what_a_batch_asks(self) -> None:
        ours, theirs = make_supply("A"), make_supply("B", "/1/3/", "339902", "affordable_rental")
        found = services.list_vacant_units(programme="public_rental", divisions=["339901"])
        assert [unit.id for unit in found] == [ours.unit.pk]
        assert [unit.id for unit in services.list_vacant_units(org_path="/1/3/")] == [theirs.unit.pk]
        assert set(services.get_units([ours.unit.pk, 10**9])) == {ours.unit.pk}
        with pytest.raises(NotFound):
            services.get_unit(10**9)
        with pytest.raises(DomainError):
            services.hold_unit(actor=ME, unit_id=ours.unit.pk, held_for="")


def race(unit_id: int, households: int, hold: Callable[[int], Any]) -> list[int]:
    """All households ask for one unit at the same moment; gives those who were told that it is theirs."""
    ready, winners = threading.Barrier(households), []

    def ask(number: int) -> None:
        ready.wait()
        try:
            hold(number)
            winners.append(number)
        except services.UnitTaken:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(households)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return winners


@pytest.mark.django_db(transaction=True)
def test_two_households_cannot_get_one_unit_and_without_the_lock_they_would() -> None:
    unit = make_supply("A").unit
    looked = threading.Barrier(8)

    def careless(number: int) -> None:
        vacant = Unit.objects.get(pk=unit.pk).status == "vacant"
        looked.wait()
        if not vacant:
            raise services.UnitTaken
        Unit.objects.filter(pk=unit.pk).update(status="held", held_for=f"choice:{number}")

    assert len(race(unit.pk, 8, careless)) == 8
    Unit.objects.filter(pk=unit.pk).update(status="vacant", held_for="")
    winners = race(unit.pk, 8, lambda n: services.hold_unit(actor=ME, unit_id=unit.pk, held_for=f"choice:{n}"))
    assert len(winners) == 1
    assert Unit.objects.get(pk=unit.pk).held_for == f"choice:{winners[0]}"
