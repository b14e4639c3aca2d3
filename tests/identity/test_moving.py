"""Organisations move and merge with all they have; what happened is kept."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from anju.identity import moving
from anju.identity.models import Account, Grant, Organisation, OrganisationChange, Post
from anju.identity.services import make_organisation
from anju.kernel import clock
from anju.kernel.errors import DomainError
from anju.kernel.jobs.models import Job
from anju.kernel.jobs.watched import run
from anju.kernel.scope import Actor
from anju.supply.models import Unit, UnitCount
from tests.conftest import Api
from tests.supply.samples import make_supply, make_unit

RIGHTS = ["identity.organisation.view", "identity.organisation.move"]
WHY = "机构改革方案第三条"


@pytest.fixture
def tree(city: Organisation) -> dict[str, Organisation]:
    found = {"city": city}
    for code, parent, division in (("JW", "city", "339901"), ("NP", "city", "339902"), ("OP", "JW", "339901")):
        found[code] = make_organisation(name=code, kind="district", code=code, division=division, parent=found[parent])
    found["SUB"] = make_organisation(name="SUB", kind="operator", code="SUB", division="339901", parent=found["OP"])
    return found


def path_of(organisation: Organisation) -> str:
    return Organisation.objects.values_list("path", flat=True).get(pk=organisation.pk)


def done(answer: Any) -> Job:
    """Runs the job that an answer names."""
    assert answer.status_code == 200, answer.json()
    run(answer.json()["id"])
    job = Job.objects.get(pk=answer.json()["id"])
    assert job.state == "done", job.error
    return job


@pytest.mark.covers("SH-222.3", "SH-222.4")
def test_the_tree_shows_superiors_and_those_below(
    tree: dict[str, Organisation], staff: Callable[..., Actor], client_as: Callable[[Actor], Api]
) -> None:
    rows = client_as(staff(*RIGHTS)).get("/identity/tree").json()["rows"]
    assert {row["code"]: row["parent_id"] for row in rows} == {
        "LZ": None, "JW": tree["city"].pk, "NP": tree["city"].pk, "OP": tree["JW"].pk, "SUB": tree["OP"].pk,
    }  # fmt: skip
    below = client_as(staff(*RIGHTS, reach="org_and_below", org=tree["JW"])).get("/identity/tree").json()["rows"]
    assert {row["code"] for row in below} == {"JW", "OP", "SUB"}


@pytest.mark.covers("PR-25.1", "SH-222.4")
def test_a_move_takes_everything_below_and_every_row_along(
    tree: dict[str, Organisation], staff: Callable[..., Actor], client_as: Callable[[Actor], Api]
) -> None:
    make_supply("OP", tree["OP"].path)
    lent = make_unit(make_supply("LZ", tree["city"].path).building, "LZ-201", "201", status="ready")
    Unit.objects.filter(pk=lent.pk).update(lent_path=tree["SUB"].path, lent_division="339901")
    clerk = staff("supply.unit.view", reach="org_and_below", org=tree["SUB"])
    viewer = client_as(staff("supply.unit.view", reach="org_and_below", org=tree["NP"]))
    assert viewer.get("/registers/supply.units/rows").json()["rows"] == []
    Grant.objects.create(
        giver=tree["JW"], organisation=tree["OP"], title="x", rights=["a.b"], reach="org", starts_on=clock.today()
    )
    mover = client_as(staff(*RIGHTS))
    job = done(mover.post(f"/identity/organisations/{tree['OP'].pk}/move", {"target": tree["NP"].pk, "reason": WHY}))
    new = f"{tree['NP'].path}{tree['OP'].pk}/"
    assert path_of(tree["OP"]) == new
    assert path_of(tree["SUB"]) == f"{new}{tree['SUB'].pk}/"
    assert Account.objects.get(pk=clerk.id).org_path == f"{new}{tree['SUB'].pk}/"
    assert set(Unit.objects.filter(code__startswith="OP").values_list("org_path", flat=True)) == {new}
    lent.building.save()  # whatever makes the unit find its place again
    assert Unit.objects.get(pk=lent.pk).org_path == path_of(tree["SUB"])
    sums = UnitCount.objects.values_list("org_path").annotate(n=Sum("units")).exclude(n=0).order_by("org_path")
    assert dict(sums) == {new: 1, tree["city"].path: 1, path_of(tree["SUB"]): 1}
    assert len(viewer.get("/registers/supply.units/rows").json()["rows"]) == 2
    for model, column in moving.tables():
        assert not model._default_manager.filter(**{f"{column}__startswith": tree["OP"].path}).exists(), model
    assert Grant.objects.get().reason == "机构调整"
    kept = OrganisationChange.objects.get()
    assert (kept.before, kept.after, kept.reason, kept.rows) == (tree["JW"], tree["NP"], WHY, job.result["rows"])
    history = mover.get(f"/registers/identity.organisations/rows/{tree['OP'].pk}/history").json()["rows"]
    assert history[0]["action"] == "移动"


def test_every_table_that_names_an_office_by_path_goes_along(db: None) -> None:
    owned = {
        model._meta.db_table for model in apps.get_models()
        if model._meta.managed and any(field.name == "org_path" for field in model._meta.concrete_fields)
    }  # fmt: skip
    assert owned - {model._meta.db_table for model, _ in moving.tables()} == moving.FROZEN | {"supply_unitcount"}, (
        "it follows units"
    )


def test_an_organisation_does_not_come_under_its_own_child(
    tree: dict[str, Organisation], staff: Callable[..., Actor], client_as: Callable[[Actor], Api]
) -> None:
    api = client_as(staff(*RIGHTS))
    for target in ("OP", "SUB"):
        for way in ("move", "merge"):
            refused = api.post(
                f"/identity/organisations/{tree['OP'].pk}/{way}", {"target": tree[target].pk, "reason": WHY}
            )
            assert (refused.status_code, refused.json()["code"]) == (409, "organisation.circle")
    assert not Job.objects.exists()
    with pytest.raises(IntegrityError, match="under one of its own"), transaction.atomic():
        Organisation.objects.filter(pk=tree["OP"].pk).update(parent=tree["SUB"])
    root = api.post(f"/identity/organisations/{tree['city'].pk}/move", {"target": tree["NP"].pk, "reason": WHY})
    assert root.status_code == 409


def test_nobody_moves_what_lies_outside_his_range(
    tree: dict[str, Organisation], staff: Callable[..., Actor], client_as: Callable[[Actor], Api]
) -> None:
    api = client_as(staff(*RIGHTS, reach="org_and_below", org=tree["JW"]))
    assert (
        api.post(f"/identity/organisations/{tree['OP'].pk}/move", {"target": tree["NP"].pk, "reason": WHY}).status_code
        == 404
    )
    assert (
        api.post(f"/identity/organisations/{tree['NP'].pk}/move", {"target": tree["JW"].pk, "reason": WHY}).status_code
        == 404
    )


@pytest.mark.covers("PR-25.1")
def test_a_merger_ends_the_organisation_and_hands_everything_over(
    tree: dict[str, Organisation], staff: Callable[..., Actor], client_as: Callable[[Actor], Api]
) -> None:
    make_supply("OP", tree["OP"].path)
    clerk = staff("supply.unit.view", org=tree["OP"])
    for office in (tree["OP"], tree["NP"]):
        Post.objects.create(
            title="初审岗", organisation=office, org_path=office.path, division=office.division, reach="org"
        )
    done(
        client_as(staff(*RIGHTS)).post(
            f"/identity/organisations/{tree['OP'].pk}/merge", {"target": tree["NP"].pk, "reason": WHY}
        )
    )
    ended = Organisation.objects.get(pk=tree["OP"].pk)
    assert (ended.active, ended.ended_on, ended.ended_reason, ended.merged_into) == (
        False,
        clock.today(),
        WHY,
        tree["NP"],
    )
    account = Account.objects.get(pk=clerk.id)
    assert (account.organisation, account.org_path) == (tree["NP"], tree["NP"].path)
    assert set(Unit.objects.values_list("org_path", flat=True)) == {tree["NP"].path}
    assert path_of(tree["SUB"]) == f"{tree['NP'].path}{tree['SUB'].pk}/"
    assert sorted(Post.objects.filter(organisation=tree["NP"]).values_list("title", flat=True)) == [
        "初审岗",
        "初审岗（原OP）",
    ]
    listed = client_as(staff(*RIGHTS)).get("/registers/identity.organisation_changes/rows").json()["rows"]
    assert [(row["kind"], row["organisation.name"], row["after.name"]) for row in listed] == [("merge", "OP", "NP")]
    again = client_as(staff(*RIGHTS)).post(
        f"/identity/organisations/{ended.pk}/merge", {"target": tree["JW"].pk, "reason": WHY}
    )
    assert again.status_code == 409


def test_a_move_that_fails_changes_nothing(
    tree: dict[str, Organisation], staff: Callable[..., Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_supply("OP", tree["OP"].path)
    before = list(Unit.objects.values_list("org_path", flat=True))

    def broken(done: int, total: int) -> None:
        if done == total:
            raise DomainError("停电")

    with pytest.raises(DomainError), transaction.atomic():
        moving.move(staff(*RIGHTS), tree["OP"].pk, tree["NP"].pk, WHY, broken)
    assert list(Unit.objects.values_list("org_path", flat=True)) == before
    assert path_of(tree["OP"]) == tree["OP"].path


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_two_moves_at_once_do_not_close_a_circle(locked: bool) -> None:
    """A under B and B under A: without the lock both go through, with it the second is refused."""
    root = make_organisation(name="市", kind="city", code="R", division="339900")
    first, second = (
        make_organisation(name=code, kind="district", code=code, division="339901", parent=root) for code in ("A", "B")
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'identity_organisation_tree'")
        source = cursor.fetchone()[0]
    replace = "CREATE OR REPLACE FUNCTION identity_organisation_tree() RETURNS trigger LANGUAGE plpgsql AS $$ {} $$"
    if not locked:
        with connection.cursor() as cursor:
            cursor.execute(
                replace.format(source.replace("PERFORM pg_advisory_xact_lock(hashtext('identity_organisation'));", ""))
            )
    barrier, refused = threading.Barrier(2, timeout=2), list[int]()

    def put(organisation: Organisation, under: Organisation) -> None:
        try:
            with transaction.atomic():
                barrier.wait()
                Organisation.objects.filter(pk=organisation.pk).update(parent=under)
                with contextlib.suppress(threading.BrokenBarrierError):
                    barrier.wait(0.5)
        except IntegrityError:
            refused.append(organisation.pk)
        finally:
            connection.close()

    try:
        threads = [threading.Thread(target=put, args=each) for each in ((first, second), (second, first))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(replace.format(source))
    circle = Organisation.objects.filter(parent=root).count() == 0
    assert (len(refused), circle) == ((1, False) if locked else (0, True))
    Organisation.objects.update(parent=None)
