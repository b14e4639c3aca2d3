"""The five checks and the case store against the sandbox."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from anju.eligibility.connectors import (
    CaseState,
    CaseStorePending,
    CaseStorePreCheck,
    CaseStorePush,
    HousingCheck,
    MarriageCheck,
    MarriageQuery,
    PendingQuery,
    PersonQuery,
    PreCheckQuery,
    PublicHousingCheck,
    RealEstateCheck,
    ResettlementCheck,
    SocialInsuranceCheck,
    SocialInsuranceQuery,
    same_name,
)
from anju.households.synthetic import synthetic_id
from anju.kernel.connectors import ConnectorGarbage, ConnectorRefused
from anju.kernel.errors import Invalid
from tests.sandbox_fixture import Sandbox

BORN, ON = date(1986, 3, 7), date(2026, 11, 20)


def number(serial: int, born: date = BORN) -> str:
    return synthetic_id("339901", born, serial)


def person(serial: int, name: str = "陈建国", born: date = BORN) -> PersonQuery:
    return PersonQuery(name=name, id_type="id_card", id_number=number(serial, born), as_of=ON)


def insured(serial: int, first: str = "2025-11", last: str = "2026-10") -> SocialInsuranceQuery:
    base = person(serial)
    return SocialInsuranceQuery(
        name=base.name, id_type=base.id_type, id_number=base.id_number, as_of=ON, from_month=first, to_month=last
    )


def married(serial: int, spouse: int | None = None) -> MarriageQuery:
    base = person(serial)
    return MarriageQuery(
        name=base.name, id_type=base.id_type, id_number=base.id_number, as_of=ON,
        spouse_name="林晓梅" if spouse is not None else None,
        spouse_id_number=number(spouse) if spouse is not None else None,
    )  # fmt: skip


class Wiretap(BaseHTTPRequestHandler):
    """Passes everything on to the sandbox and keeps what went over the wire, both ways."""

    seen: list[bytes] = []
    target = ""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {"X-Signature": self.headers["X-Signature"], "Content-Type": "application/json"}
        answer = httpx.post(self.target + self.path, content=body, headers=headers, trust_env=False)
        Wiretap.seen += [self.path.encode(), bytes(str(self.headers), "utf-8"), body, answer.content]
        self.send_response(answer.status_code)
        self.send_header("X-Signature", answer.headers["X-Signature"])
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def wiretap(sandbox: Sandbox, settings: Any) -> Iterator[list[bytes]]:
    Wiretap.seen, Wiretap.target = [], sandbox.url
    server = ThreadingHTTPServer(("127.0.0.1", 0), Wiretap)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SANDBOX_URL = f"http://127.0.0.1:{server.server_address[1]}"
    yield Wiretap.seen
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("check", [RealEstateCheck, PublicHousingCheck, ResettlementCheck])
@pytest.mark.covers("SH-028.1", "SH-029.1")
def test_who_owns_nothing_has_no_record_anywhere(sandbox: Sandbox, check: type[HousingCheck]) -> None:
    answer = check().call(person(1))
    assert answer.records == ()
    assert answer.source.startswith("澜州市")
    assert answer.as_of == ON


@pytest.mark.parametrize(
    ("serial", "check", "low", "high", "share"),
    [
        (301, RealEstateCheck, 38, 44, "1"),
        (401, RealEstateCheck, 48, 58, "0.5"),
        (501, RealEstateCheck, 118, 146, "1"),
        (601, PublicHousingCheck, 30, 42, "1"),
        (701, ResettlementCheck, 88, 110, "1"),
    ],
)
@pytest.mark.covers("SH-028.1", "SH-029.1")
def test_a_home_is_found_with_area_share_and_day(
    sandbox: Sandbox, serial: int, check: type[HousingCheck], low: int, high: int, share: str
) -> None:
    asked = person(serial)
    (home,) = check().call(asked).held(asked)
    assert low <= home.floor_area <= high
    assert home.share == Decimal(share)
    assert home.registered_on < ON
    assert home.address in home.text
    assert f"{home.floor_area:.2f} ㎡" in home.text
    others = {RealEstateCheck, PublicHousingCheck, ResettlementCheck} - {check}
    assert all(other().call(asked).records == () for other in others)


def test_public_housing_tells_its_living_area(sandbox: Sandbox) -> None:
    (home,) = PublicHousingCheck().call(person(601)).records
    assert home.living_area is not None
    assert abs(home.living_area - home.floor_area / 2) <= Decimal("0.01")


def test_the_same_person_always_gets_the_same_answer(sandbox: Sandbox) -> None:
    assert RealEstateCheck().call(person(501)) == RealEstateCheck().call(person(501))


def test_a_home_sold_again_is_known_but_not_held(sandbox: Sandbox) -> None:
    asked = person(801)
    answer = RealEstateCheck().call(asked)
    assert len(answer.matching(asked)) == 1
    assert answer.held(asked) == ()
    assert "转出" in answer.records[0].text


@pytest.mark.parametrize(
    ("check", "department"),
    [
        (RealEstateCheck, "real_estate"),
        (PublicHousingCheck, "public_housing"),
        (ResettlementCheck, "resettlement"),
    ],
)
def test_another_persons_record_is_not_the_applicants(
    sandbox: Sandbox, check: type[HousingCheck], department: str
) -> None:
    asked = person(1)
    home = {
        "kind": "owned", "division": "339901", "address": "澜州市江湾区望江路8号", "floor_area": "88.00",
        "living_area": None, "share": "1", "certificate_number": "1", "registered_on": "2015-01-01", "ended_on": None,
    }  # fmt: skip
    records = [
        {**home, "holder_id_number": number(3)},
        {**home, "holder_name": "陈建軍"},
        {**home, "address": "澜州市江湾区望江路9号"},
    ]
    sandbox.person(asked.id_number, records={department: records})
    answer = check().call(asked)
    assert [one.address for one in answer.matching(asked)] == ["澜州市江湾区望江路9号"]
    assert answer.strangers(asked) == 2


def test_a_namesakes_home_that_the_registry_mixes_in_does_not_count(sandbox: Sandbox) -> None:
    asked = person(901)
    answer = RealEstateCheck().call(asked)
    assert len(answer.records) == 1
    assert answer.matching(asked) == ()


def test_a_record_under_another_name_does_not_count(sandbox: Sandbox) -> None:
    asked = person(501)
    sandbox.person(asked.id_number, name="陈卫国")
    assert RealEstateCheck().call(asked).matching(asked) == ()


@pytest.mark.parametrize("mode", ["twice", "ok"])
def test_a_record_that_comes_twice_counts_once(sandbox: Sandbox, mode: str) -> None:
    asked = person(501)
    home = {
        "kind": "owned", "division": "339901", "address": "澜州市江湾区望江路8号", "floor_area": "88.00",
        "living_area": None, "share": "1", "certificate_number": "1", "registered_on": "2015-01-01", "ended_on": None,
    }  # fmt: skip
    sandbox.person(asked.id_number, records={"real_estate": [home, home]})
    sandbox.behave("real_estate", mode)
    assert len(RealEstateCheck().call(asked).matching(asked)) == 1


def test_spellings_and_old_numbers_of_one_person_match(sandbox: Sandbox) -> None:
    assert same_name("阿依古丽·买买提", "阿依古丽•买买提")
    assert same_name("陈 建国", "陈建国")
    assert not same_name("陈建国", "陈建军")
    asked = person(501)
    (home,) = RealEstateCheck().call(asked).records
    old = asked.id_number[:6] + asked.id_number[8:17]
    assert asked.is_holder(replace(home, holder_id_number=old))
    assert asked.is_holder(replace(home, holder_id_number=asked.id_number.lower() + " "))
    assert not asked.is_holder(replace(home, holder_id_number=number(503)))


def test_a_number_is_asked_about_in_its_canonical_form(db: None) -> None:
    asked = person(501)
    assert replace(asked, id_number=f" {asked.id_number.lower()} ") == asked
    assert replace(asked, id_number=asked.id_number[:6] + asked.id_number[8:17]) == asked


@pytest.mark.covers("SH-027.4")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"),
        ({"id_number": "339901198613070016"}, "id_number"),
        ({"id_number": "33990119860307001"}, "id_number"),
        ({"id_type": "library_card"}, "id_number"),
    ],
)
def test_an_ill_formed_query_is_never_sent(sandbox: Sandbox, change: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        PublicHousingCheck().call(replace(person(1), **change))
    assert refused.value.errors[0].path == field
    assert sandbox.calls("public_housing") == []


@pytest.mark.covers("SH-026.2", "SH-027.4")
def test_nothing_personal_can_be_read_on_the_wire(wiretap: list[bytes]) -> None:
    asked, home = insured(1), person(601)
    answer = SocialInsuranceCheck().call(asked)
    (held,) = PublicHousingCheck().call(home).records
    traffic = b"\n".join(wiretap)
    assert len(wiretap) == 8
    for secret in (asked.name, asked.id_number, answer.records[0].employer, home.id_number, held.address):
        assert secret.encode() not in traffic
        assert secret.encode("unicode_escape") not in traffic


@pytest.mark.parametrize("check", [RealEstateCheck, PublicHousingCheck, ResettlementCheck])
def test_a_record_of_wrong_shape_spoils_this_answer_and_no_other(
    sandbox: Sandbox, check: type[HousingCheck], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "tries", 1)
    asked = person(1)
    home: dict[str, Any] = {
        "kind": "owned", "division": "339901", "address": "望江路8号", "floor_area": "88.00", "living_area": None,
        "share": "1", "certificate_number": "1", "registered_on": "2015-01-01", "ended_on": None,
    }  # fmt: skip
    for damage in (
        {"floor_area": "-3"}, {"floor_area": "NaN"}, {"share": "1.5"}, {"share": "0"}, {"kind": "castle"},
        {"registered_on": ""}, {"ended_on": "gestern"}, {"address": ""}, {"address": 5},
    ):  # fmt: skip
        sandbox.person(asked.id_number, records={check.key: [{**home, **damage}]})
        with pytest.raises(ConnectorGarbage, match=r"records\.0"):
            check().call(asked)
    assert check().call(person(2)).records == ()


# ---- marriage


@pytest.mark.parametrize(
    ("serial", "state"), [(1, "single"), (31, "married"), (71, "divorced"), (81, "widowed"), (91, "single")]
)
def test_the_marital_state_follows_the_latest_registration(sandbox: Sandbox, serial: int, state: str) -> None:
    asked = married(serial)
    answer = MarriageCheck().call(asked)
    assert answer.state(asked) == state
    assert answer.spouse_confirmed is None


@pytest.mark.parametrize(("spouse", "confirmed"), [(32, True), (42, False), (2, False)])
def test_the_registry_confirms_or_denies_a_couple(sandbox: Sandbox, spouse: int, confirmed: bool) -> None:
    assert MarriageCheck().call(married(31, spouse)).spouse_confirmed is confirmed


def test_children_are_not_married_and_own_nothing(sandbox: Sandbox) -> None:
    child = person(531, born=date(2015, 3, 7))
    assert RealEstateCheck().call(child).records == ()
    asked = MarriageQuery(name=child.name, id_type=child.id_type, id_number=child.id_number, as_of=ON)
    assert MarriageCheck().call(asked).state(asked) == "single"


@pytest.mark.covers("SH-026.4")
def test_marriage_data_come_only_with_permission(sandbox: Sandbox) -> None:
    asked = married(31)
    sandbox.behave("marriage", "denied", times=1)
    with pytest.raises(ConnectorRefused, match="未对你方开放"):
        MarriageCheck().call(asked)
    assert MarriageCheck().call(asked).state(asked) == "married"


def test_a_spouse_is_asked_about_by_name_and_number(sandbox: Sandbox) -> None:
    with pytest.raises(Invalid):
        MarriageCheck().call(replace(married(31), spouse_name="林晓梅"))


def test_another_persons_registration_is_not_the_applicants(sandbox: Sandbox) -> None:
    asked = married(31)
    sandbox.person(asked.id_number, name="陈卫国")
    assert MarriageCheck().call(asked).state(asked) == "single"


# ---- social insurance


@pytest.mark.covers("SH-026.1")
@pytest.mark.parametrize(("serial", "months"), [(1, 12), (2, 12), (6, 12), (8, 0)])
def test_payments_come_month_by_month(sandbox: Sandbox, serial: int, months: int) -> None:
    asked = insured(serial)
    answer = SocialInsuranceCheck().call(asked)
    assert len(answer.months_paid(asked)) == months
    assert answer.unbroken_months(asked) == months
    assert (answer.from_month, answer.to_month) == ("2025-11", "2026-10")


def test_a_gap_is_a_gap_and_made_up_is_marked(sandbox: Sandbox) -> None:
    gap, made_up = insured(4), insured(6)
    paid = SocialInsuranceCheck().call(gap).months_paid(gap)
    assert 10 <= len(paid) < 12
    assert SocialInsuranceCheck().call(gap).unbroken_months(gap) < len(paid)
    states = {one.state for one in SocialInsuranceCheck().call(made_up).matching(made_up)}
    assert states == {"paid", "made_up"}


def test_a_doubled_month_counts_once_and_an_owed_one_not(sandbox: Sandbox) -> None:
    asked = insured(1)
    paid = {"month": "2026-10", "employer": "澜州银行", "base": "5000.00", "state": "paid"}
    records = [paid, {**paid, "employer": "另一家"}, {**paid, "month": "2026-09", "state": "owed"}]
    sandbox.person(asked.id_number, records={"social_insurance": records})
    answer = SocialInsuranceCheck().call(asked)
    assert answer.months_paid(asked) == ("2026-10",)
    assert answer.unbroken_months(asked) == 1


@pytest.mark.parametrize(("first", "last"), [("2025-13", "2026-10"), ("2026-10", "2025-11"), ("", "2026-10")])
def test_impossible_months_are_not_sent(sandbox: Sandbox, first: str, last: str) -> None:
    with pytest.raises(Invalid):
        SocialInsuranceCheck().call(insured(1, first, last))
    assert sandbox.calls("social_insurance") == []


# ---- the case store


def pre_check(serial: int, item: str = "3399-GZ-01", born: date = BORN) -> PreCheckQuery:
    base = person(serial, born=born)
    return PreCheckQuery(
        name=base.name, id_type=base.id_type, id_number=base.id_number, as_of=ON, item_code=item
    )  # fmt: skip


def test_the_pre_check_passes_or_says_why_not(sandbox: Sandbox) -> None:
    assert CaseStorePreCheck().call(pre_check(1)).passed
    refused = CaseStorePreCheck().call(pre_check(1, born=date(2015, 3, 7)))
    assert not refused.passed
    assert refused.problems[0].message == "申请人未满 18 周岁"
    with pytest.raises(ConnectorRefused, match="没有这个办事事项"):
        CaseStorePreCheck().call(pre_check(1, item="none"))


def test_a_state_pushed_twice_is_there_once(sandbox: Sandbox) -> None:
    state = CaseState(
        push_id="case-12-5", case_number="GZ3399012026000318", item_code="3399-GZ-01", state="refused",
        state_title="不予受理", at=datetime(2026, 11, 20, 2, tzinfo=UTC), reason="家庭人均住房面积超过规定的标准",
    )  # fmt: skip
    assert CaseStorePush().call(state).first
    assert not CaseStorePush().call(state).first
    (pushed,) = sandbox.received()["pushed"]
    assert pushed["content"]["reason"] == "家庭人均住房面积超过规定的标准"
    assert pushed["content"]["at"] == "2026-11-20T02:00:00Z"


def test_pending_cases_are_handed_out_until_they_are_collected(sandbox: Sandbox) -> None:
    for n in (1, 2, 3):
        sandbox.tell(
            "/control/pending",
            {
                "number": f"ZW{n}", "item_code": "3399-GZ-01", "channel": "one_stop_app",
                "content": {"applicant": {"name": "陈建国"}},
            },
        )  # fmt: skip
    first = CaseStorePending().call(PendingQuery(limit=2)).cases
    assert [case.number for case in first] == ["ZW1", "ZW2"]
    assert first[0].content == {"applicant": {"name": "陈建国"}}
    rest = CaseStorePending().call(PendingQuery(collected=("ZW1", "ZW2"))).cases
    assert [case.number for case in rest] == ["ZW3"]
