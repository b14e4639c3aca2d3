"""Which units a clerk is offered for a new batch."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anju.identity.models import Organisation
from anju.kernel import clock
from anju.supply.seed import seed_supply
from tests.casework import Town


@pytest.mark.django_db(transaction=True)
def test_a_unit_of_a_running_batch_is_not_offered_for_another(town: Town) -> None:
    seed_supply(org_paths=dict(Organisation.objects.filter(kind="operator").values_list("code", "path")))
    clerk = town.staff("fangting")
    offered = clerk.get("/waiting/vacant-units").json()["rows"]
    start = clock.today()
    batch = {
        "title": "江湾第一批", "starts_on": start.isoformat(), "ends_on": (start + timedelta(days=10)).isoformat(),
        "unit_ids": [offered[0]["id"]], "quotas": {offered[0]["layout"]: 1},
    }  # fmt: skip
    assert clerk.post("/waiting/batches", batch).status_code == 200
    left = clerk.get("/waiting/vacant-units").json()["rows"]
    assert [one["id"] for one in left] == [one["id"] for one in offered[1:]]
