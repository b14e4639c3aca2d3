"""Advance notices from the company through district and city to 'I want to rent', and down again (SH-182)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from anju.identity.services import make_organisation
from anju.kernel.registers.models import RegisterHistory
from anju.kernel.scope import Actor
from anju.supply.models import AdvanceNotice
from tests.supply.samples import make_supply
from tests.support import run_jobs

ROWS = "/registers/supply.notices/rows"
VIEW = "supply.notice.view"
COMPANY = (
    VIEW,
    *(f"supply.notice.{verb}" for verb in ("create", "change", "delete", "submit")),
    "supply.operator.view",
)


@pytest.mark.django_db
class TestNotices:
    @pytest.fixture
    def people(self, city: Any, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]) -> dict[str, Any]:
        district = make_organisation(name="区", kind="district", code="D1", division="339901", parent=city)
        firm = make_organisation(name="公司", kind="operator", code="F1", division="339901", parent=district)
        self.branch = make_supply("A", firm.path)
        return {
            "company": client_as(staff(*COMPANY, reach="org_and_below", org=firm)),
            "district": client_as(
                staff(VIEW, "supply.notice.review", reach="org_and_below", org=district, name="区员")
            ),
            "city": client_as(staff(VIEW, "supply.notice.approve")),
        }

    def values(self, **changed: Any) -> dict[str, Any]:
        return {
            "operator": self.branch.operator.pk, "name": "A家园二期", "address": "江湾路 400 弄", "division": "339901",
            "planned_on": "2027-03-01", "scope": "本市住房困难家庭", "units": 240, "rent_from": "24.00",
            "rent_to": "28.00", "project": None,
        } | changed  # fmt: skip

    @pytest.mark.covers("SH-182.1", "SH-182.2", "SH-182.3", "SH-182.4", "SH-182.5", "SH-182.6", "SH-007.5")
    def test_there_and_back(self, people: dict[str, Any], anonymous: Any, sandbox: Any) -> None:
        company, district, city = people["company"], people["district"], people["city"]
        made = company.post(ROWS, {"values": self.values()}).json()
        notice = AdvanceNotice.objects.get(pk=made["id"])

        def act(who: Any, step: str, opinion: str = "", status: int = 200) -> Any:
            body = {"ids": [notice.pk], "values": {"opinion": opinion} if opinion else {}}
            answer = who.post(f"/registers/supply.notices/actions/{step}", body)
            assert answer.status_code == status, answer.json()
            notice.refresh_from_db()
            return answer.json()

        assert (notice.state, notice.number[:6]) == ("draft", "YG2026")
        early = act(district, "pass", "可以", 409)
        assert early["code"] == "supply.notice_moved"
        act(company, "submit")
        fixed = company.patch(f"{ROWS}/{notice.pk}", {"version": notice.version, "values": {"units": 9}})
        assert fixed.json()["code"] == "supply.notice_submitted"
        assert act(district, "return", status=422)["details"]["errors"][0]["field"] == "opinion"
        act(district, "return", "地址不全")
        assert (notice.state, notice.opinion) == ("draft", "地址不全")
        changed = company.patch(f"{ROWS}/{notice.pk}", {"version": notice.version, "values": {"units": 260}})
        assert changed.status_code == 200
        act(company, "submit")
        act(district, "pass", "属实")
        act(city, "return_city", "租金偏高，请区里核")
        assert notice.state == "district"
        act(district, "pass", "已核，属实")
        assert anonymous.get("/public/projects/notices").json()["rows"] == []
        for who in (company, district):
            act(who, "approve", "同意", 403)
        act(city, "approve", "同意发布")
        (shown,) = anonymous.get("/public/projects/notices", division="339901").json()["rows"]
        assert (shown["lessor"], shown["units"], shown["planned_on"]) == ("A机构", 260, "2027-03-01")
        assert (shown["rent_from"], shown["rent_to"], shown["scope"]) == ("24.00", "28.00", "本市住房困难家庭")
        run_jobs()

        def there() -> dict[str, Any]:
            (told,) = sandbox.get("/control/units?department=data_hub.notices").json()["units"]
            return dict(told)

        assert (there()["name"], there()["valid"]) == ("A家园二期", True)
        for who in (company, district):
            act(who, "take_down", "误发", 403)
        assert notice.state == "published"
        act(city, "take_down", "项目暂缓")
        assert anonymous.get("/public/projects/notices").json()["rows"] == []
        run_jobs()
        assert there()["valid"] is False
        steps = RegisterHistory.objects.filter(register="supply.notices", row_id=notice.pk).order_by("id")
        assert [one.action for one in steps] == [
            "create", "提交", "退回企业", "change", "提交", "审核通过", "退回区级", "审核通过", "审核发布", "置为无效",
        ]  # fmt: skip
        gone = company.delete(f"{ROWS}/{notice.pk}", version=notice.version)
        assert gone.json()["code"] == "supply.notice_submitted"

    @pytest.mark.covers("SH-007.4")
    def test_a_notice_of_a_project_stands_behind_its_cover(self, people: dict[str, Any], anonymous: Any) -> None:
        wrong = people["company"].post(ROWS, {"values": self.values(rent_to="20.00")})
        assert (wrong.status_code, wrong.json()["code"]) == (409, "supply.rent_range")
        assert anonymous.get("/public/projects/A01/cover").json() == {"cover": None, "notice": None}
        notice = people["company"].post(ROWS, {"values": self.values()}).json()["id"]
        AdvanceNotice.objects.filter(pk=notice).update(
            state="published", published_at="2026-12-01T00:00:00Z", project=self.branch.project
        )
        told = anonymous.get("/public/projects/A01/cover").json()["notice"]
        assert (told["lessor"], told["planned_on"], told["scope"]) == ("A机构", "2027-03-01", "本市住房困难家庭")
        assert (told["rent_from"], told["rent_to"]) == ("24.00", "28.00")
