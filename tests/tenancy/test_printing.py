"""Print rights are configured in a page and count at the next request; the notice is printed again for a newcomer."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from anju.households.synthetic import synthetic_id
from anju.identity.models import Organisation
from anju.kernel import clock
from anju.kernel.documents.models import Document
from anju.kernel.documents.services import make_file
from anju.tenancy.models import Contract, Occupant, PrintRight
from tests.casework import Town
from tests.conftest import Api
from tests.support import go_to
from tests.tenancy.kit import filed, person, ready, stored

pytestmark = pytest.mark.django_db
NEWCOMER = synthetic_id("339901", date(1996, 5, 8), 33)


@pytest.fixture
def administrator(town: Town) -> Api:
    return town.staff("guanli")


def configure(administrator: Api, **values: Any) -> int:
    """A right to print, entered in the register's page."""
    answer = administrator.post(
        "/registers/tenancy.print_rights/rows", {"values": {"paper": "filing_notice", **values}}
    )
    assert answer.status_code == 200, answer.json()
    return int(answer.json()["id"])


def office(code: str) -> int:
    return Organisation.objects.get(code=code).pk


def notices(contract: dict[str, Any]) -> int:
    return Document.objects.filter(subject=f"contract:{contract['id']}", template="filing_notice").count()


@pytest.mark.covers("SH-066.3")
def test_an_operator_prints_only_the_notices_it_was_given(town: Town, administrator: Api) -> None:
    lease = ready(town)
    made = filed(lease)
    path = f"/tenancy/contracts/{made['id']}"
    assert lease.clerk.get(path).json()["can"]["notice"], "nothing is configured: the role's right decides"
    configure(administrator, organisation=office("LZ-OP-02"))
    assert not lease.clerk.get(path).json()["can"]["notice"]
    refused = lease.clerk.post(f"{path}/filing-notice")
    assert (refused.status_code, refused.json()["code"]) == (403, "print.not_granted")
    assert re.search(r"[一-鿿]", refused.json()["advice"])
    assert notices(made) == 0
    assert stored(made).notice_id is None
    configure(administrator, organisation=office("LZ-OP-01"))
    printed = lease.clerk.post(f"{path}/filing-notice")
    assert printed.status_code == 200, printed.json()
    assert notices(made) == 1


@pytest.mark.covers("SH-066.3")
@pytest.mark.parametrize(
    ("values", "allowed"),
    [
        ({"organisation_kind": "operator"}, True),
        ({"organisation_kind": "district"}, False),
        ({"programme": "public_rental"}, True),
        ({"programme": "low_rent"}, False),
        ({"paper": "lease_contract", "programme": "low_rent"}, True),
    ],
)
def test_rights_are_given_by_kind_of_office_programme_and_paper(
    town: Town, administrator: Api, values: dict[str, Any], allowed: bool
) -> None:
    lease = ready(town)
    made = filed(lease)
    configure(administrator, **values)
    answer = lease.clerk.post(f"/tenancy/contracts/{made['id']}/filing-notice")
    assert answer.status_code == (200 if allowed else 403)
    assert notices(made) == (1 if allowed else 0)


@pytest.mark.covers("SH-066.3")
def test_an_office_above_gives_to_all_below_and_a_right_taken_back_ends_at_once(town: Town, administrator: Api) -> None:
    lease = ready(town)
    made = filed(lease)
    given = configure(administrator, organisation=office("JW"))
    path = f"/tenancy/contracts/{made['id']}/filing-notice"
    assert lease.clerk.post(path).status_code == 200
    paper = stored(made).notice_id
    assert lease.clerk.get(f"/documents/{paper}/file").status_code == 200
    configure(administrator, organisation=office("NP"))
    assert administrator.delete(f"/registers/tenancy.print_rights/rows/{given}", version=1).status_code in (200, 204)
    assert lease.clerk.post(path).status_code == 403
    refused = lease.clerk.get(f"/documents/{paper}/file")
    assert (refused.status_code, refused.json()["code"]) == (403, "print.not_granted")
    assert Document.objects.get(pk=paper).print_count == 1
    assert lease.who.api.get(f"/documents/{paper}/file").status_code == 200, "the tenant's own paper"
    assert Document.objects.get(pk=paper).print_count == 2


def test_print_rights_are_the_administrators_to_give(town: Town) -> None:
    answer = town.staff("fangting").post("/registers/tenancy.print_rights/rows", {"values": {"paper": "filing_notice"}})
    assert (answer.status_code, PrintRight.objects.count()) == (403, 0)


def move_in(clerk: Api, contract: dict[str, Any], **more: Any) -> Any:
    return clerk.post(
        f"/tenancy/contracts/{contract['id']}/move-in", {**person("林小雨", NEWCOMER), "relation": "同事", **more}
    )


def words(document: Document) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(make_file(document))).pages))


@pytest.mark.covers("SH-066.4")
def test_a_newcomer_in_an_employers_contract_gets_the_notice_printed_again(town: Town) -> None:
    lease = ready(town)
    made = filed(lease, kind="employer")
    lease.clerk.post(f"/tenancy/contracts/{made['id']}/filing-notice")
    first = Document.objects.get(pk=stored(made).notice_id)
    assert lease.clerk.get(f"/tenancy/contracts/{made['id']}").json()["can"]["move_in"]
    answer = move_in(lease.clerk, made)
    assert answer.status_code == 200, answer.json()
    assert [each["name"] for each in answer.json()["occupants"]] == ["周建国", "林小雨"]
    again = Document.objects.get(pk=stored(made).notice_id)
    said = words(again)
    assert "（补打）" in said
    assert "周建国、林小雨" in said
    assert again.number == first.number == stored(made).filing_no
    assert "林小雨" not in words(first)
    assert "补打" not in words(first)
    assert any("补打备案通知书" in node["text"] for node in answer.json()["flow"])


@pytest.mark.covers("SH-066.4")
def test_only_an_employers_filed_contract_in_its_term_takes_a_newcomer(town: Town) -> None:
    personal = ready(town)
    own = filed(personal)
    assert not own["can"]["move_in"]
    answer = move_in(personal.clerk, own)
    assert (answer.status_code, answer.json()["code"]) == (409, "contract.not_employer")
    lease = ready(town)
    made = filed(lease, kind="employer", starts_on=clock.today() + timedelta(days=5))
    early = move_in(lease.clerk, made)
    assert (early.status_code, early.json()["code"]) == (409, "contract.out_of_term")
    go_to(clock.today() + timedelta(days=6))
    twice = move_in(lease.clerk, made, document_number=person()["document_number"])
    assert twice.status_code == 409, "the same person is not entered twice"
    assert Occupant.objects.filter(contract_id__in=[own["id"], made["id"]]).count() == 2
    assert notices(made) == notices(own) == 0
    assert move_in(lease.clerk, made).status_code == 200


@pytest.mark.covers("SH-066.4")
def test_without_the_right_to_print_nobody_is_entered(town: Town, administrator: Api) -> None:
    lease = ready(town)
    made = filed(lease, kind="employer")
    configure(administrator, organisation=office("LZ-OP-02"))
    answer = move_in(lease.clerk, made)
    assert (answer.status_code, answer.json()["code"]) == (403, "print.not_granted")
    assert Contract.objects.get(pk=made["id"]).occupants.count() == 1
