"""Contract templates of offices: upload, check, preview, versions, the words of the day (SH-066.5, SH-066.6)."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from anju.kernel import clock
from anju.kernel.documents.models import Document
from anju.kernel.files.models import StoredFile
from anju.supply.models import Unit
from anju.tenancy.models import Contract, PaperTemplate, TemplateVersion
from tests.casework import Town
from tests.conftest import Api
from tests.support import go_to
from tests.tenancy.kit import Lease, draft, drafted, in_force, ready
from tests.tenancy.word_files import contract, document, package, paragraph, repacked, table

pytestmark = pytest.mark.django_db
SIGN = paragraph("{{签署栏}}")


@pytest.fixture
def desk(town: Town) -> Api:
    """The operator's supervisor, who keeps the templates."""
    return town.staff("liangchen")


def words(pdf: bytes) -> str:
    """What a PDF says, without the white space that typesetting adds."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def template(desk: Api, name: str = "江湾公租房合同", **more: Any) -> int:
    values = {"name": name, "programme": "public_rental", "active": True, **more}
    answer = desk.post("/registers/tenancy.templates/rows", {"values": values})
    assert answer.status_code == 200, answer.json()
    return int(answer.json()["id"])


def send(desk: Api, template_id: int, content: bytes, *, days: int = 0, name: str = "合同.docx", note: str = "") -> Any:
    file = SimpleUploadedFile(name, content)
    day = (clock.today() + timedelta(days=days)).isoformat()
    return desk.upload(f"/tenancy/templates/{template_id}/versions", {"file": file, "valid_from": day, "note": note})


def sent(desk: Api, template_id: int, content: bytes, **more: Any) -> dict[str, Any]:
    answer = send(desk, template_id, content, **more)
    assert answer.status_code == 200, answer.json()
    return dict(answer.json())


def problems(answer: Any) -> list[str]:
    """The places of a refused template, in words; nothing was kept of it."""
    assert answer.status_code == 422, answer.json()
    assert not TemplateVersion.objects.exists()
    assert not StoredFile.objects.filter(purpose="contract_template").exists()
    return [f"{each['place']}：{each['message']}" for each in answer.json()["details"]["problems"]]


def text_of(contract_id: int) -> str:
    """The contract's paper as it stands."""
    from anju.kernel.documents.services import make_file

    document_id = Contract.objects.get(pk=contract_id).document_id
    return words(make_file(Document.objects.get(pk=document_id)))


@pytest.mark.covers("SH-066.6")
def test_a_template_is_uploaded_previewed_and_downloaded_as_it_was(desk: Api) -> None:
    begun = desk.get("/tenancy/templates/starter")
    assert begun.status_code == 200
    assert "attachment" in begun.headers["Content-Disposition"]
    found = sent(desk, template(desk), begun.content, name="江湾合同 2026.docx", note="首版")
    (version,) = found["versions"]
    assert (version["number"], version["state"], version["name"]) == (1, "holds", "江湾合同 2026.docx")
    shown = desk.get(f"/tenancy/template-versions/{version['id']}/preview")
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "application/pdf")
    assert shown.headers["Content-Disposition"].startswith("inline")
    said = words(shown.content)
    for expected in (
        "公共租赁住房租赁合同",
        "张样例",
        "李样例",
        "配偶",
        "2026年12月1日",
        "1196.00",
        "样张",
        "出租人（甲方）",
    ):
        assert expected in said, expected
    assert "{{" not in said
    back = desk.get(f"/tenancy/template-versions/{version['id']}/file")
    assert back.content == begun.content
    assert "attachment" in back.headers["Content-Disposition"]
    assert {field["name"] for field in found["fields"]} >= {"承租人", "居住使用人.姓名", "签署栏"}


@pytest.mark.covers("SH-066.6")
def test_unknown_fields_are_named_with_their_places_all_at_once(desk: Api) -> None:
    answer = send(
        desk, template(desk),
        package(
            paragraph("租赁合同") + paragraph("承租人：{{承租人姓名}}") + table([["面积", "{{面积}}"]], [1, 1])
            + paragraph("{% for x in y %}") + paragraph("租金 {{月租金")
        ),
    )  # fmt: skip
    assert answer.json()["code"] == "template.wrong"
    told = problems(answer)
    assert "第 2 段（“承租人：{{承租人姓名}…”）：没有“承租人姓名”这个字段，是不是“承租人”？" in told
    assert any(line.startswith("第 1 个表格第 1 行（“{{面积}}”）：没有“面积”这个字段") for line in told)
    assert any("是程序语句，不能使用" in line and line.startswith("第 3 段") for line in told)
    assert any("花括号不成对" in line and line.startswith("第 4 段") for line in told)
    assert any(line == "全文：缺少 {{签署栏}}，请在合适的位置单独写一段" for line in told)


@pytest.mark.parametrize(
    "attack",
    [
        "{{承租人.__class__.__mro__}}", "{{ ''.__class__ }}", "{{ read('/etc/passwd') }}", "{{7*7}}",
        "{% include '/etc/passwd' %}", "{# x #}", "{{ range(999999999) }}", "{{承租人|attr('x')}}",
    ],
)  # fmt: skip
def test_a_template_can_run_nothing(desk: Api, attack: str) -> None:
    assert problems(send(desk, template(desk), contract("甲方", attack)))


def test_words_that_look_like_commands_of_the_typesetter_stay_words(desk: Api) -> None:
    found = sent(desk, template(desk), contract('#read("/etc/passwd") #import "x" $x^2$ *星* \\pagebreak'))
    shown = desk.get(f"/tenancy/template-versions/{found['versions'][0]['id']}/preview")
    assert '#read("/etc/passwd")#import"x"$x^2$*星*' in words(shown.content)


def xml(body: str) -> bytes:
    return package(body + SIGN)


@pytest.mark.covers("SH-066.6")
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"PK\x03\x04 broken", "不是可用的 Word 文档"),
        (b"%PDF-1.7 " + b"x" * 2000, "不是可用的 Word 文档"),
        (repacked(contract("甲"), word__vbaProject_bin=b"x").replace(b"vbaProject_bin", b"vbaProject.bin"), "宏"),
        (repacked(contract("甲"), word__embeddings__a_bin=b"x"), "宏或嵌入的对象"),
        (
            repacked(
                contract("甲"),
                **{
                    "word___rels__document.xml.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/'
                    b'2006/relationships"><Relationship Id="r" Type="http://x/attachedTemplate" Target="http://x/t.dotm" '
                    b'TargetMode="External"/></Relationships>'
                },
            ),
            "外部的内容",
        ),
        (
            repacked(
                contract("甲"),
                **{"word__document.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'},
            ),
            "文档类型声明",
        ),
        (repacked(contract("甲"), word__big_xml=b"0" * (31 * 1024 * 1024)), "内容太多"),
        (b"PK\x03\x04" + b"0" * (3 * 1024 * 1024), "超过 3 MB"),
    ],
)
def test_files_that_are_none_or_dangerous_are_refused(desk: Api, content: bytes, expected: str) -> None:
    answer = send(desk, template(desk), content)
    assert expected in answer.json()["message"]
    problems(answer)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>第一条</w:t></w:r></w:p>', "自动编号"),
        ("<w:p><w:ins><w:r><w:t>增加</w:t></w:r></w:ins></w:p>", "修订"),
        ("<w:p><w:r><w:drawing/></w:r></w:p>", "图片或文本框"),
        ("<w:p><w:r><w:footnoteReference/></w:r></w:p>", "脚注"),
        ("<w:tbl><w:tr><w:tc><w:tbl/></w:tc></w:tr></w:tbl>", "表格里又有表格"),
    ],
)
def test_what_would_be_lost_is_refused_with_its_place(desk: Api, body: str, expected: str) -> None:
    (told,) = problems(send(desk, template(desk), xml(body)))
    assert expected in told
    assert told.startswith(("第 1 段", "第 1 个表格"))


def test_a_field_that_word_cut_into_pieces_is_one_field(desk: Api) -> None:
    runs = "".join(f"<w:r><w:t>{piece}</w:t></w:r>" for piece in ("承租人：{", "{承", "租人", "}} 先生"))
    found = sent(desk, template(desk), xml(f"<w:p>{runs}</w:p>"))
    shown = desk.get(f"/tenancy/template-versions/{found['versions'][0]['id']}/preview")
    assert "承租人：张样例先生" in words(shown.content)


@pytest.mark.covers("SH-066.5")
def test_a_contract_is_written_in_the_words_for_its_programme(town: Town, desk: Api) -> None:
    lease = ready(town)
    other = template(desk, "另一类", programme="low_rent")
    sent(desk, other, contract("廉租条款 {{承租人}}"))
    assert "廉租条款" not in text_of(in_force(lease)["id"])
    second = ready(town)
    sent(desk, template(desk), document())
    made = in_force(second)
    said = text_of(made["id"])
    person = Contract.objects.get(pk=made["id"])
    for expected in (person.tenant_name, person.tenant_number, person.number, "周建国", "父亲", "1128.00", "按月"):
        assert expected in said, (expected, said)
    assert "样张" not in said
    used = Document.objects.get(pk=person.document_id)
    assert used.template == "office_contract"
    assert used.data["template"] == {
        "id": TemplateVersion.objects.latest("id").pk,
        "name": "江湾公租房合同",
        "number": 1,
    }


@pytest.mark.covers("SH-066.5")
def test_the_template_of_the_estate_goes_before_that_of_the_programme(town: Town, desk: Api) -> None:
    lease = ready(town)
    unit = Unit.objects.get(pk=lease.unit.pk)
    sent(desk, template(desk), contract("全类条款"))
    assert "全类条款" in text_of(in_force(lease)["id"])
    here = ready(town)
    estate = Unit.objects.get(pk=here.unit.pk).estate_id
    sent(desk, template(desk, "小区合同", estate=estate), contract("小区条款"))
    assert "小区条款" in text_of(in_force(here)["id"])
    assert estate != unit.estate_id
    elsewhere = ready(town)
    assert "全类条款" in text_of(in_force(elsewhere)["id"])
    again = desk.post(
        "/registers/tenancy.templates/rows",
        {"values": {"name": "又一份", "programme": "public_rental", "active": True}},
    )
    assert (again.status_code, again.json()["code"]) == (409, "template.exists")


@pytest.mark.covers("SH-066.5")
def test_a_contract_is_printed_by_the_version_of_the_day_on_which_it_was_sent(town: Town, desk: Api) -> None:
    at = template(desk)
    sent(desk, at, contract("第一版条款"))
    found = sent(desk, at, contract("第二版条款"), days=10)
    assert [each["state"] for each in found["versions"]] == ["coming", "holds"]
    first, later = ready(town), ready(town)
    made = drafted(first)
    assert first.clerk.post(f"/tenancy/contracts/{made['id']}/send").status_code == 200
    assert "第一版条款" in text_of(made["id"])
    go_to(clock.today() + timedelta(days=10))
    states = desk.get(f"/tenancy/templates/{at}").json()["versions"]
    assert [each["state"] for each in states] == ["holds", "past"]
    assert "第二版条款" in text_of(in_force(later)["id"])
    signed = first.clerk.post(f"/tenancy/contracts/{made['id']}/sign-offline")
    assert signed.status_code == 200, signed.json()
    assert "第一版条款" in text_of(made["id"]), "the tenant signed what was sent"


def test_a_withdrawn_version_gives_way_to_the_one_before(town: Town, desk: Api) -> None:
    at = template(desk)
    sent(desk, at, contract("第一版条款"))
    found = sent(desk, at, contract("第二版条款"))
    newest = found["versions"][0]["id"]
    answer = desk.post(f"/tenancy/template-versions/{newest}/withdraw")
    assert [each["state"] for each in answer.json()["versions"]] == ["withdrawn", "holds"]
    assert "第一版条款" in text_of(in_force(ready(town))["id"])
    assert desk.post(f"/tenancy/template-versions/{newest}/withdraw").json()["code"] == "template.withdrawn"
    refused = desk.delete(f"/registers/tenancy.templates/rows/{at}", version=1)
    assert (refused.status_code, refused.json()["code"]) == (409, "template.in_use")


def test_a_version_is_never_rewritten(desk: Api) -> None:
    sent(desk, template(desk), contract("原样"))
    for change in ({"blocks": []}, {"valid_from": clock.today() + timedelta(days=1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TemplateVersion.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        TemplateVersion.objects.all().delete()


def test_a_version_cannot_begin_in_the_past(desk: Api) -> None:
    answer = send(desk, template(desk), contract("条款"), days=-1)
    assert (answer.status_code, answer.json()["details"]["errors"][0]["field"]) == (422, "valid_from")
    assert not TemplateVersion.objects.exists()


def test_another_offices_template_is_not_there(town: Town, desk: Api) -> None:
    at = template(desk)
    version = sent(desk, at, contract("条款"))["versions"][0]["id"]
    other = town.staff("fangting.np")
    stranger = town.staff("zhoumin")
    for who, status in ((other, 403), (stranger, 403)):
        assert who.get(f"/tenancy/templates/{at}").status_code == status
        assert who.get(f"/tenancy/template-versions/{version}/file").status_code == status
        assert send(who, at, contract("别人")).status_code == status
    assert PaperTemplate.objects.get().versions.count() == 1


def test_a_draft_in_the_offices_words_is_marked_as_one(town: Town, desk: Api) -> None:
    sent(desk, template(desk), contract("条款"))
    lease: Lease = ready(town)
    made = draft(lease).json()
    lease.clerk.post(f"/tenancy/contracts/{made['id']}/send")
    assert "草稿" in text_of(made["id"])
