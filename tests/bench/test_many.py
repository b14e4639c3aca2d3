"""What the benchmark of a publication prepares is what it then measures, however often it is measured."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from anju.kernel.scope import Actor
from anju.supply.models import Publication, Unit
from bench import many
from tests.supply.samples import make_supply, make_unit

RIGHTS = [f"supply.unit.{verb}" for verb in ("view", "publish")]


@pytest.mark.django_db
def test_every_round_publishes_as_many_units_as_were_meant(
    city: Any, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    """Of three units that wait in the project one was given to another office, which publishes it itself."""
    branch = make_supply("A", city.path)
    waiting = [make_unit(branch.building, f"A-20{n}", f"20{n}", status="ready") for n in (1, 2, 3)]
    Unit.objects.filter(pk=waiting[0].pk).update(lent_path="/999/", lent_division="339902")
    actor = staff(*RIGHTS, reach="org_and_below")
    api = client_as(actor)
    keeper: Any = SimpleNamespace(actor=actor, post=lambda path, body: api.post(path, body).json())
    effort = SimpleNamespace(published=6, rounds=3)
    bench: Any = SimpleNamespace(effort=effort, quiet=lambda: None)
    figure = many.publication(bench, keeper)
    assert figure.one is not None
    assert list(Publication.objects.order_by("pk").values_list("act", "units")) == [("publish", 6), ("withdraw", 6)] * 3
    assert Unit.objects.filter(building__name="测速2号楼").count() == 4
    with pytest.raises(SystemExit, match="6 units of A01 await publication already, 5 are meant"):
        many.ready(actor, 5)
