"""What the pages of the foundation need to have something to show: a template, a post, accounts, an application to sign in at."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from anju.households.synthetic import synthetic_id
from tests.journeys.people import Resident, Staff, photo
from tests.journeys.test_whole_way import today


def row(desk: Staff, register: str, q: str) -> int:
    """The id of the first row that a search finds."""
    return int(desk.get(f"/registers/{register}/rows", q=q)["rows"][0]["id"])


def template(keeper: Staff) -> int:
    """A contract template whose first version holds from today."""
    values = {"name": "江湾公租房合同", "programme": "public_rental", "active": True}
    if there := keeper.get("/registers/tenancy.templates/rows", q=values["name"])["rows"]:
        return int(there[0]["id"])
    made = int(keeper.post("/registers/tenancy.templates/rows", {"values": values})["id"])
    starter = keeper.ask("GET", "/tenancy/templates/starter")
    kind = starter.headers["content-type"]
    sent = keeper.ask(
        "POST", f"/tenancy/templates/{made}/versions", files={"file": ("江湾公租房合同.docx", starter.content, kind)},
        data={"valid_from": today().isoformat(), "note": "首版"},
    )  # fmt: skip
    keeper.good(sent)
    return made


def person() -> tuple[str, str]:
    """An invented telephone and document number."""
    unique = uuid.uuid4().int
    day = date(1986, 1, 1) + timedelta(days=unique % 5000)
    return f"137{unique % 10**8:08d}", synthetic_id("339901", day, unique % 1000)


def application() -> None:
    """Somebody without an account applies for one at 江湾's operator, with the sealed file and the code of his phone."""
    phone, number = person()
    applicant = Resident(phone, "范小满", number)
    applicant.http.headers["X-Anju-Client"] = "office"
    unit = applicant.get("/identity/applications/units", klass="operator", q="澜州安居")[0]
    before = len(applicant.messages())
    applicant.post("/identity/applications/codes", {"phone": phone})
    applicant.upload(
        "/identity/applications", {"file": photo("账号申请表")}, klass="operator", organisation_id=str(unit["id"]),
        name="范小满", id_number=number, phone=phone, username=f"fanxm{secrets.token_hex(2)}", post="运营经办",
        roles="operator_clerk", reason="新到岗", code=applicant.newest_code(before), key=uuid.uuid4().hex,
    )  # fmt: skip


def newcomer(keeper: Staff) -> dict[str, str]:
    """An account whose one-time password nobody has changed yet: it is held at the door."""
    account = f"xinren{secrets.token_hex(2)}"
    phone, number = person()
    unit = row(keeper, "identity.organisations", "江湾区住房保障中心")
    values = {"username": account, "name": "新人", "organisation": unit, "post": "经办"}
    made = keeper.post("/registers/identity.accounts/rows", {"values": values})

    def act(action: str, values: dict[str, Any]) -> Any:
        return keeper.post(f"/registers/identity.accounts/actions/{action}", {"ids": [made["id"]], "values": values})

    act("name_owner", {"id_number": number, "phone": phone})
    told = act("reset", {})["told"][0]["text"]
    return {"account": account, "password": told.partition("一次性密码：")[2].partition("。")[0]}


def sign_on(keeper: Staff) -> str:
    """The page where another system's request waits for a person's word: its address, as the system sends people there."""
    landing = "https://loans.example/signed-in"
    values = {
        "key": f"loans-{secrets.token_hex(2)}", "title": "贷款受理", "system": "公积金业务系统",
        "path": "https://loans.example/",
    }  # fmt: skip
    app = int(keeper.post("/registers/identity.apps/rows", {"values": values})["id"])
    keeper.post("/registers/identity.apps/actions/publish", {"ids": [app], "values": {}})
    wants = {"application": app, "kind": "public", "redirects": landing, "scopes": "openid profile phone menus"}
    client = keeper.post("/registers/identity.clients/rows", {"values": wants})["id"]
    told = keeper.get(f"/registers/identity.clients/rows/{client}")["values"]
    wish = {
        "client_id": told["client_id"], "redirect_uri": landing, "response_type": "code",
        "scope": "openid profile phone", "state": secrets.token_urlsafe(8),
        "code_challenge": secrets.token_urlsafe(32), "code_challenge_method": "S256",
    }  # fmt: skip
    return f"/openid?{urlencode(wish)}"


def desks(desk: Callable[[str], Staff]) -> dict[str, Any]:
    """All of it, and the ids to open pages at; `desk` gives an account's signed-in session."""
    district, security, city = desk("quguan"), desk("anquan"), desk("guanli")
    application()
    office = row(security, "identity.organisations", "江湾区住房保障中心")
    post = security.post(
        "/registers/identity.posts/rows",
        {"values": {"organisation": office, "title": f"档案管理岗 {secrets.token_hex(2)}", "note": "管理纸质档案"}},
    )
    return {
        "template": template(desk("liangchen")),
        "post": int(post["id"]),
        "role": row(security, "identity.roles", "district_reviewer"),
        "app": row(city, "identity.apps", ""),
        "sign_on": sign_on(city),
        "application": row(district, "identity.applications", "范小满"),
        "account": row(district, "identity.accounts", "zhoumin"),
        "task": desk("zhoumin").get("/workspace/tasks", source="office_automation")["rows"][0]["id"],
        "newcomer": newcomer(city),
    }
