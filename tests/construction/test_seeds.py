"""The demonstration's projects: every list has something in it, and nothing that a form would refuse."""

from __future__ import annotations

from typing import Any

import pytest

from anju.construction.models import AnnualPlan, ArchiveItem, Bridging, LargeEstate, Permit, Project
from anju.construction.seeds import seed_construction
from anju.kernel.cases.models import Draft
from anju.kernel.registers.register import REGISTERS

pytestmark = pytest.mark.django_db
# Read from the approval system, not seeded.
READ = {"construction.recognitions", "construction.recognition_faults"}


def test_the_demonstration_shows_projects_at_every_stage(site: Any) -> None:
    for account in ("jianshe", "zhoumin", "gaoyuan", "shenliqun"):
        site.town.account(account)
    seed_construction()
    assert set(LargeEstate.objects.values_list("state", flat=True)) == {"filed", "confirmed"}
    assert set(Project.objects.values_list("stage", flat=True)) == {"approved", "building", "pre_sale"}
    assert Permit.objects.get().unit_count == 24
    assert Bridging.objects.get().supply_state == "stocked"
    assert ArchiveItem.objects.count() == 7
    assert Draft.objects.count() == 1
    assert AnnualPlan.objects.count() == 1
    empty = {
        key
        for key, register in REGISTERS.items()
        if key.startswith("construction.") and not register.model._default_manager.exists()
    }
    assert empty == READ
