"""Two clerks at the same units: whatever they do in whatever order, the number that can be let is the true one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, close_old_connections, connections, transaction
from django.db.models import Count, QuerySet, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anju.kernel.errors import DomainError
from anju.kernel.http.constraints import explained
from anju.kernel.scope import system
from anju.supply import handing, publishing, reshaping, services
from anju.supply.models import PublicationAct, Rentable, Unit, UnitCount
from anju.supply.reshaping import Part
from tests.supply.samples import Supply, make_supply, make_unit

pytestmark = pytest.mark.django_db(transaction=True)
ME = system()
UNITS = 4
ACTS = (
    "publish", "withdraw", "hold", "release", "let", "vacate", "lock", "unlock", "split", "merge", "confirm", "undo",
    "recover", "nature", "assign", "take_back",
)  # fmt: skip


def do(act: str, unit: Unit, clerk: int) -> None:
    """One act of one clerk on one unit; what it is not the time for is refused."""
    who = f"choice:{clerk}"
    match act:
        case "publish" | "withdraw" | "confirm" | "undo" | "recover":
            publishing.act(
                actor=ME, project_id=unit.project_id, act=PublicationAct(act), unit_ids=None if clerk else [unit.pk]
            )
        case "hold":
            services.hold_unit(actor=ME, unit_id=unit.pk, held_for=who)
        case "release":
            services.release_unit(actor=ME, unit_id=unit.pk, held_for=who)
        case "let":
            services.let_unit(
                actor=ME, unit_id=unit.pk, contract_id=unit.pk, occupant_name_masked="王*", lease_end=date(2030, 1, 1),
                held_for=who,
            )  # fmt: skip
        case "vacate":
            services.vacate_unit(actor=ME, unit_id=unit.pk, contract_id=unit.pk)
        case "lock":
            services.lock_unit(actor=ME, unit_id=unit.pk, note="核查")
        case "unlock":
            services.unlock_unit(actor=ME, unit_id=unit.pk)
        case "nature":
            now = Unit.objects.get(pk=unit.pk).programme
            new = "resettlement" if now == "public_rental" else "public_rental"
            handing.change_nature(actor=ME, unit_id=unit.pk, old=now, new=new)
        case "assign":
            handing.assign(actor=ME, unit_id=unit.pk, system=handing.USERS[clerk])
        case "take_back":
            handing.take_back(actor=ME, unit_id=unit.pk)
        case "split":
            half, number = unit.floor_area / 2, Unit.objects.filter(parent_id=unit.pk).count()
            parts = [Part(f"{unit.room_no}-{number + n}", "studio", half, unit.rent / 2) for n in (1, 2)]
            reshaping.split(actor=ME, unit_id=unit.pk, parts=parts)
        case "merge":
            children = Unit.objects.filter(parent_id=unit.pk).exclude(status="merged")
            whole = Part(unit.room_no, unit.layout, unit.floor_area, unit.rent)
            reshaping.merge(actor=ME, unit_ids=[child.pk for child in children], whole=whole)


def walk(acts: list[tuple[str, int]], units: list[Unit], clerk: int, together: threading.Barrier) -> list[str]:
    """A clerk's afternoon; what he was told of each act."""
    close_old_connections()
    told = []
    try:
        together.wait(30)
        for act, number in acts:
            try:
                with transaction.atomic():
                    do(act, units[number], clerk)
                told.append("done")
            except DomainError as refusal:
                told.append(refusal.code)
            except IntegrityError as error:
                told.append(explained(error).code)
    finally:
        connections.close_all()
    return told


def recounted(units: QuerySet[Unit]) -> dict[str, int]:
    return dict(units.filter(status="vacant").values_list("layout").annotate(n=Count("id")).order_by())


def kept(project_id: int) -> dict[str, int]:
    rows = Rentable.objects.filter(project_id=project_id).values_list("layout", "units")
    return {layout: number for layout, number in rows if number}


@pytest.mark.covers("SH-187.3")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(*[st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, UNITS - 1)), max_size=12)] * 2))
def test_whatever_two_clerks_do_the_number_is_the_true_one(
    transactional_db: None, plans: tuple[list[tuple[str, int]], list[tuple[str, int]]]
) -> None:
    mark = f"H{Unit.objects.count()}"
    branch = make_supply(mark)
    units = [
        make_unit(branch.building, f"{mark}-{n}", f"2{n:02d}", floor_area="46.40", rent="1200.00") for n in range(UNITS)
    ]
    units = list(Unit.objects.filter(pk__in=[unit.pk for unit in units]).order_by("pk"))
    together = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda clerk: walk(plans[clerk], units, clerk, together), (0, 1)))
    mine = Unit.objects.filter(project=branch.project)
    assert kept(branch.project.pk) == recounted(mine), told
    sums = UnitCount.objects.filter(project=branch.project).values_list("status").annotate(n=Sum("units")).order_by()
    counted = {status: number for status, number in sums if number}
    whole = mine.exclude(status__in=["split", "merged"]).values_list("status").annotate(n=Count("id")).order_by()
    assert counted == dict(whole), told
    assert "conflict.constraint" not in {code for each in told for code in each}, told


def race(branch: Supply, look: Callable[[], Unit | None]) -> tuple[list[str], Unit]:
    """One clerk splits a unit at the moment in which another holds it for a household."""
    looked = threading.Barrier(2)
    told: list[str] = []

    def run(act: Callable[[Unit], Any], name: str) -> None:
        try:
            with transaction.atomic():
                unit = look()
                with suppress(threading.BrokenBarrierError):
                    looked.wait(0.5)  # with the lock the second does not come so far
                if unit is not None and unit.status == "vacant":
                    act(unit)
                    told.append(name)
        finally:
            connections.close_all()

    def hold(unit: Unit) -> None:
        Unit.objects.filter(pk=unit.pk).update(held_for="choice:1", status="held")

    def split(unit: Unit) -> None:
        Unit.objects.filter(pk=unit.pk).update(held_for="", status="split")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda pair: run(*pair), ((hold, "held"), (split, "split"))))
    return told, Unit.objects.get(pk=branch.unit.pk)


def test_a_unit_is_not_both_split_and_held_and_without_the_lock_it_would_be() -> None:
    branch = make_supply("A")
    rows = Unit.objects.filter(pk=branch.unit.pk)
    told, _ = race(branch, lambda: rows.first())
    assert sorted(told) == ["held", "split"], "both are told that it is theirs"
    rows.update(status="vacant", held_for="", published=True, confirmed=True)
    told, unit = race(branch, lambda: rows.select_for_update().first())
    assert len(told) == 1
    assert unit.status == told[0]
    rows.update(status="vacant", held_for="", published=True, confirmed=True)
    together = threading.Barrier(2)

    def at_once(act: Callable[[], Any]) -> str:
        try:
            together.wait(10)
            act()
            return "done"
        except DomainError as refusal:
            return refusal.code
        finally:
            connections.close_all()

    branch.unit.refresh_from_db()
    parts = [
        Part("101-1", "studio", branch.unit.floor_area - 20, branch.unit.rent),
        Part("101-2", "studio", branch.unit.floor_area - (branch.unit.floor_area - 20), branch.unit.rent * 0),
    ]
    acts: tuple[Callable[[], Any], ...] = (
        lambda: services.hold_unit(actor=ME, unit_id=branch.unit.pk, held_for="choice:1"),
        lambda: reshaping.split(actor=ME, unit_id=branch.unit.pk, parts=parts),
    )
    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(at_once, acts))
    assert answers[0] == "done"
    assert answers[1] in {"supply.unit_taken", "supply.not_reshapable"}
