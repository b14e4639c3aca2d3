"""The eye: one masked value, for a reason, on the audit trail; whoever may not sees nothing and leaves nothing."""

from __future__ import annotations

from typing import Any

import pytest

from anju.kernel.audit.models import AuditEntry
from anju.kernel.cases.models import Case
from tests.casework import Household, Town

REASON = "核对申请材料"
NUMBER = "members.members.0.document_number"


@pytest.fixture
def who(town: Town) -> Household:
    return town.household()


@pytest.fixture
def case(town: Town, who: Household) -> Case:
    return town.apply(who)


def looked() -> list[dict[str, Any]]:
    """What the trail says was revealed."""
    rows = AuditEntry.objects.filter(action="read_personal", detail__has_key="field").order_by("id")
    return list(rows.values("actor_name", "subject", "title", "detail"))


def test_the_page_shows_masks_and_says_who_may_lift_them(town: Town, case: Case, who: Household) -> None:
    shown = town.staff("fangting").get(f"/cases/{case.pk}").json()
    assert (shown["can_reveal"], shown["contact"]) == (True, f"139****{who.phone[-4:]}")
    assert who.phone not in str(shown)
    assert who.number not in str(shown)
    assert town.staff("liangchen").get(f"/cases/{case.pk}").json()["can_reveal"] is False


def test_one_value_is_revealed_with_its_reason_on_the_trail(town: Town, case: Case, who: Household) -> None:
    clerk = town.staff("fangting")
    for path, value, title in (
        (NUMBER, who.number, "证件号码"),
        ("form.phone", who.phone, "手机"),
        ("contact", who.phone, "联系电话"),
    ):
        answer = clerk.post(f"/cases/{case.pk}/reveal", {"path": path, "reason": f" {REASON} "})
        assert (answer.status_code, answer.json()) == (200, {"value": value})
        last = looked()[-1]
        assert (last["actor_name"], last["subject"]) == ("方婷", case.subject)
        assert last["detail"] == {"field": path, "reason": REASON}
        assert case.number in last["title"]
        assert title in last["title"]
        assert value not in str(last)


@pytest.mark.parametrize(
    "path",
    ["", ".", "members", "members.members", "members.members.0", "members.members.1.document_number",
     "members.members.-1.document_number", "members.members.²." + "document_number", "members.members.99999999999.document_number",
     "members.members.0.name", "form.phone.0.phone", "form.address", "none.phone", "contact.phone", "phone"],
)  # fmt: skip
def test_what_is_not_masked_is_not_found(town: Town, case: Case, path: str) -> None:
    answer = town.staff("fangting").post(f"/cases/{case.pk}/reveal", {"path": path, "reason": REASON})
    assert (answer.status_code, answer.json()["code"]) == (404, "field.not_masked")
    assert looked() == []


def test_without_a_reason_nothing_is_shown(town: Town, case: Case) -> None:
    for reason in ("", "看看", "     看    "):
        answer = town.staff("fangting").post(f"/cases/{case.pk}/reveal", {"path": NUMBER, "reason": reason})
        assert (answer.status_code, answer.json()["details"]["errors"][0]["field"]) == (422, "reason")
    assert looked() == []


def test_who_may_not_sees_nothing(town: Town, case: Case, who: Household) -> None:
    body = {"path": NUMBER, "reason": REASON}
    clerk = town.second_clerk()
    town.take(case)
    for api, status, code in (
        (town.staff("liangchen"), 403, "auth.forbidden"), (town.staff("shenliqun"), 403, "auth.forbidden"),
        (town.staff("zhoumin.np"), 404, "not_found"), (clerk, 409, "task.taken"), (who.api, 403, "auth.forbidden"),
    ):  # fmt: skip
        answer = api.post(f"/cases/{case.pk}/reveal", body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert who.number not in answer.content.decode()
    assert looked() == []
