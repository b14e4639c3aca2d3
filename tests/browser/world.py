"""Brings some invented households to where the pages have something to show, through the API; prints who and where.

`python -m tests.browser.world` answers one JSON object: telephone numbers to sign in with, and ids to open pages at.
"""

from __future__ import annotations

import json
import sys
import uuid
from datetime import date, timedelta
from functools import cache
from typing import Any

from anju.households.synthetic import synthetic_id
from tests.browser.desks import desks
from tests.journeys.people import Resident, Staff, photo, until
from tests.journeys.test_whole_way import first_condition, pass_time, publicity_data, today

FAMILY = {
    "settled": ("何秀兰", "0"),
    "signing": ("顾明远", "0"),
    "called": ("沈雨桐", "0"),
    "large": ("王建国", "5"),
    "asked": ("陆文彬", "0"),
    "drafting": ("周晓芳", "0"),
    "photos": ("林书禾", "0"),
    "first": ("陈思远", "0"),
    "second": ("吴佳宁", "3"),
    "third": ("郑海燕", "0"),
}


@cache
def desk(account: str) -> Staff:
    """A member of staff, signed in once."""
    return Staff(account)


def newcomers() -> dict[str, Resident]:
    """Everybody, registered; all but one verified by the bank."""
    found = {}
    for at, (key, (name, housing)) in enumerate(FAMILY.items()):
        unique = uuid.uuid4().int
        day = date(1986, 1, 1) + timedelta(days=unique % 5000)
        phone = f"138{unique % 10**8:08d}"
        found[key] = Resident(phone, name, synthetic_id("339901", day, int(f"{housing}0{at % 4}")))
        found[key].register()
        if key != "photos":
            found[key].verify_by_bank()
    return found


def admit(numbers: list[str]) -> None:
    """Takes cases from acceptance to certificates, all of them step by step."""
    clerk, reviewer, approver = desk("fangting"), desk("zhoumin"), desk("shenliqun")
    city, city_approver = desk("gaoyuan"), desk("helan")

    def each(who: Staff, node: str, outcome: str, **more: Any) -> None:
        for number in numbers:
            who.handle(number, node, outcome, **more)

    each(clerk, "accept", "accept")
    each(reviewer, "first_review", "pass")
    each(approver, "first_approval", "pass")
    each(reviewer, "publicity_entry", "publish", data=publicity_data())
    pass_time(8)
    each(reviewer, "publicity_result", "no_objection", data={"finding": "公示期内无异议"})
    each(city, "second_review", "pass")
    each(city_approver, "second_approval", "pass")
    each(city, "online_publicity_entry", "publish", data=publicity_data())
    pass_time(8)
    each(city, "online_publicity_result", "no_objection", data={"finding": "公示期内无异议"})
    each(city_approver, "online_publicity_approval", "pass")
    each(city, "admission", "admit", data={"conditions": first_condition(), "priority_group": "none"})


def batch_for(residents: list[Resident]) -> dict[str, Any]:
    """A published batch to which these are called, with some units more."""
    for resident in residents:
        until(lambda one=resident: one.get("/citizen/certificate")["certificate"], said="the certificate")
        resident.put(
            "/citizen/waiting/intention", {"divisions": ["339901"], "layouts": [], "project_ids": [], "note": ""}
        )
    clerk = desk("fangting")
    vacant = clerk.get("/waiting/vacant-units")["rows"]
    units = [one for one in vacant if one["layout"] == vacant[0]["layout"]][:6]
    start = today()
    places = [resident.get("/citizen/waiting")["place"] for resident in residents]
    batch: dict[str, Any] = clerk.post(
        "/waiting/batches",
        {
            "title": "江湾第二批", "starts_on": start.isoformat(), "ends_on": (start + timedelta(days=30)).isoformat(),
            "unit_ids": [one["id"] for one in units], "quotas": {units[0]["layout"]: max(places)},
        },
    )  # fmt: skip
    clerk.post(f"/waiting/batches/{batch['id']}/publish")
    for resident in residents:
        until(lambda one=resident: one.get("/citizen/batches")["rows"], said="called to the batch")
    return {"id": batch["id"], "units": units}


def lease(resident: Resident, batch: dict[str, Any], unit: dict[str, Any]) -> int:
    """The choice of a unit and a contract sent to be signed."""
    resident.post(f"/citizen/batches/{batch['id']}/choose", {"unit_id": unit["id"], "key": str(uuid.uuid4())})
    clerk = desk("fangting")
    start = today()
    contract = clerk.post(
        "/tenancy/contracts",
        {
            "certificate_no": resident.get("/citizen/certificate")["certificate"]["number"], "unit_id": unit["id"],
            "starts_on": start.isoformat(), "ends_on": (start + timedelta(days=729)).isoformat(),
            "rent": "1128.00", "deposit": "1128.00", "occupants": [],
        },
    )  # fmt: skip
    clerk.post(f"/tenancy/contracts/{contract['id']}/send")
    return int(contract["id"])


def sign(resident: Resident, contract: int) -> None:
    """The tenant's signature and the filing."""
    before = len(resident.messages())
    resident.post(f"/citizen/contracts/{contract}/code")
    resident.post(f"/citizen/contracts/{contract}/sign", {"code": resident.newest_code(before)})
    clerk = desk("fangting")
    clerk.post(f"/tenancy/contracts/{contract}/file")
    clerk.post(f"/tenancy/contracts/{contract}/filing-notice")


def build() -> dict[str, Any]:
    """Everybody to his place."""
    people = newcomers()
    cases: dict[str, dict[str, Any]] = {}

    def apply(*keys: str) -> None:
        for key in keys:
            people[key].fill_application()
            cases[key] = people[key].submit()

    apply("settled", "signing", "called")
    admit([cases[key]["number"] for key in ("settled", "signing", "called")])
    batch = batch_for([people[key] for key in ("settled", "signing", "called")])
    contracts = {
        "settled": lease(people["settled"], batch, batch["units"][0]),
        "signing": lease(people["signing"], batch, batch["units"][1]),
    }
    sign(people["settled"], contracts["settled"])
    free = batch["units"][2]
    slots = people["called"].get(f"/citizen/batches/{batch['id']}/slots", unit_id=free["id"])["rows"]
    appointment = people["called"].post(
        f"/citizen/batches/{batch['id']}/request",
        {"unit_id": free["id"], "viewing_at": slots[0]["at"], "key": str(uuid.uuid4())},
    )
    apply("large", "asked", "first", "second", "third")
    clerk = desk("fangting")
    clerk.handle(cases["large"]["number"], "accept", "accept")
    desk("zhoumin").take(cases["large"]["number"], "first_review")
    page = clerk.take(cases["asked"]["number"], "accept")
    clerk.post(
        f"/cases/{page['id']}/supplement",
        {
            "task_id": page["task"]["id"], "version": page["version"], "days": 5, "note": "",
            "items": [{"klass": "household_register", "note": "照片反光，看不清户主页"}],
        },
    )  # fmt: skip
    drafting = people["drafting"]
    for name, data in {
        "place": {"division": "339901", "street": "望江街道"}, "notice": {"read": True}, "commitment": {"agreed": True},
    }.items():  # fmt: skip
        drafting.save_page(name, data)
    photos = people["photos"]
    sides = {"front": "居民身份证 正面", "back": "居民身份证 反面", "holder": "本人手持证件"}
    waiting = photos.upload(
        "/citizen/identity/photos", {side: photo(title) for side, title in sides.items()}, name=photos.name,
        document_type="id_card", document_number=photos.id_number, city="339900",
    )  # fmt: skip
    certificate = people["settled"].get("/citizen/certificate")["certificate"]
    verification = desk("fangting").get("/registers/citizen.verifications/rows", q=photos.name)["rows"][0]
    assert waiting["state"] == "waiting"
    return {
        "phones": {key: one.phone for key, one in people.items()},
        "cases": {key: one["case_id"] for key, one in cases.items()},
        "contracts": contracts,
        "batch": batch["id"],
        "unit": free["id"],
        "appointment": appointment["id"],
        "verification": verification["id"],
        "code": certificate["document"]["verify_path"].rpartition("/")[2],
        "desk": desks(desk),
        "door": desk("fangting").get(f"/registers/supply.units/rows/{free['id']}")["values"]["public_code"],
        "draft": desk("jianshe").post("/cases/drafts", {"type": "construction.estate", "data": {}})["id"],
    }


if __name__ == "__main__":
    json.dump(build(), sys.stdout, ensure_ascii=False)
