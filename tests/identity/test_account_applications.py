"""Applying for an account online: the form, the sealed file, the proof of the telephone, the flow of its class (SH-219, SH-220)."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from anju.citizen.models import PhoneCode
from anju.households.synthetic import synthetic_id
from anju.identity import account_flows
from anju.identity.account_flows import Step
from anju.identity.models import Account, AccountApplication, AccountFlow, Role
from anju.identity.services import make_organisation
from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.cases.models import Case
from anju.kernel.files.models import StoredFile
from anju.kernel.processes.models import Definition
from anju.kernel.scope import Actor, Reach, system
from anju.workspace.models import Sms
from tests.conftest import Api
from tests.identity.doors import enter

Staff = Callable[..., Actor]
ClientAs = Callable[[Actor], Api]
PHONE = "13800000123"
NUMBER = synthetic_id("339901", date(1990, 3, 4), 7)
DECIDE = "identity.application.decide_"


@pytest.fixture(autouse=True)
def _roles(db: None) -> None:
    for key in ("operator_clerk", "operator_supervisor", "district_reviewer", "district_approver", "city_reviewer",
                "city_approver"):  # fmt: skip
        Role.objects.create(key=key, title=f"角色{key}", reach=Reach.ORG_AND_BELOW, rights=["supply.unit.view"])


@pytest.fixture
def tree(city: Any) -> dict[str, Any]:
    """Two districts, each with an operator."""
    told = {"city": city}
    for code, division in (("JW", "339901"), ("NP", "339902")):
        told[code] = make_organisation(name=f"{code}区中心", kind="district", code=code, division=division, parent=city)
        told[f"{code}-OP"] = make_organisation(
            name=f"{code}运营公司", kind="operator", code=f"{code}1", division=division, parent=told[code]
        )
    return told


def paper(colour: str = "white") -> SimpleUploadedFile:
    """A scan with a seal on it."""
    scan = io.BytesIO()
    picture = Image.effect_noise((240, 160), 40).convert("RGB")
    picture.paste(colour, (60, 60, 100, 100))
    picture.save(scan, "JPEG")
    return SimpleUploadedFile("盖章申请表.jpg", scan.getvalue(), "image/jpeg")


def code_for(api: Api, phone: str = PHONE) -> str:
    """What the text message says."""
    PhoneCode.objects.all().update(created_at=clock.now() - timedelta(minutes=2))
    assert api.post("/identity/applications/codes", {"phone": phone}).status_code == 200
    text = Sms.objects.latest("id").text
    return "".join(c for c in text.partition("验证码 ")[2][:6])


def form(unit: Any, **changes: Any) -> dict[str, Any]:
    return {
        "klass": "operator", "organisation_id": unit.pk, "name": "方小婷", "id_number": NUMBER, "phone": PHONE,
        "username": "fangxt", "post": "经办", "roles": "operator_clerk", "reason": "新到岗", "key": "0123456789",
    } | changes  # fmt: skip


def apply(api: Api, unit: Any, file: Any = "paper", **changes: Any) -> Any:
    values = form(unit, **changes)
    if "code" not in values:
        values["code"] = code_for(api)
    if file is not None:
        values["file"] = paper() if file == "paper" else file
    return api.upload("/identity/applications", values)


def applied(api: Api, unit: Any, **changes: Any) -> AccountApplication:
    answer = apply(api, unit, **changes)
    assert answer.status_code == 200, answer.content
    return AccountApplication.objects.get(number=answer.json()["number"])


def decide(api: Api, application: AccountApplication, outcome: str, reason: str = "") -> Any:
    """Claims the waiting task and takes the step."""
    rows = [row for row in api.get("/cases/todo").json()["rows"] if row["case_id"] == application.case_id]
    if not rows:
        return None
    api.post(f"/cases/{application.case_id}/claim", {"task_id": rows[0]["task_id"]})
    version = Case.objects.get(pk=application.case_id).version
    body = {"task_id": rows[0]["task_id"], "version": version, "outcome": outcome, "reason": reason}
    return api.post(f"/cases/{application.case_id}/act", body)


@pytest.fixture
def deciders(staff: Staff, client_as: ClientAs, tree: dict[str, Any]) -> dict[str, Api]:
    """The administrators of two districts and of the city."""
    view = "identity.application.view"
    return {
        "JW": client_as(staff(view, f"{DECIDE}district", reach="org_and_below", org=tree["JW"], name="江湾管理员")),
        "NP": client_as(staff(view, f"{DECIDE}district", reach="org_and_below", org=tree["NP"], name="南屏管理员")),
        "city": client_as(staff(view, f"{DECIDE}city", name="市级管理员")),
        "city2": client_as(staff(view, f"{DECIDE}city", name="市级管理员乙")),
    }  # fmt: skip


@pytest.mark.covers("SH-219.1", "SH-219.2", "SH-220.2", "SH-220.3")
def test_from_the_form_to_the_first_sign_in(anonymous: Api, tree: dict[str, Any], deciders: dict[str, Api]) -> None:
    application = applied(anonymous, tree["JW-OP"])
    assert not Account.objects.filter(username="fangxt").exists()
    assert application.org_path == tree["JW-OP"].path
    stored = StoredFile.objects.get(pk=application.file_id)
    assert (stored.mime, stored.purpose) == ("image/jpeg", "account_seal")
    # territory: the other district neither has it to do nor sees it
    assert deciders["NP"].get("/cases/todo").json()["rows"] == []
    assert deciders["NP"].get(f"/cases/{application.case_id}").status_code == 404
    assert deciders["NP"].get(f"/files/{application.file_id}").status_code == 404
    assert deciders["city"].get("/cases/todo").json()["rows"] == []  # not yet its turn
    page = deciders["JW"].get(f"/cases/{application.case_id}").json()
    assert [m["klass_title"] for m in page["materials"]] == ["单位盖章文件"]
    assert NUMBER not in str(page)
    assert deciders["JW"].get(f"/files/{application.file_id}").status_code == 200
    assert decide(deciders["JW"], application, "pass").status_code == 200
    assert not Account.objects.filter(username="fangxt").exists()
    assert decide(deciders["city"], application, "pass").status_code == 200
    account = Account.objects.get(username="fangxt")
    assert (account.organisation, account.must_change_password) == (tree["JW-OP"], True)
    assert [role.key for role in account.roles.all()] == ["operator_clerk"]
    application.refresh_from_db()
    assert (application.state, application.account) == ("approved", account)
    sms = Sms.objects.filter(purpose="account").latest("id")
    password = sms.text.partition("一次性密码 ")[2].partition("，")[0]
    assert password not in sms.shown
    assert enter(anonymous, "fangxt", password).json()["must_change_password"] is True
    trail = AuditEntry.objects.filter(subject=f"case:{application.case_id}", action__in=["create", "act"])
    told = list(trail.order_by("id").values_list("actor_name", flat=True))
    assert told == ["方小婷", "江湾管理员", "市级管理员"]
    assert AuditEntry.objects.filter(title="按账号申请开通 fangxt").exists()


@pytest.mark.covers("SH-219.1")
@pytest.mark.parametrize(("klass", "unit", "role"), [
    ("city", "city", "city_reviewer"), ("district", "JW", "district_reviewer"), ("operator", "NP-OP", "operator_clerk"),
])  # fmt: skip
def test_every_class_of_user_can_apply(anonymous: Api, tree: dict[str, Any], klass: str, unit: str, role: str) -> None:
    told = {each["key"]: each for each in anonymous.get("/identity/applications/choices").json()}
    assert set(told) == {"city", "district", "operator"}
    assert role in {each["key"] for each in told[klass]["roles"]}
    listed = anonymous.get("/identity/applications/units", klass=klass).json()
    assert tree[unit].pk in {each["id"] for each in listed}
    made = applied(anonymous, tree[unit], klass=klass, roles=role)
    assert (made.klass, made.organisation) == (klass, tree[unit])


@pytest.mark.covers("SH-219.3")
@pytest.mark.parametrize("file", [None, "empty", "text", "program", "cut"])
def test_without_a_document_with_the_seal_nothing_is_submitted(
    anonymous: Api, tree: dict[str, Any], file: str | None
) -> None:
    whole = paper().read()
    contents = {
        "empty": b"", "text": b"sealed " * 400, "program": b"MZ" + bytes(4000), "cut": whole[: len(whole) // 3],
    }  # fmt: skip
    upload = SimpleUploadedFile("盖章.pdf", contents[file], "application/pdf") if file else None
    answer = apply(anonymous, tree["JW-OP"], file=upload)
    assert answer.status_code == 422, answer.content
    assert answer.json()["field"] == "file"
    if file in {None, "empty"}:
        assert answer.json()["code"] == "application.file_missing"
    assert not AccountApplication.objects.exists()
    assert not Case.objects.exists()
    assert not PhoneCode.objects.filter(used_at__isnull=False).exists()  # the code still serves


@pytest.mark.covers("SH-219.2")
def test_the_telephone_is_proven(anonymous: Api, tree: dict[str, Any]) -> None:
    code = code_for(anonymous)
    for brought, told in (("000000" if code != "000000" else "111111", "code.wrong"), (code, "")):
        answer = apply(anonymous, tree["JW-OP"], code=brought)
        assert answer.json().get("code", "") == told
    assert apply(anonymous, tree["JW-OP"], code=code, key="another-key").json()["code"] == "code.used"
    assert AccountApplication.objects.count() == 1
    PhoneCode.objects.all().delete()
    assert apply(anonymous, tree["NP-OP"], code="123456", key="third-key-1").json()["code"] == "code.none"
    fresh = code_for(anonymous)
    PhoneCode.objects.update(expires_at=clock.now())
    assert apply(anonymous, tree["NP-OP"], code=fresh, key="fourth-key-1").json()["code"] == "code.expired"


@pytest.mark.covers("SH-219.1", "SH-219.2")
@pytest.mark.parametrize(("changes", "field"), [
    ({"roles": "administrator"}, "roles"), ({"roles": ""}, "roles"), ({"klass": "district"}, "organisation_id"),
    ({"id_number": "339901199003041"}, "id_number"), ({"username": "Root"}, "username"), ({"name": "1"}, "name"),
    ({"organisation_id": 999999}, "organisation_id"), ({"post": ""}, "post"),
])  # fmt: skip
def test_what_cannot_be_is_told_at_its_place(
    anonymous: Api, tree: dict[str, Any], changes: dict[str, Any], field: str
) -> None:
    answer = apply(anonymous, tree["JW-OP"], **changes)
    assert answer.status_code == 422, answer.content
    assert field in {each["field"] for each in answer.json()["details"]["errors"]}
    assert not AccountApplication.objects.exists()


def test_a_closed_unit_takes_no_application_and_gets_no_account(
    anonymous: Api, tree: dict[str, Any], deciders: dict[str, Api]
) -> None:
    application = applied(anonymous, tree["JW-OP"])
    decide(deciders["JW"], application, "pass")
    unit = tree["JW-OP"]
    unit.active = False
    unit.save()
    answer = apply(anonymous, unit, id_number=synthetic_id("339901", date(1991, 3, 4), 7), username="other1")
    assert answer.json()["details"]["errors"][0]["code"] == "application.unit_closed"
    assert unit.pk not in {
        each["id"] for each in anonymous.get("/identity/applications/units", klass="operator").json()
    }
    refused = decide(deciders["city"], application, "pass")
    assert (refused.status_code, refused.json()["code"]) == (409, "application.unit_closed")
    assert not Account.objects.filter(username="fangxt").exists()
    application.refresh_from_db()
    assert application.state == "open"


@pytest.mark.covers("SH-219.4", "SH-220.3")
def test_sent_back_it_is_corrected_by_the_applicant_and_goes_on(
    anonymous: Api, tree: dict[str, Any], deciders: dict[str, Api]
) -> None:
    application = applied(anonymous, tree["JW-OP"])
    short = decide(deciders["JW"], application, "correct", "章")
    assert short.status_code == 422
    assert decide(deciders["JW"], application, "correct", "盖章不清楚，请重新扫描").status_code == 200
    application.refresh_from_db()
    assert (application.state, application.remark) == ("correction", "盖章不清楚，请重新扫描")
    assert "盖章不清楚" in Sms.objects.latest("id").text
    look = {"number": application.number, "phone": PHONE, "code": code_for(anonymous)}
    seen = anonymous.post("/identity/applications/progress", look).json()
    assert (seen["state"], seen["remark"]) == ("correction", "盖章不清楚，请重新扫描")
    assert NUMBER not in str(seen)
    values = {key: seen[key] for key in ("name", "username", "post", "reason", "ticket")} | {"roles": "operator_clerk"}
    path = f"/identity/applications/{application.number}/correction"
    assert anonymous.upload(path, values | {"ticket": "forged"}).json()["code"] == "application.ticket"
    bad = anonymous.upload(path, values | {"file": SimpleUploadedFile("x.pdf", b"no document" * 300)})
    assert (bad.status_code, bad.json()["field"]) == (422, "file")
    application.refresh_from_db()
    assert application.state == "correction"
    before = application.file_id
    done = anonymous.upload(path, values | {"post": "运营经办", "file": paper("red")})
    assert done.status_code == 200, done.content
    application.refresh_from_db()
    assert (application.state, application.post) == ("open", "运营经办")
    assert application.file_id != before
    assert anonymous.upload(path, values).json()["code"] == "application.ticket"  # served already
    page = deciders["JW"].get(f"/cases/{application.case_id}").json()
    assert len(page["materials"]) == 2
    assert deciders["JW"].get(f"/files/{before}").status_code == 200
    assert page["fail"] is None
    assert decide(deciders["JW"], application, "pass").status_code == 200
    assert decide(deciders["city"], application, "refuse", "人员不在岗").status_code == 200
    application.refresh_from_db()
    assert (application.state, application.remark) == ("refused", "人员不在岗")
    assert not Account.objects.filter(username="fangxt").exists()
    trail = AuditEntry.objects.filter(subject=f"case:{application.case_id}", action__in=["create", "act"])
    assert list(trail.order_by("id").values_list("actor_name", flat=True)) == [
        "方小婷", "江湾管理员", "方小婷", "江湾管理员", "市级管理员",
    ]  # fmt: skip


def test_only_number_and_telephone_together_show_an_application(anonymous: Api, tree: dict[str, Any]) -> None:
    application = applied(anonymous, tree["JW-OP"])
    stranger = {"number": application.number, "phone": "13800000999", "code": code_for(anonymous, "13800000999")}
    assert anonymous.post("/identity/applications/progress", stranger).json()["code"] == "application.not_found"
    unknown = {"number": "ZH000", "phone": PHONE, "code": code_for(anonymous)}
    assert anonymous.post("/identity/applications/progress", unknown).json()["code"] == "application.not_found"
    wrong = {"number": application.number, "phone": PHONE, "code": "999999"}
    assert anonymous.post("/identity/applications/progress", wrong).status_code == 422


@pytest.mark.covers("SH-220.2")
def test_nobody_decides_on_his_own_and_two_steps_take_two_people(
    anonymous: Api, tree: dict[str, Any], deciders: dict[str, Api], staff: Staff, client_as: ClientAs
) -> None:
    both = staff("identity.application.view", f"{DECIDE}district", f"{DECIDE}city", name="两级")
    Account.objects.filter(pk=both.id).update(phone="13800000777")
    api = client_as(both)
    application = applied(anonymous, tree["JW-OP"])
    Account.objects.filter(pk=both.id).update(person_key=application.person_key)
    own = decide(api, application, "pass")
    assert (own.status_code, own.json()["code"]) == (403, "application.own")
    application.refresh_from_db()
    assert application.state == "open"
    Account.objects.filter(pk=both.id).update(person_key=None)
    assert decide(api, application, "pass").status_code == 200
    again = decide(api, application, "pass")
    assert again.status_code in {403, 409}
    assert not Account.objects.filter(username="fangxt").exists()
    assert decide(deciders["city"], application, "pass").status_code == 200


@pytest.mark.covers("NF-05.1")
def test_one_person_applies_once_for_a_unit_and_has_one_account_there(
    anonymous: Api, tree: dict[str, Any], deciders: dict[str, Api]
) -> None:
    application = applied(anonymous, tree["JW-OP"])
    second = apply(anonymous, tree["JW-OP"], username="fangxt2", key="second-key")
    assert second.status_code == 409, second.content
    assert AccountApplication.objects.count() == 1
    copy = AccountApplication.objects.get()
    copy.pk, copy.number, copy.case_id = None, "X", 0
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()
    decide(deciders["JW"], application, "pass")
    decide(deciders["city"], application, "pass")
    third = apply(anonymous, tree["JW-OP"], username="fangxt3", key="third-key-1")
    assert (third.status_code, third.json()["code"]) == (409, "account.person_exists")
    assert apply(anonymous, tree["NP-OP"], username="fangxt3", key="fourth-key").status_code == 200


def test_a_name_taken_meanwhile_is_told_and_nothing_is_half_done(
    anonymous: Api, tree: dict[str, Any], deciders: dict[str, Api], staff: Staff
) -> None:
    application = applied(anonymous, tree["JW-OP"])
    decide(deciders["JW"], application, "pass")
    Account.objects.filter(pk=staff().id).update(username="fangxt")
    answer = decide(deciders["city"], application, "pass")
    assert (answer.status_code, answer.json()["code"]) == (409, "account.exists")
    application.refresh_from_db()
    assert application.state == "open"


@pytest.mark.covers("SH-220.1", "SH-220.2")
def test_each_class_has_its_flow_and_what_is_under_way_stays_on_its_version(
    anonymous: Api, tree: dict[str, Any], deciders: dict[str, Api], staff: Staff, client_as: ClientAs
) -> None:
    early = applied(anonymous, tree["JW-OP"])
    keeper = client_as(staff("identity.flow.view", "identity.flow.change"))
    told = {flow["key"]: flow for flow in keeper.get("/identity/application-flows").json()["flows"]}
    assert [step["level"] for step in told["operator"]["steps"]] == ["district", "city"]
    assert [step["level"] for step in told["district"]["steps"]] == ["city"]
    wanted = {
        "version": told["operator"]["version"], "roles": ["operator_clerk"],
        "steps": [{"title": "单位核实", "level": "unit", "days": 2}],
    }  # fmt: skip
    changed = keeper.put("/identity/application-flows/operator", wanted)
    assert changed.status_code == 200, changed.content
    assert changed.json()["version"] == 2
    assert keeper.put("/identity/application-flows/operator", wanted).status_code == 409
    assert account_flows.current("district").version == 1
    assert Definition.objects.filter(key="account_operator").count() == 2
    assert AuditEntry.objects.filter(subject="identity.account_flow:operator", actor__startswith="staff").count() == 1
    # the earlier one still goes district, city; the next one ends at the unit
    later = applied(
        anonymous, tree["JW-OP"], id_number=synthetic_id("339901", date(1992, 3, 4), 5), username="later1", key="k" * 9
    )
    unit = client_as(
        staff("identity.application.view", f"{DECIDE}unit", reach="org", org=tree["JW-OP"], name="单位管理员")
    )
    assert decide(unit, early, "pass") is None
    assert decide(unit, later, "pass").status_code == 200
    assert Account.objects.filter(username="later1").exists()
    assert decide(deciders["JW"], early, "pass").status_code == 200
    assert decide(deciders["city"], early, "pass").status_code == 200


@pytest.mark.covers("SH-220.1")
@pytest.mark.parametrize(("steps", "roles", "field"), [
    ([], ["operator_clerk"], "steps"), ([("单位审核", "unit", 1)] * 6, ["operator_clerk"], "steps"),
    ([("审", "unit", 1)], ["operator_clerk"], "steps.0.title"), ([("审核", "nobody", 1)], ["operator_clerk"], "steps.0.level"),
    ([("审核", "unit", 0)], ["operator_clerk"], "steps.0.days"), ([("审核", "unit", 1)], [], "roles"),
    ([("审核", "unit", 1), ("审核", "city", 1)], ["operator_clerk"], "steps.1.title"),
    ([("审核", "unit", 1)], ["no_such_role"], "roles"),
])  # fmt: skip
def test_a_flow_that_could_not_run_is_not_published(
    staff: Staff, client_as: ClientAs, steps: list[Any], roles: list[str], field: str
) -> None:
    keeper = client_as(staff("identity.flow.view", "identity.flow.change"))
    listed = [{"title": title, "level": level, "days": days} for title, level, days in steps]
    version = account_flows.current("operator").version
    answer = keeper.put("/identity/application-flows/operator", {"version": version, "steps": listed, "roles": roles})
    assert answer.status_code == 422
    assert field in {each["field"] for each in answer.json()["details"]["errors"]}
    assert AccountFlow.objects.filter(klass="operator").count() == 1


def test_titles_with_signs_of_xml_are_no_danger(db: None) -> None:
    made = account_flows.publish(system(), "city", 0, [Step('审核<&">', "city", 2)], ["city_reviewer"])
    assert Definition.objects.get(key="account_city", version=made.process_version).graph["title"]
