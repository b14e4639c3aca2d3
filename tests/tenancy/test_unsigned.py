"""A chosen unit that nobody signs for: kept for its term, then free; the household stays in the queue, marked and told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from anju.kernel import clock
from anju.supply.models import Unit
from anju.tenancy import unsigned
from anju.tenancy.jobs import sweep
from anju.tenancy.models import Contract
from anju.waiting.models import Batch, Choice, Move
from anju.workspace.models import Message
from tests.casework import Household, Town
from tests.support import pass_days, run_jobs, waiting_jobs
from tests.tenancy.kit import Lease, drafted
from tests.waiting.kit import choose, entry, homes, place, published, queued

TERM = 15


class Chosen:
    """A household that chose a unit of a running batch, and one behind it in the queue."""

    def __init__(self, town: Town) -> None:
        self.town, self.homes = town, homes()
        self.first, self.second = queued(town), queued(town)
        self.unit = self.homes.units[0]
        self.batch: Batch = published(town.staff("fangting"), self.homes.ids[:2], {self.unit.layout: 1})
        answer = choose(self.first, self.batch, self.unit.pk)
        assert answer.status_code == 200, answer.content
        run_jobs()

    def later(self, days: int) -> None:
        """So many days on, the daily job ran and all that it asked for."""
        pass_days(days)
        sweep()
        run_jobs()

    def status(self) -> str:
        return str(Unit.objects.get(pk=self.unit.pk).status)

    def view(self, who: Household) -> dict[str, Any]:
        return dict(who.api.get(f"/citizen/batches/{self.batch.pk}").json())

    def told(self) -> int:
        return Message.objects.filter(recipient_ref=self.first.actor.ref, title="选定的房子已收回").count()

    def contract(self) -> dict[str, Any]:
        held = entry(self.first)
        from anju.eligibility.models import Certificate

        papers = Certificate.objects.get(pk=held.certificate_id)
        return drafted(Lease(self.first, papers, self.homes, self.town.staff("fangting"), self.unit))


@pytest.fixture
def chosen(town: Town) -> Chosen:
    return Chosen(town)


def test_the_unit_is_kept_for_the_term_and_free_the_day_after(chosen: Chosen) -> None:
    last = clock.today() + timedelta(days=TERM)
    assert chosen.view(chosen.first)["sign_by"] == last.isoformat()
    before = place(chosen.first)
    chosen.later(TERM)
    assert (clock.today(), chosen.status(), entry(chosen.first).state) == (last, "held", "chosen")
    assert chosen.told() == 0
    chosen.later(1)
    kept = entry(chosen.first)
    assert (chosen.status(), kept.state, place(chosen.first)) == ("vacant", "called", before)
    assert kept.lapsed_at is not None
    assert "逾期未签约" in str(Move.objects.filter(entry=kept).latest("id").cause)
    assert chosen.told() == 1
    assert chosen.view(chosen.first)["sign_by"] is None
    row = chosen.town.staff("fangting").get("/registers/waiting.entries/rows", q=kept.certificate_no).json()["rows"][0]
    assert row["lapsed_at"]


def test_the_next_household_is_called_and_may_choose_the_unit(chosen: Chosen) -> None:
    assert entry(chosen.second).state == "waiting"
    chosen.later(TERM + 1)
    assert entry(chosen.second).state == "called"
    assert choose(chosen.second, chosen.batch, chosen.unit.pk).status_code == 200


def test_a_second_run_changes_nothing(chosen: Chosen) -> None:
    pass_days(TERM + 1)
    sweep()
    sweep()
    jobs = [arguments for _, arguments in waiting_jobs("tenancy.end_unsigned")]
    assert len(jobs) == 1
    run_jobs()
    state = (entry(chosen.first).version, Move.objects.count(), chosen.told(), chosen.status())
    unsigned.end_unsigned(**jobs[0])
    sweep()
    run_jobs()
    assert (entry(chosen.first).version, Move.objects.count(), chosen.told(), chosen.status()) == state


def test_the_contract_that_waits_for_a_signature_is_cancelled_with_it(chosen: Chosen) -> None:
    made = chosen.contract()
    clerk = chosen.town.staff("fangting")
    assert clerk.post(f"/tenancy/contracts/{made['id']}/send").status_code == 200
    chosen.later(TERM + 1)
    ended = clerk.get(f"/tenancy/contracts/{made['id']}").json()
    assert (ended["state"], chosen.status(), entry(chosen.first).state) == ("cancelled", "vacant", "called")
    assert chosen.told() == 1


def test_signed_in_time_nothing_is_taken_back(chosen: Chosen) -> None:
    made = chosen.contract()
    clerk = chosen.town.staff("fangting")
    choice = Choice.objects.get(active=True)
    assert clerk.post(f"/tenancy/contracts/{made['id']}/sign-offline").status_code == 200
    # the event that ends the choice has not come through yet
    pass_days(TERM + 1)
    unsigned.end_unsigned(choice_id=choice.pk, certificate_id=entry(chosen.first).certificate_id)
    assert (Contract.objects.get(pk=made["id"]).state, chosen.status(), chosen.told()) == ("effective", "let", 0)
    assert entry(chosen.first).lapsed_at is None


def test_a_contract_registered_at_the_same_moment_undoes_the_taking_back(
    chosen: Chosen, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = Choice.objects.get(active=True)
    pass_days(TERM + 1)
    original = unsigned.take_back

    def meanwhile(choice_id: int, *, held: bool) -> bool:
        chosen.contract()
        return original(choice_id, held=held)

    monkeypatch.setattr(unsigned, "take_back", meanwhile)
    unsigned.end_unsigned(choice_id=choice.pk, certificate_id=entry(chosen.first).certificate_id)
    choice.refresh_from_db()
    assert (choice.active, chosen.status(), entry(chosen.first).state) == (True, "held", "chosen")
    run_jobs()
    assert chosen.told() == 0
