"""Contract templates of offices: uploading a version, which one holds, previewing it, writing a contract in its words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max, Q

from anju.kernel import audit, clock
from anju.kernel.documents.fields import check, fill
from anju.kernel.documents.models import Document
from anju.kernel.documents.services import typeset_values
from anju.kernel.documents.templates import template_path
from anju.kernel.documents.typesetting import typeset
from anju.kernel.documents.word import Problem, WordUnreadable, read_word
from anju.kernel.errors import DomainError, FieldError, Invalid, NotFound
from anju.kernel.files import open_file, store
from anju.kernel.http.json import dumps
from anju.kernel.scope import Actor, restrict
from anju.supply import services as supply
from anju.tenancy.papers.models import PaperTemplate, TemplateVersion
from anju.tenancy.papers.wording import KNOWN, SAMPLE, values_of

TEMPLATE = "office_contract"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PURPOSE = "contract_template"
VIEW, CHANGE = "tenancy.template.view", "tenancy.template.change"
PAGES_AT_MOST = 60


class TemplateWrong(WordUnreadable):
    """The file was read, but holds what a template must not, or names fields that there are not."""

    code, message = "template.wrong", "模板里有内容需要修改"
    advice = "请按列出的位置修改后重新上传"


def template_for(template_id: int, actor: Actor, right: str, *, locked: bool = False) -> PaperTemplate:
    """A template within the actor's reach. Raises `NotFound`."""
    rows = PaperTemplate.objects.select_for_update() if locked else PaperTemplate.objects.all()
    found = restrict(rows.filter(pk=template_id), actor, right).first()
    if found is None:
        raise NotFound("没有找到这份模板", code="template.none")
    return found


def version_for(version_id: int, actor: Actor, right: str) -> TemplateVersion:
    """A version of a template within the actor's reach. Raises `NotFound`."""
    found = TemplateVersion.objects.select_related("template", "file").filter(pk=version_id).first()
    if found is None:
        raise NotFound("没有找到这个版本", code="template.none")
    template_for(found.template_id, actor, right)
    return found


def read_template(content: bytes) -> list[dict[str, Any]]:
    """The blocks of an uploaded template. Raises `WordUnreadable`, or `TemplateWrong` with every place to mend."""
    reading = read_word(content)
    problems = reading.problems + check(reading.blocks, KNOWN)
    if problems:
        raise TemplateWrong(f"模板里有 {len(problems)} 处需要修改：{said(problems[0])}", problems)
    return reading.blocks


def said(problem: Problem) -> str:
    return f"{problem.place}，{problem.message}"


def upload(
    *, template_id: int, content: bytes, name: str, valid_from: date, note: str, actor: Actor
) -> TemplateVersion:
    """Adds a version that holds from a day, today or later; it was printed once on trial before it is kept."""
    template = template_for(template_id, actor, CHANGE, locked=True)
    if valid_from < clock.today():
        raise Invalid([FieldError("valid_from", "template.past", "启用日期不能早于今天")])
    blocks = read_template(content)
    trial(blocks)
    last = TemplateVersion.objects.filter(template=template).aggregate(last=Max("number"))["last"] or 0
    file = store(content, name=name, mime=DOCX, actor=actor, purpose=PURPOSE, owner=f"template:{template.pk}")
    version = TemplateVersion.objects.create(
        template=template, number=last + 1, file=file, blocks=blocks, valid_from=valid_from, note=note.strip(),
        uploaded_by=actor.name, created_by=actor.ref,
    )  # fmt: skip
    audit.record(
        "change",
        actor=actor,
        subject=f"template:{template.pk}",
        title=f"上传合同模板 {template.name} 第 {version.number} 版",
    )
    return version


def withdraw(*, version_id: int, actor: Actor) -> TemplateVersion:
    """Ends a version: from now on the one before it holds again; papers already made stay as they are."""
    found = version_for(version_id, actor, CHANGE)
    template_for(found.template_id, actor, CHANGE, locked=True)
    found.refresh_from_db()
    if found.withdrawn_at is not None:
        raise DomainError("这个版本已经停用", code="template.withdrawn", advice="请刷新后查看")
    found.withdrawn_at, found.withdrawn_by = clock.now(), actor.name
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "updated_at"])
    audit.record(
        "change", actor=actor, subject=f"template:{found.template_id}",
        title=f"停用合同模板 {found.template.name} 第 {found.number} 版",
    )  # fmt: skip
    return found


def holding(template: PaperTemplate, day: date) -> TemplateVersion | None:
    """The version of a template that holds on a day: the latest begun one, of several begun on a day the last."""
    versions = TemplateVersion.objects.filter(template=template, withdrawn_at__isnull=True, valid_from__lte=day)
    return versions.order_by("-valid_from", "-number").first()


def version_of_day(unit_id: int, day: date) -> TemplateVersion | None:
    """The version in which a contract about a unit is written on a day, or None: then the product's own text is used.

    The template for the unit's estate goes before that for its programme, and the nearer office's before one above it.
    """
    unit = supply.get_unit(unit_id)
    offices = above(unit.org_path)
    found = PaperTemplate.objects.filter(
        Q(estate_id=unit.estate_id) | Q(estate_id__isnull=True),
        active=True,
        programme=unit.programme,
        org_path__in=offices,
    )
    order = sorted(found, key=lambda each: (each.estate_id is None, -len(each.org_path)))
    return next((version for each in order if (version := holding(each, day)) is not None), None)


def above(path: str) -> list[str]:
    """The paths of an organisation and of all above it: `/1/4/` gives `/1/4/`, `/1/`."""
    ids = [part for part in path.split("/") if part]
    return [f"/{'/'.join(ids[:count])}/" for count in range(len(ids), 0, -1)]


def written(unit_id: int, day: date, paper: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Template key and data of a contract's text: the office's words of that day, or the product's own."""
    version = version_of_day(unit_id, day)
    if version is None:
        return "lease_contract", dict(paper)
    used = {"id": version.pk, "name": version.template.name, "number": version.number}
    return TEMPLATE, {**paper, "blocks": fill(version.blocks, values_of(paper), KNOWN), "template": used}


def preview(version: TemplateVersion) -> bytes:
    """The template as a PDF, filled with people who do not exist and marked as a specimen (SH-066.6)."""
    return trial(version.blocks)


def trial(blocks: list[dict[str, Any]]) -> bytes:
    """Prints blocks with invented values. Raises `TemplateWrong` where they cannot be printed."""
    data = {**SAMPLE, "blocks": fill(blocks, values_of(SAMPLE), KNOWN), "sample": True}
    sample = Document(
        title="租赁合同（样张）", organisation=SAMPLE["lessor"], verify_code="SAMPLE", issued_on=clock.today(), seal=False,
        content=dumps(data).decode(),
    )  # fmt: skip
    try:
        return typeset(template_path(TEMPLATE), **typeset_values(sample))
    except Exception as error:
        raise TemplateWrong("模板不能排版，请检查表格的合并单元格", [Problem("全文", str(error)[:200])]) from error


def original(version: TemplateVersion) -> bytes:
    """The file as it was uploaded."""
    return open_file(version.file_id)
