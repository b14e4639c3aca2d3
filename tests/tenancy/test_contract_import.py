"""Existing contracts out of a spreadsheet: good rows are in force and their units let, bad ones say why, nothing doubles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from anju.eligibility.models import Certificate
from anju.households.models import Person
from anju.households.services import find_or_make_person
from anju.households.synthetic import synthetic_id
from anju.kernel import clock
from anju.kernel.crypto import blind
from anju.kernel.events.models import StoredEvent
from anju.kernel.jobs.watched import run as run_job
from anju.kernel.registers.importing import running
from anju.kernel.registers.models import ImportRow, RegisterHistory
from anju.kernel.scope import Actor, system
from anju.supply.models import Unit
from anju.supply.services import lock_unit
from anju.tenancy import imports
from anju.tenancy.models import Contract
from anju.tenancy.services import file_contract, terminate
from tests.citizen.people import resident
from tests.spreadsheets import Desk, workbook
from tests.supply.samples import Supply, make_supply, make_unit

pytestmark = pytest.mark.django_db
RIGHTS = [f"tenancy.contract.{verb}" for verb in ("view", "import", "file", "terminate")]
WOMAN = synthetic_id("339901", date(1964, 3, 2), 2)
MAN = synthetic_id("339901", date(1962, 7, 9), 11)
HEADS = [
    "合同编号", "资格证号", "承租人", "证件号码", "房源编码", "起始日期", "终止日期", "月租金", "押金", "合同状态", "备案号",
]  # fmt: skip


def row(unit: str, number: str = "", **other: Any) -> list[Any]:
    """A row for a tenant without a certificate, a year on its way and two to go."""
    today = clock.today()
    cells = {
        "合同编号": "", "资格证号": "", "承租人": "周桂芳", "证件号码": number, "房源编码": unit,
        "起始日期": (today - timedelta(days=365)).isoformat(), "终止日期": (today + timedelta(days=700)).isoformat(),
        "月租金": 1920, "押金": 3840, "合同状态": "", "备案号": "",
    } | other  # fmt: skip
    return [cells[head] for head in HEADS]


@pytest.fixture
def branch(city: Any) -> Supply:
    found = make_supply("A", city.path)
    for number in range(2, 10):
        make_unit(found.building, f"A-010{number}", f"10{number}")
    return found


@pytest.fixture
def clerk(branch: Supply, staff: Callable[..., Actor]) -> Actor:
    return staff(*RIGHTS, reach="org_and_below", name="周敏")


@pytest.fixture
def desk(clerk: Actor, client_as: Callable[[Actor], Any]) -> Desk:
    return Desk(client_as(clerk))


def certificate(city: Any, *, org_path: str = "", days_left: int = 100) -> Certificate:
    """A certificate of the man, perhaps run out."""
    until, count = clock.today() + timedelta(days=days_left), Certificate.objects.count()
    return Certificate.objects.create(
        number=f"ZR{count}", case_id=count + 1, case_number="GZ1", holder_ref="resident:77", holder_name="陈立民",
        holder_number=MAN, holder_key=blind(f"{MAN}{count}"), holder_gender="男", phone="13911110001", household_size=1,
        sealed_members="[]", accepted_at=clock.now(), valid_from=until - timedelta(days=730), valid_until=until,
        org_path=org_path or city.path, division="339901",
    )  # fmt: skip


def upload(desk: Desk, *rows: Sequence[Any]) -> dict[str, Any]:
    return desk.upload("tenancy.contracts", workbook([HEADS, *rows]))


def problems(desk: Desk, checked: dict[str, Any]) -> set[tuple[int, str, str]]:
    return {(item["row"], item["field"], item["code"]) for item in desk.failed(checked["id"])}


def test_good_rows_are_in_force_and_their_units_let(desk: Desk, city: Any) -> None:
    holder = certificate(city, days_left=-5)
    known = resident("13911110009", verified=True, number=WOMAN)
    rows = [
        row("A-0101", WOMAN, 合同编号="老-1", 合同状态="已备案", 备案号="BA-1"),
        row("A-0102", 资格证号=holder.number, 承租人=""),
    ]
    checked = upload(desk, *rows)
    assert (checked["new"], checked["failed"]) == (2, 0)
    assert not Contract.objects.exists(), "a dry run writes nothing"
    assert desk.run(checked["id"])["done"] == 2
    first, second = Contract.objects.order_by("id")
    assert (first.number, first.state, first.filing_no, first.certificate_id) == ("老-1", "filed", "BA-1", None)
    assert (first.tenant_name, first.tenant_number, first.tenant_gender) == ("周桂芳", WOMAN, "女")
    assert (first.tenant_ref, first.phone) == (known.ref, "13911110009")
    assert (second.state, second.certificate_id, second.tenant_number) == ("effective", holder.pk, MAN)
    assert (second.tenant_name, second.tenant_ref) == ("陈立民", "resident:77")
    assert second.number.startswith("HT339901")
    assert set(Unit.objects.filter(code__in=["A-0101", "A-0102"]).values_list("status", "contract_id", "occupant_name_masked")) == {
        ("let", first.pk, "周*芳"), ("let", second.pk, "陈*民"),
    }  # fmt: skip
    assert [happening.node for happening in first.happenings.order_by("id")] == ["signed", "filed"]
    assert RegisterHistory.objects.filter(register="tenancy.contracts", action="import").count() == 2
    signed = StoredEvent.objects.filter(name="tenancy.signed")
    assert [event.payload["certificate_id"] for event in signed] == [holder.pk], "the household leaves the queue"


def test_a_repeat_of_the_same_file_doubles_nothing(desk: Desk) -> None:
    rows = [row("A-0101", WOMAN, 合同编号="老-1"), row("A-0102", MAN, 承租人="陈立民")]
    desk.run(upload(desk, *rows)["id"])
    again = upload(desk, *rows)
    assert (again["new"], again["failed"]) == (0, 2)
    assert problems(desk, again) == {(2, "number", "exists"), (2, "unit", "exists"), (3, "unit", "exists")}
    desk.run(again["id"])
    assert Contract.objects.count() == Person.objects.count() == 2
    assert Unit.objects.filter(status="let").count() == 2


def test_rows_that_cannot_be_taken_say_why_and_the_others_come_in(desk: Desk, city: Any, branch: Supply) -> None:
    today = clock.today()
    desk.run(upload(desk, row("A-0101", WOMAN))["id"])
    lock_unit(actor=system(), unit_id=Unit.objects.get(code="A-0109").pk, note="漏水")
    find_or_make_person("id_card", synthetic_id("339901", date(1970, 1, 1), 5), "吴静")
    theirs, mine = certificate(city, org_path="/999/"), certificate(city)
    days = {
        "起始日期": (today + timedelta(days=800)).isoformat(),
        "终止日期": (today + timedelta(days=1200)).isoformat(),
    }
    rows = [
        row("A-0101", MAN, 承租人="陈立民"),
        row("A-9999", MAN, 承租人="陈立民"),
        row("A-0109", MAN, 承租人="陈立民"),
        row("A-0104", WOMAN),
        row("A-0102", MAN, 承租人="陈立民", 终止日期=(today - timedelta(days=400)).isoformat()),
        row("A-0102", MAN, 承租人="陈立民", 终止日期=(today - timedelta(days=1)).isoformat()),
        row("A-0102", MAN, 承租人="陈立民", 终止日期="2999-13-01"),
        row("A-0102", MAN[:-1] + "?", 承租人="陈立民"),
        row("A-0102", 承租人="陈立民"),
        row("A-0105", synthetic_id("339901", date(1970, 1, 1), 5), 承租人="吴敬"),
        row("A-0106", 资格证号=theirs.number, 承租人=""),
        row("A-0107", WOMAN, 资格证号=mine.number),
        row("A-0102", MAN, 承租人="陈立民", 合同状态="已备案"),
        row("A-0102", MAN, 承租人="陈立民", 月租金=0),
        row("A-0103", MAN, 承租人="陈立民"),
        row("A-0103", synthetic_id("339901", date(1980, 1, 1), 5), 承租人="郑洁"),
        row("A-0108", MAN, 承租人="陈立民"),
    ]
    later = upload(desk, row("A-0101", MAN, 承租人="陈立民", **days))
    assert problems(desk, later) == {(2, "unit", "not_free")}
    checked = upload(desk, *rows)
    assert problems(desk, checked) == {
        (2, "unit", "overlap"),
        (3, "unit", "not_found"),
        (4, "unit", "not_free"),
        (5, "document_number", "overlap"),
        (6, "ends_on", "date.order"),
        (7, "ends_on", "past"),
        (8, "ends_on", "date"),
        (9, "document_number", "id_number.length"),
        (10, "document_number", "required"),
        (11, "tenant_name", "differs"),
        (12, "certificate_no", "not_found"),
        (13, "tenant_name", "differs"),
        (13, "document_number", "differs"),
        (14, "filing_no", "required"),
        (15, "rent", "money"),
        (17, "unit", "repeated"),
        (18, "document_number", "overlap"),
        # each wrong in its own way, and all of them for the unit of the row before
        *((number, "unit", "repeated") for number in (7, 8, 9, 10, 14, 15)),
    }
    desk.run(checked["id"])
    assert set(Contract.objects.values_list("unit_code", flat=True)) == {"A-0101", "A-0103"}
    assert set(Unit.objects.filter(status="let").values_list("code", flat=True)) == {"A-0101", "A-0103"}


def test_what_is_wrong_in_one_cell_hides_nothing_of_the_others(desk: Desk, branch: Supply) -> None:
    lock_unit(actor=system(), unit_id=branch.unit.pk, note="查验")
    wrong = {"押金": "多", "承租人": "?", "备案号": "B-1", "合同状态": "有效"}
    told = problems(desk, upload(desk, row("A-0101", WOMAN, **wrong)))
    assert {field for _, field, _ in told} == {"deposit", "tenant_name", "state", "unit"}
    assert (2, "unit", "not_free") in told


def test_a_unit_that_was_let_meanwhile_fails_alone(desk: Desk) -> None:
    checked = upload(desk, row("A-0101", WOMAN), row("A-0102", MAN, 承租人="陈立民"))
    assert checked["failed"] == 0
    lock_unit(actor=system(), unit_id=Unit.objects.get(code="A-0101").pk, note="漏水")
    done = desk.run(checked["id"])
    assert (done["done"], done["failed"]) == (1, 1)
    assert problems(desk, done) == {(2, "unit", "supply.unit_taken")}
    assert Contract.objects.get().unit_code == "A-0102"


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "WRITTEN_PORTION", 2)
    people = [synthetic_id("339901", date(1980, 1, number), 3) for number in range(1, 6)]
    rows = [row(f"A-010{number + 1}", person) for number, person in enumerate(people)]
    checked = upload(desk, *rows)
    job = desk.api.post(f"/imports/{checked['id']}/run").json()["id"]
    original, taken = imports.supply.let_unit, []

    def cut_off(**told: Any) -> Any:
        taken.append(told["unit_id"])
        if len(taken) == 4:
            raise KeyboardInterrupt
        return original(**told)

    monkeypatch.setattr(imports.supply, "let_unit", cut_off)
    with pytest.raises(KeyboardInterrupt):
        run_job(job_id=job)
    assert Contract.objects.count() == Unit.objects.filter(status="let").count() == 2, "whole portions only"
    run_job(job_id=job)
    assert Contract.objects.count() == Unit.objects.filter(status="let").count() == 5
    assert set(ImportRow.objects.values_list("state", flat=True)) == {"done"}
    assert desk.read(checked["id"])["state"] == "done"


def test_a_contract_that_was_taken_over_is_filed_and_ended_like_any_other(desk: Desk, clerk: Actor) -> None:
    desk.run(upload(desk, row("A-0101", WOMAN))["id"])
    contract = file_contract(contract_id=Contract.objects.get().pk, actor=clerk)
    assert contract.filing_no.startswith("BA339901")
    terminate(contract_id=contract.pk, kind="early", reason="搬走", actor=clerk)
    assert Unit.objects.get(code="A-0101").status == "vacant"
    again = upload(desk, row("A-0101", WOMAN))
    assert again["failed"] == 0, "an ended contract stands in nobody's way"


def test_another_offices_units_are_not_there(
    desk: Desk, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    make_supply("B", "/999/")
    assert problems(desk, upload(desk, row("B-0101", WOMAN))) == {(2, "unit", "not_found")}
    powerless = client_as(staff("tenancy.contract.view"))
    assert powerless.get("/registers/tenancy.contracts/template").status_code == 403
