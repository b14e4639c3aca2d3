"""Who may see the papers of a household that waits."""

from __future__ import annotations

from datetime import date

import pytest

from anju.kernel import clock
from anju.kernel.documents.guards import _GUARDS
from anju.kernel.scope import Actor, Reach
from anju.waiting.models import Entry


@pytest.mark.django_db
def test_the_household_and_staff_within_reach_see_an_entry_s_papers() -> None:
    entry = Entry.objects.create(
        certificate_id=1, certificate_no="ZR1", certified_on=date(2026, 11, 21), valid_until=date(2028, 11, 20),
        accepted_at=clock.now(), case_number="GZ1", holder_ref="resident:3", household="王建华", household_size=3,
        registered_at=clock.now(), org_path="/1/4/",
    )  # fmt: skip
    sees, number = _GUARDS["waiting"], str(entry.pk)

    def clerk(path: str, right: str) -> Actor:
        return Actor(kind="staff", id=3, org_path=path, grants={right: Reach.ORG_AND_BELOW})

    assert sees(Actor(kind="resident", id=3), number)
    assert not sees(Actor(kind="resident", id=4), number)
    assert sees(clerk("/1/", "waiting.entry.view"), number)
    assert not sees(clerk("/1/5/", "waiting.entry.view"), number)
    assert not sees(clerk("/1/", "tenancy.contract.view"), number)
