"""How many households wish for a project: those in the queue whose certificate is valid, counted once a minute."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from anju.kernel import clock
from anju.supply.wishes import waiting_by_project
from anju.waiting import wishes
from anju.waiting.models import Entry


@pytest.mark.django_db
@pytest.mark.covers("SH-007.2")
def test_only_those_who_wait_count() -> None:
    today = clock.today()

    def entry(number: int, projects: list[int], **changed: Any) -> None:
        usual: dict[str, Any] = {
            "certificate_id": number, "certificate_no": f"ZR{number}", "certified_on": today, "accepted_at": clock.now(),
            "valid_until": today + timedelta(days=9), "case_number": f"GZ{number}", "holder_ref": f"resident:{number}",
            "household": "周某", "household_size": 1, "registered_at": clock.now(), "project_ids": projects,
        }  # fmt: skip
        Entry.objects.create(**(usual | changed))

    entry(1, [7, 8])
    entry(2, [7])
    entry(3, [7], valid_until=today - timedelta(days=1))
    entry(4, [7], state="left", left_at=clock.now())
    entry(5, [])
    wishes.forget()
    assert waiting_by_project() == {7: 2, 8: 1}
    entry(6, [8])
    assert waiting_by_project()[8] == 1, "kept for a minute"
    wishes.forget()
    assert waiting_by_project()[8] == 2
    wishes.forget()
