"""The life of a unit in one list; and the page behind the code on its door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from anju.kernel import clock
from anju.kernel.files.models import StoredFile
from anju.kernel.jobs.models import Job
from anju.kernel.jobs.watched import run as run_job
from anju.kernel.scope import Actor, system
from anju.supply import information, life, public_codes, reshaping, services
from anju.supply.models import MediumKind, Occupancy, ProjectInformation, Unit
from anju.supply.moves import move
from anju.supply.reshaping import Part
from tests.supply.media import picture
from tests.supply.samples import Supply, make_supply, make_unit

pytestmark = pytest.mark.django_db
ME = system()


@pytest.fixture
def branch(city: Any) -> Supply:
    return make_supply("A", city.path)


@pytest.fixture
def clerk(staff: Callable[..., Actor], client_as: Callable[[Actor], Any], branch: Supply) -> Any:
    return client_as(staff("supply.unit.view", "supply.unit.reshape", reach="org_and_below", name="周敏"))


def let(unit: Unit, contract: int, who: str = "王*华") -> None:
    services.let_unit(
        actor=ME, unit_id=unit.pk, contract_id=contract, occupant_name_masked=who, lease_end=date(2030, 1, 1)
    )


def test_the_life_of_a_unit_has_who_lived_there_and_what_it_became(clerk: Any, branch: Supply) -> None:
    unit = branch.unit
    let(unit, 7)
    services.set_occupant(
        actor=ME, unit_id=unit.pk, contract_id=7, occupant_name_masked="王*华", lease_end=date(2031, 1, 1)
    )
    services.vacate_unit(actor=ME, unit_id=unit.pk, contract_id=7)
    let(unit, 8, "李*")
    services.vacate_unit(actor=ME, unit_id=unit.pk, contract_id=8)
    halves = [{"layout": "studio", "rent": "602.55", "room_no": f"101-{n}"} for n in (1, 2)]
    body = {"parts": [halves[0] | {"floor_area": "20.00"}, halves[1] | {"floor_area": "26.35"}]}
    assert clerk.post(f"/supply/units/{unit.pk}/split", body).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        told = clerk.get(f"/supply/units/{unit.pk}/life").json()
    assert len(captured) < 25
    lived = [(one["who"], one["contract_id"], one["lease_end"]) for one in told["occupancies"]]
    assert lived == [("李*", 8, "2030-01-01"), ("王*华", 7, "2031-01-01")]
    titles = [one["title"] for one in told["entries"]]
    notes = [entry["note"] for entry in told["entries"] if entry["title"] == "王*华 起租"]
    assert notes == ["月租金 1,205.10 元，合同至 2031-01-01"]
    assert {"拆套", "签约入住", "退租腾空", "王*华 起租", "李* 退租", "更新承租信息"} <= set(titles)
    moves = [one for one in told["entries"] if one["kind"] == "state" and one["title"] == "拆套"]
    assert {"field": "status", "title": "状态", "old": "可供应", "new": "已拆套"} in moves[0]["changes"]
    (act,) = told["lineage"]
    assert ([one["code"] for one in act["before"]], [one["code"] for one in act["after"]]) == (
        ["A-0101"],
        ["A-0101-1", "A-0101-2"],
    )
    child = clerk.get(f"/supply/units/{act['after'][0]['id']}/life").json()
    assert (child["unit"]["parent"]["code"], len(child["lineage"])) == ("A-0101", 1)
    theirs = make_supply("B", "/999/").unit
    assert clerk.get(f"/supply/units/{theirs.pk}/life").status_code == 404


def test_a_long_life_is_read_page_by_page_and_its_marks_are_words(
    clerk: Any, branch: Supply, city: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(life, "MOST", 4)
    unit = make_unit(branch.building, "A-201", "201")
    for _ in range(3):
        services.hold_unit(actor=ME, unit_id=unit.pk, held_for="certificate:88")
        services.release_unit(actor=ME, unit_id=unit.pk, held_for="certificate:88")
    let(unit, 77)
    seen: list[dict[str, Any]] = []
    before: dict[str, str] = {}
    pages = 0
    while True:
        told = clerk.get(f"/supply/units/{unit.pk}/life", **before).json()
        seen, pages = [*seen, *told["entries"]], pages + 1
        if told["next"] is None:
            break
        before = {"before": told["next"]}
    assert pages >= 2
    titles = [one["title"] for one in seen]
    assert (titles.count("选定保留"), titles.count("解除保留"), titles.count("签约入住")) == (3, 3, 1)
    assert [one["at"] for one in seen] == sorted((one["at"] for one in seen), reverse=True)
    told_words = {
        change["new"] for one in seen for change in one["changes"] if change["field"] in {"held_for", "contract_id"}
    }
    assert told_words == {"轮候家庭（已选定，待签约）", "已签合同", None}
    entry = clerk.get(f"/registers/supply.units/rows/{unit.pk}/history").json()["rows"][-1]
    words = {change["field"]: change["new"] for change in entry["changes"]}
    assert words["held_for"] == "轮候家庭（已选定，待签约）", "the register says it in the same words"
    Unit.objects.filter(pk=branch.unit.pk).update(status="ready", published=False)
    move(branch.unit.pk, actor=ME, action="调配下达", when=Q(), lent_path=city.path, lent_division="339901")
    lent = clerk.get(f"/registers/supply.units/rows/{branch.unit.pk}/history").json()["rows"][0]["changes"]
    assert {change["field"]: change["new"] for change in lent}["lent_path"] == city.name


def test_the_lineage_has_all_generations(clerk: Any, branch: Supply) -> None:
    one, two, three = (make_unit(branch.building, f"A-30{n}", f"30{n}", status="ready") for n in (1, 2, 3))
    merged = reshaping.merge(
        actor=ME, unit_ids=[one.pk, two.pk], whole=Part("311", "three_one", one.floor_area * 2, one.rent * 2)
    )
    again = reshaping.merge(
        actor=ME, unit_ids=[merged.pk, three.pk], whole=Part("312", "three_one", one.floor_area * 3, one.rent * 3)
    )
    parts = [Part(f"312-{n}", "studio", one.floor_area * n, one.rent * n) for n in (1, 2)]
    children = reshaping.split(actor=ME, unit_id=again.pk, parts=parts)
    for unit in (one, merged, children[0]):
        acts = clerk.get(f"/supply/units/{unit.pk}/life").json()["lineage"]
        assert [act["kind"] for act in acts] == ["merge", "merge", "split"]
        assert {each["code"] for act in acts for each in act["before"]} == {
            "A-301",
            "A-302",
            merged.code,
            "A-303",
            again.code,
        }


def test_nobody_lives_where_somebody_lives(branch: Supply) -> None:
    let(branch.unit, 7)
    today = clock.today()
    with pytest.raises(IntegrityError, match="supply_occupancy_alone"), transaction.atomic():
        Occupancy.objects.create(unit=branch.unit, contract_id=9, who="李*", starts_on=today, rent=1)
    services.vacate_unit(actor=ME, unit_id=branch.unit.pk, contract_id=7)
    let(branch.unit, 9)
    assert Occupancy.objects.filter(unit=branch.unit).count() == 2
    with pytest.raises(IntegrityError, match="supply_occupancy_order"), transaction.atomic():
        Occupancy.objects.filter(contract_id=9).update(ended_on=date(2020, 1, 1))


@pytest.mark.covers("SH-183.5")
def test_every_unit_has_a_code_of_its_own_that_tells_a_slip_of_the_pen(branch: Supply, clerk: Any) -> None:
    Unit.objects.bulk_create(
        Unit(building=branch.building, code=f"Q-{n}", room_no=f"q{n}", floor=1, layout="studio", floor_area=30, rent=1)
        for n in range(300)
    )
    codes = [str(code) for code in Unit.objects.values_list("public_code", flat=True)]
    assert len(set(codes)) == 301
    assert all(public_codes.is_code(code) for code in codes)
    letters = public_codes.LETTERS
    for code in codes[:5]:
        slips = {code[:at] + other + code[at + 1 :] for at in range(8) for other in letters} - {code}
        swaps = {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(7)} - {code}
        assert not any(public_codes.is_code(slip) for slip in slips | swaps)
    branch.unit.refresh_from_db()
    kept = branch.unit.public_code
    Unit.objects.filter(pk=branch.unit.pk).update(public_code="22222222")
    branch.unit.refresh_from_db()
    assert branch.unit.public_code == kept, "a code that stands on a door does not change"
    printed = clerk.post(f"/supply/publishing/{branch.project.pk}/labels", {"unit_ids": [branch.unit.pk]}).json()
    run_job(job_id=printed["id"])
    job = Job.objects.get(pk=printed["id"])
    assert (job.state, job.result["rows"]) == ("done", 1), job.error
    file = StoredFile.objects.get(pk=job.file_id)
    assert (file.mime, file.name[:3]) == ("application/pdf", "房源码")
    assert clerk.post(f"/supply/publishing/{branch.project.pk}/labels", {"unit_ids": [10**9]}).status_code == 404


@pytest.mark.covers("SH-183.6")
def test_who_scans_the_code_sees_the_unit_and_nobody_in_it(anonymous: Any, branch: Supply) -> None:
    unit = make_unit(branch.building, "A-2", "102")
    unit.refresh_from_db()
    let(unit, 7)
    told = anonymous.get(f"/public/units/by-code/{str(unit.public_code).lower()}")
    assert told.status_code == 200
    body = told.json()
    assert (body["code"], body["state"], body["offered"], body["rent"]) == ("A-2", "已出租", False, "1205.10")
    assert "王" not in told.content.decode()
    assert (body["project.code"], body["picture"]) == (unit.project.code, None)
    shown = information.add_medium(
        actor=system(), project_id=unit.project_id, kind=MediumKind.PICTURE, content=picture(), name="外观.png"
    )
    path = f"/public/units/by-code/{unit.public_code}"
    assert anonymous.get(path).json()["picture"] == f"/api/public/projects/media/{shown.pk}"
    Unit.objects.filter(project=unit.project).update(
        status="unconfirmed",
        confirmed=False,
        published=False,
        occupant_name_masked="",
        contract_id=None,
        lease_end=None,
    )
    ProjectInformation.objects.all().delete()
    hidden = anonymous.get(path).json()
    assert (hidden["project.code"], hidden["picture"]) == ("", None), "a project that nobody may open is not led to"
    assert not {"occupant_name_masked", "contract_id", "lease_end", "held_for", "status_note"} & set(body)
    code = str(unit.public_code)
    assert public_codes.address(code).endswith(f"/u/{code}"), "where the code on the label leads"
    mistyped = anonymous.get(f"/public/units/by-code/{code[:-1]}{'2' if code[-1] != '2' else '3'}")
    assert (mistyped.status_code, mistyped.json()["code"]) == (404, "supply.code_mistyped")
    for text in ("x", "%00", "'; DROP", "一" * 8):
        assert anonymous.get(f"/public/units/by-code/{text}").status_code in {400, 404}
