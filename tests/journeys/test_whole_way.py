"""One household's whole way through the API, every step by the right person, against a running installation."""

from __future__ import annotations

import io
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from anju.households.synthetic import synthetic_id
from tests.journeys.people import URL, Person, Resident, Staff, manage, until

pytestmark = [pytest.mark.installation]
REASON = "人均住房面积超过本市标准，且无其他特殊情形"


def fresh_resident(serial: int, housing: str = "0") -> Resident:
    """A synthetic person whose digits give the wanted registry answers: single, steady insurance."""
    unique = uuid.uuid4().int
    day = date(1985, 1, 1) + timedelta(days=unique % 7000)
    return Resident(f"139{unique % 10**8:08d}", "周晓芳", synthetic_id("339901", day, int(f"{housing}0{serial % 4}")))


def today() -> date:
    """The installation's present day."""
    return date.fromisoformat(manage("clock", "--show").split()[0][:10])


def pass_time(days: int) -> None:
    """Moves the installation's clock on."""
    manage("clock", f"+{days}d")


def publicity_data() -> dict[str, str]:
    """A publicity period from today."""
    start = today()
    return {
        "starts_on": start.isoformat(),
        "ends_on": (start + timedelta(days=7)).isoformat(),
        "place": "澜州市住房保障中心网站",
    }


def review(number: str) -> int:
    """All reviews from acceptance to admission; gives the case's id."""
    clerk, reviewer, approver = Staff("fangting"), Staff("zhoumin"), Staff("shenliqun")
    city_reviewer, city_approver = Staff("gaoyuan"), Staff("helan")
    clerk.handle(number, "accept", "accept")
    page = reviewer.take(number, "first_review")
    case_id = page["id"]
    assert {check["state"] for check in page["checks"]} <= {"matched", "mismatched"}, page["checks"]
    reviewer.act(page, "pass")
    approver.handle(number, "first_approval", "pass")
    reviewer.handle(number, "publicity_entry", "publish", data=publicity_data())
    pass_time(8)
    reviewer.handle(number, "publicity_result", "no_objection", data={"finding": "公示期内无异议"})
    city_reviewer.handle(number, "second_review", "pass")
    city_approver.handle(number, "second_approval", "pass")
    city_reviewer = Staff("gaoyuan")
    city_reviewer.handle(number, "online_publicity_entry", "publish", data=publicity_data())
    pass_time(8)
    city_reviewer, city_approver = Staff("gaoyuan"), Staff("helan")
    city_reviewer.handle(number, "online_publicity_result", "no_objection", data={"finding": "公示期内无异议"})
    city_approver.handle(number, "online_publicity_approval", "pass")
    city_reviewer.handle(number, "admission", "admit", data={"conditions": first_condition(), "priority_group": "none"})
    return int(case_id)


def first_condition() -> str:
    """A code of the dictionary of admission conditions."""
    dictionaries = Person("citizen").get("/dictionaries")
    return str(dictionaries["admission_condition"][0]["code"])


def pdf_text(person: Person, url: str) -> str:
    """The text of a paper, which must be a sealed PDF."""
    from pypdf import PdfReader

    answer = until(lambda: person.http.get(url) if person.http.get(url).status_code == 200 else None, said=url)
    assert answer.headers["Content-Type"] == "application/pdf"
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


@pytest.mark.covers(
    "ZB-05.5", "ZB-06.1", "SH-023.1", "SH-023.2", "SH-023.5", "SH-024.1", "SH-043.1", "SH-043.2", "SH-043.5", "SH-043.6",
    "SH-043.7", "SH-044.1", "SH-044.2", "SH-044.5", "SH-044.6", "SH-044.7", "SH-045.1", "SH-045.6", "SH-046.1",
    "SH-052.1", "SH-052.2", "SH-052.3", "SH-053.3", "SH-056.1", "SH-056.2", "SH-057.1", "SH-057.2", "SH-063.1",
    "SH-063.2", "SH-063.3", "SH-063.4", "SH-065.2", "SH-066.2", "SH-074.2", "SH-074.3", "SH-077.1", "NF-04.1", "NF-04.3",
)  # fmt: skip
def test_a_household_from_application_to_exit_and_the_next_is_called() -> None:
    resident = fresh_resident(1)
    resident.register()
    resident.refused("PUT", "/citizen/waiting/intention", 409, "waiting.no_certificate", {})
    resident.verify_by_bank()
    resident.fill_application()
    made = resident.submit()
    number = made["number"]
    resident.refused("POST", "/citizen/application/submit", 409, "application.open_exists", {"key": str(uuid.uuid4())})
    view = resident.case(made["case_id"])
    assert view["steps"][0]["state"] == "done"
    assert view["steps"][1]["state"] == "now"

    case_id = review(number)
    view = until(lambda: v if (v := resident.case(case_id))["state"] == "passed" else None, said="the case is passed")
    titles = {paper["title"] for paper in view["documents"]}
    assert {"公共租赁住房受理通知书", "公共租赁住房申请表", "准入资格单"} <= titles

    certificate = until(lambda: resident.get("/citizen/certificate")["certificate"], said="the certificate")
    start, end = date.fromisoformat(certificate["valid_from"]), date.fromisoformat(certificate["valid_until"])
    assert start == today()
    assert end == start.replace(year=start.year + 2) - timedelta(days=1)
    assert certificate["number"] in pdf_text(resident, certificate["document"]["url"])
    code = certificate["document"]["verify_path"].rpartition("/")[2]
    verified = Person("citizen").get(f"/documents/verify/{code}")
    assert verified["state"] == "valid"

    unit_id = wait_and_choose(resident)
    contract = lease(resident, certificate["number"], unit_id)
    waiting = until(
        lambda: w if (w := resident.get("/citizen/waiting"))["entry"]["state"] == "left" else None,
        said="left the queue",
    )
    assert waiting["place"] is None

    clerk = Staff("fangting")
    cell = cell_of(board_of(clerk, unit_id), unit_id)
    assert cell["status"] == "let"
    ended = clerk.post(f"/tenancy/contracts/{contract}/terminate", {"kind": "early", "reason": "调往外地工作"})
    assert ended["state"] == "terminated"
    assert ended["terminated_at"]
    cell = cell_of(board_of(clerk, unit_id), unit_id)
    assert cell["status"] == "vacant"


def wait_and_choose(resident: Resident) -> int:
    """Registers, is called to a batch of one unit, views it and takes it; gives the unit."""
    resident.put("/citizen/waiting/intention", {"divisions": ["339901"], "layouts": [], "project_ids": [], "note": ""})
    waiting = resident.get("/citizen/waiting")
    assert waiting["place"] >= 1
    clerk = Staff("fangting")
    unit = clerk.get("/waiting/vacant-units")["rows"][0]
    start = today()
    batch = clerk.post(
        "/waiting/batches",
        {
            "title": "江湾第一批", "starts_on": start.isoformat(), "ends_on": (start + timedelta(days=30)).isoformat(),
            "unit_ids": [unit["id"]], "quotas": {unit["layout"]: waiting["place"]},
        },
    )  # fmt: skip
    clerk.post(f"/waiting/batches/{batch['id']}/publish")
    clerk.refused("POST", f"/waiting/batches/{batch['id']}/close", 409, "batch.published", {})
    mine = until(lambda: resident.get("/citizen/batches")["rows"], said="called to the batch")
    slots = resident.get(f"/citizen/batches/{mine[0]['id']}/slots", unit_id=unit["id"])["rows"]
    booked = resident.post(
        f"/citizen/batches/{mine[0]['id']}/request",
        {"unit_id": unit["id"], "viewing_at": slots[0]["at"], "key": str(uuid.uuid4())},
    )
    moved = resident.patch(f"/citizen/appointments/{booked['id']}", {"viewing_at": slots[1]["at"]})
    assert datetime.fromisoformat(moved["viewing_at"]) == datetime.fromisoformat(slots[1]["at"])
    listed = clerk.get("/registers/waiting.appointments/rows", q=unit["code"])["rows"]
    assert any(row["id"] == booked["id"] for row in listed)
    key = str(uuid.uuid4())
    choice = resident.post(f"/citizen/batches/{mine[0]['id']}/choose", {"unit_id": unit["id"], "key": key})
    again = resident.post(f"/citizen/batches/{mine[0]['id']}/choose", {"unit_id": unit["id"], "key": key})
    assert choice["id"] == again["id"]
    return int(unit["id"])


def lease(resident: Resident, certificate_no: str, unit_id: int) -> int:
    """Draft, signature by the tenant's code, filing, notice; gives the contract."""
    clerk = Staff("fangting")
    holder = clerk.post("/tenancy/certificates/lookup", {"certificate_no": certificate_no})
    assert holder["name"] == resident.name
    assert holder["chosen_unit"] == unit_id
    assert "****" in holder["document_number"]
    start = today()
    contract = clerk.post(
        "/tenancy/contracts",
        {
            "certificate_no": certificate_no, "unit_id": unit_id, "starts_on": start.isoformat(),
            "ends_on": (start + timedelta(days=729)).isoformat(), "rent": "1128.00", "deposit": "1128.00",
            "occupants": [
                {
                    "name": "周建国", "document_number": synthetic_id("339901", date(1955, 3, 2), 21), "phone": "",
                    "relation": "父亲",
                }
            ],
        },
    )  # fmt: skip
    assert contract["state"] == "signing"
    clerk.post(f"/tenancy/contracts/{contract['id']}/send")
    mine = resident.get(f"/citizen/contracts/{contract['id']}")
    assert mine["can_sign"]
    before = len(until(resident.messages, said="messages"))
    until(lambda: len(resident.messages()) >= before, said="the link")
    count = len(resident.messages())
    resident.post(f"/citizen/contracts/{contract['id']}/code")
    code = resident.newest_code(count)
    resident.refused("POST", f"/citizen/contracts/{contract['id']}/sign", 422, "code.wrong", {"code": wrong(code)})
    signed = resident.post(f"/citizen/contracts/{contract['id']}/sign", {"code": code})
    assert signed["state"] == "effective"
    filed = clerk.post(f"/tenancy/contracts/{contract['id']}/file")
    noticed = clerk.post(f"/tenancy/contracts/{contract['id']}/filing-notice")
    text = pdf_text(clerk, noticed["notice"]["url"])
    for wanted in (filed["filing_no"], resident.name, "周建国", "1128.00"):
        assert wanted in text.replace(",", ""), (wanted, text)
    return int(contract["id"])


def wrong(code: str) -> str:
    """Another code of the same length."""
    return f"{(int(code) + 1) % 10**6:06d}"


def board_of(clerk: Staff, unit_id: int) -> dict[str, Any]:
    """The board that shows a unit."""
    values = clerk.get(f"/registers/supply.units/rows/{unit_id}")["values"]
    board: dict[str, Any] = clerk.get("/supply/board", project=values["project_id"], building=values["building_id"])
    return board


def cell_of(board: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """A unit's cell on the board."""
    cells = [cell for floor in board["floors"] for cell in floor["cells"]]
    found: dict[str, Any] = next(cell for cell in cells if cell["id"] == unit_id)
    return found


def test_the_installation_answers() -> None:
    assert Person("citizen").http.get(f"{URL}/healthz").json()["status"] == "ok"
