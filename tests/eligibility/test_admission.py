"""Admission: certificate, sheet, results told; deletion by the city; certificates and their days."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from anju.eligibility.certificates import last_day
from anju.eligibility.models import Certificate, DeletionRequest
from anju.eligibility.services import NoCertificate, certificate_by_number, certificate_of
from anju.kernel import clock
from anju.kernel.cases.models import Case
from anju.kernel.documents.models import Document
from anju.kernel.documents.services import ensure_rendered, verification
from anju.kernel.files import open_file
from tests.casework import Town, pushed
from tests.eligibility.test_acceptance import pdf_text
from tests.sandbox_fixture import Sandbox
from tests.support import FRIDAY, go_to, pass_days, run_jobs

ADMIT = {"conditions": "local", "priority_group": "disabled"}


def admitted(town: Town) -> Case:
    """A case closed as passed."""
    case = town.go(town.apply(), "admission")
    answer = town.act(case, "admit", data=ADMIT, opinion="符合准入条件")
    assert answer.status_code == 200, answer.content
    case.refresh_from_db()
    return case


@pytest.mark.covers("SH-045.1")
def test_admission_takes_condition_group_and_opinion_and_settles_the_qualification(town: Town) -> None:
    case = town.go(town.apply(), "admission")
    assert town.act(case, "admit", data={}).status_code == 422
    assert town.act(case, "admit", data={"conditions": "moon"}).status_code == 422
    assert town.act(case, "admit", data=ADMIT, opinion=" ").status_code == 422
    assert not Certificate.objects.exists()
    assert town.act(case, "admit", data=ADMIT, opinion="符合准入条件").status_code == 200
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("passed", "approved")
    certificate = Certificate.objects.get(case_id=case.pk)
    assert (certificate.conditions, certificate.priority_group) == ("local", "disabled")


@pytest.mark.covers("SH-045.3")
def test_the_result_is_pushed_to_subject_database_and_case_store_once(town: Town, sandbox: Sandbox) -> None:
    case = admitted(town)
    run_jobs()
    certificate = Certificate.objects.get(case_id=case.pk)
    (shared,) = [s["content"] for s in sandbox.received()["shared"]]
    assert shared["kind"] == "public_rental_review"
    assert (shared["content"]["case_number"], shared["content"]["result"]) == (case.number, "passed")
    assert shared["content"]["certificate"]["number"] == certificate.number
    assert pushed(sandbox, case)[-1]["state"] == "approved"


def test_a_refused_case_is_shared_with_its_reason_and_a_withdrawn_one_is_not(town: Town, sandbox: Sandbox) -> None:
    who = town.household()
    town.act(town.apply(who), "refuse", reason_type="income")
    town.apply(who)
    withdrawn = Case.objects.order_by("-pk")[0]
    who.api.post(f"/citizen/cases/{withdrawn.pk}/withdraw")
    run_jobs()
    (shared,) = [s["content"]["content"] for s in sandbox.received()["shared"]]
    assert (shared["result"], shared["reason_type"], shared["certificate"]) == ("refused", "income", None)
    assert pushed(sandbox, withdrawn)[-1]["state"] == "withdrawn"


@pytest.mark.covers("SH-045.4")
def test_the_sheet_names_the_handling_office_at_its_foot(town: Town) -> None:
    case = admitted(town)
    sheet = Document.objects.get(subject=f"case:{case.pk}", template="admission_sheet")
    assert sheet.organisation == "澜州安居住房租赁有限公司"
    text = pdf_text(town.staff("gaoyuan"), f"/api/documents/{sheet.pk}/file").replace(" ", "")
    foot = text[-400:]
    assert "澜州安居住房租赁有限公司" in foot
    for wanted in ("准入资格单", "本市户籍住房困难家庭", "残疾人家庭", "符合准入条件", "高远"):
        assert wanted in text, (wanted, text)


@pytest.mark.covers("SH-045.5")
def test_the_certificate_is_sealed_and_a_changed_one_is_found_out(town: Town) -> None:
    from anju.kernel.documents.sealing import sealer

    case = admitted(town)
    document = Certificate.objects.get(case_id=case.pk).document_id
    assert document is not None
    made = ensure_rendered(document)
    assert made.file is not None
    pdf = open_file(made.file.pk)
    report = sealer().verify(pdf)
    assert (report.sealed, report.intact) == (True, True)
    assert verification(made.verify_code)["seal"]["intact"]
    at = pdf.index(b"stream") + 12
    assert not sealer().verify(pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]).intact


@pytest.mark.covers("SH-046.1")
def test_number_and_validity_are_computed_and_the_paper_says_them(town: Town) -> None:
    case = admitted(town)
    certificate, today = Certificate.objects.get(case_id=case.pk), clock.today()
    assert certificate.valid_from == today
    assert certificate.valid_until == today.replace(year=today.year + 2) - timedelta(days=1)
    assert certificate.number == f"ZR339901{today.year}000001"
    assert certificate.document_id is not None
    made = ensure_rendered(certificate.document_id)
    assert made.file is not None
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(open_file(made.file.pk))).pages)
    text = text.replace(" ", "").replace("\n", "")
    for wanted in (certificate.number, case.household, "公共租赁住房准入资格证"):
        assert wanted in text


@pytest.mark.covers("SH-046.1")
@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 12, 1), date(2028, 11, 30)), (date(2026, 1, 1), date(2027, 12, 31)),
        (date(2028, 2, 29), date(2030, 2, 28)), (date(2026, 2, 28), date(2028, 2, 27)),
        (date(2026, 3, 1), date(2028, 2, 29)),
    ],
)  # fmt: skip
def test_two_years_end_on_the_day_before(start: date, end: date) -> None:
    assert last_day(start) == end


def test_a_certificate_holds_on_its_last_day_and_no_longer(town: Town) -> None:
    case = admitted(town)
    certificate = Certificate.objects.get(case_id=case.pk)
    go_to(certificate.valid_until)
    assert certificate_by_number(certificate.number).id == certificate.pk
    assert certificate_of(case.applicant_ref) is not None
    pass_days(1)
    assert certificate_of(case.applicant_ref) is None
    with pytest.raises(NoCertificate) as caught:
        certificate_by_number(certificate.number)
    assert caught.value.code == "certificate.expired"
    clerk = town.staff("fangting")
    assert clerk.get(f"/eligibility/certificates/{certificate.number}").json()["valid"] is False


@pytest.mark.covers("SH-046.3")
def test_certificate_data_can_be_asked_for_by_number_within_one_s_reach(town: Town) -> None:
    case = admitted(town)
    number = Certificate.objects.get(case_id=case.pk).number
    told = town.staff("fangting").get(f"/eligibility/certificates/{number}").json()
    assert (told["holder"], told["household_size"], told["valid"]) == (case.household, 1, True)
    assert "****" in told["document_number"]
    assert "****" in told["phone"]
    assert town.staff("fangting.np").get(f"/eligibility/certificates/{number}").status_code == 404
    assert town.staff("shenji").get(f"/eligibility/certificates/{number}").status_code == 403
    assert town.staff("fangting").get("/eligibility/certificates/ZR0").status_code == 404


def test_numbers_run_on_without_gap_when_a_step_fails(town: Town) -> None:
    go_to(FRIDAY)  # numbers begin anew each year, and two households take months
    admitted(town)
    second = town.go(town.apply(), "admission")
    assert town.act(second, "admit", data={"conditions": "moon"}).status_code == 422
    assert town.act(second, "admit", data=ADMIT).status_code == 200
    serials = [int(number[-6:]) for number in Certificate.objects.order_by("id").values_list("number", flat=True)]
    assert serials == [1, 2]


# ---- deletion


def ask(town: Town, case: Case, who: str = "zhoumin", reason: str = "重复提交，申请人要求删除") -> int:
    answer = town.staff(who).post(f"/eligibility/cases/{case.pk}/deletion", {"reason": reason})
    assert answer.status_code == 200, answer.content
    return int(answer.json()["id"])


@pytest.mark.covers("SH-045.7")
def test_nothing_is_deleted_until_the_city_has_agreed(town: Town) -> None:
    case = town.go(town.apply(), "first_review")
    town.take(case)
    short = town.staff("zhoumin").post(f"/eligibility/cases/{case.pk}/deletion", {"reason": "删"})
    assert short.status_code == 422
    request_id = ask(town, case)
    twice = town.staff("zhoumin").post(f"/eligibility/cases/{case.pk}/deletion", {"reason": "重复提交，要求删除"})
    assert (twice.status_code, twice.json()["code"]) == (409, "deletion.open_exists")
    for name in ("zhoumin", "shenliqun", "gaoyuan", "fangting"):
        early = town.staff(name).post(f"/eligibility/deletions/{request_id}/decide", {"approve": True})
        assert early.status_code == 403, name
    case.refresh_from_db()
    assert case.is_open
    assert town.staff("zhoumin").get(f"/cases/{case.pk}").json()["deletion"]["id"] == request_id
    refused = town.staff("helan").post(
        f"/eligibility/deletions/{request_id}/decide", {"approve": False, "note": "继续办"}
    )
    assert refused.json()["state"] == "refused"
    again = town.staff("helan").post(f"/eligibility/deletions/{request_id}/decide", {"approve": True})
    assert (again.status_code, again.json()["code"]) == (409, "deletion.decided")
    assert town.act(case).status_code == 200


@pytest.mark.covers("SH-045.8", "SH-045.9")
def test_deleted_it_leaves_every_main_page_and_stays_with_its_applicant(town: Town, sandbox: Sandbox) -> None:
    who = town.household()
    case = town.go(town.apply(who), "first_review")
    town.take(case)
    request_id = ask(town, case)
    done = town.staff("helan").post(f"/eligibility/deletions/{request_id}/decide", {"approve": True, "note": "同意"})
    assert done.json()["state"] == "approved"
    run_jobs()
    for name in ("fangting", "zhoumin", "gaoyuan", "helan"):
        api = town.staff(name)
        assert api.get(f"/cases/{case.pk}").status_code == 404
        for view in ("todo", "done", "mine", "claimable", "overdue"):
            assert api.get("/cases/todo", view=view).json()["rows"] == []
        assert api.get("/registers/cases.cases/rows").json()["rows"] == []
        assert api.get("/cases/countdown").json()["rows"] == []
    assert [(row["id"], row["state"]) for row in who.api.get("/citizen/cases").json()["rows"]] == [(case.pk, "deleted")]
    assert who.api.get(f"/citizen/cases/{case.pk}").json()["headline"] == "这份申请已终止"
    assert pushed(sandbox, case)[-1]["state"] == "deleted"
    assert town.apply(who).pk != case.pk
    kept = DeletionRequest.objects.get(pk=request_id)
    assert (kept.reason, kept.decided_by) == ("重复提交，申请人要求删除", town.actor("helan").ref)


def test_a_case_that_ended_meanwhile_is_not_deleted(town: Town) -> None:
    who = town.household()
    case = town.go(town.apply(who), "first_review")
    town.take(case)
    request_id = ask(town, case)
    who.api.post(f"/citizen/cases/{case.pk}/withdraw")
    late = town.staff("helan").post(f"/eligibility/deletions/{request_id}/decide", {"approve": True})
    assert (late.status_code, late.json()["code"]) == (409, "case.closed")
    case.refresh_from_db()
    assert case.state == "withdrawn"
    closed = town.staff("zhoumin").post(f"/eligibility/cases/{case.pk}/deletion", {"reason": "重复提交，要求删除"})
    assert closed.json()["code"] == "case.closed"


def test_deletion_outside_one_s_district_is_not_found(town: Town) -> None:
    case = town.go(town.apply(), "first_review")
    other = town.staff("zhoumin.np").post(f"/eligibility/cases/{case.pk}/deletion", {"reason": "重复提交，要求删除"})
    assert other.status_code == 404
    assert not DeletionRequest.objects.exists()
