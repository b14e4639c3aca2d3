"""Operations on contract templates and their versions, and the supplementary filing notice."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from ninja import File, Form, UploadedFile

from anju.kernel import clock
from anju.kernel.documents.word import LARGEST
from anju.kernel.files import file_answer
from anju.kernel.http import Empty, Request
from anju.tenancy.api import OccupantBody, desk_json, routes
from anju.tenancy.occupants import OccupantInput
from anju.tenancy.papers import printing, starter, templates
from anju.tenancy.papers.models import PaperTemplate, TemplateVersion
from anju.tenancy.papers.print_rights import PRINT
from anju.tenancy.papers.wording import described

VIEW, CHANGE = templates.VIEW, templates.CHANGE


def version_json(version: TemplateVersion, today: TemplateVersion | None) -> dict[str, Any]:
    """A version as the page lists it; `state` says whether it holds today."""
    if version.withdrawn_at is not None:
        state = "withdrawn"
    elif version.valid_from > clock.today():
        state = "coming"
    else:
        state = "holds" if today is not None and version.pk == today.pk else "past"
    return {
        "id": version.pk,
        "number": version.number,
        "state": state,
        "valid_from": version.valid_from,
        "note": version.note,
        "name": version.file.name,
        "size": version.file.size,
        "uploaded_by": version.uploaded_by,
        "uploaded_at": version.created_at,
        "withdrawn_at": version.withdrawn_at,
        "withdrawn_by": version.withdrawn_by,
    }


def template_json(template: PaperTemplate, request: Request) -> dict[str, Any]:
    """A template with its versions, newest first, and the fields that may stand in it."""
    today = templates.holding(template, clock.today())
    versions = TemplateVersion.objects.filter(template=template).select_related("file").order_by("-number")
    return {
        "id": template.pk,
        "name": template.name,
        "programme": template.programme,
        "estate": template.estate.name if template.estate else "",
        "active": template.active,
        "today": clock.today(),
        "versions": [version_json(each, today) for each in versions],
        "fields": described(),
        "can_change": request.actor.may(CHANGE),
    }


@routes.read("/tenancy/templates/starter", right=VIEW, scope="none", summary="下载起始模板")
def read_starter(request: Request) -> HttpResponse:
    """一份可直接上传的 Word 模板，含全部可用字段。"""
    return file_answer(starter.document(), name="租赁合同起始模板.docx", mime=templates.DOCX, download=True)


@routes.read("/tenancy/templates/{int:template_id}", right=VIEW, scope="org_path", summary="合同模板和版本")
def read_template(request: Request, template_id: int) -> dict[str, Any]:
    return template_json(templates.template_for(template_id, request.actor, VIEW), request)


@routes.act("/tenancy/templates/{int:template_id}/versions", right=CHANGE, scope="org_path", summary="上传模板版本")
def upload(
    request: Request, template_id: int, file: File[UploadedFile], valid_from: Form[date], note: Form[str] = ""
) -> dict[str, Any]:
    """上传 .docx；未知字段、缺少签署栏、图片等逐处列出，全部通过并试排成功才保存。"""
    templates.upload(
        template_id=template_id, content=file.read(LARGEST + 1), name=file.name or "合同模板.docx",
        valid_from=valid_from, note=note[:200], actor=request.actor,
    )  # fmt: skip
    return template_json(templates.template_for(template_id, request.actor, CHANGE), request)


@routes.act(
    "/tenancy/template-versions/{int:version_id}/withdraw", right=CHANGE, scope="org_path", summary="停用模板版本"
)
def withdraw(request: Request, version_id: int, body: Empty) -> dict[str, Any]:
    """停用后，此前的版本重新生效；已生成的合同不变。"""
    return template_json(templates.withdraw(version_id=version_id, actor=request.actor).template, request)


@routes.read("/tenancy/template-versions/{int:version_id}/preview", right=VIEW, scope="org_path", summary="预览模板")
def preview(request: Request, version_id: int) -> HttpResponse:
    """填入虚构内容、带“样张”底纹的 PDF。"""
    version = templates.version_for(version_id, request.actor, VIEW)
    return file_answer(templates.preview(version), name=f"{version.template.name} 样张.pdf", mime="application/pdf")


@routes.read("/tenancy/template-versions/{int:version_id}/file", right=VIEW, scope="org_path", summary="下载模板")
def download(request: Request, version_id: int) -> HttpResponse:
    """原样下载上传的文件。"""
    version = templates.version_for(version_id, request.actor, VIEW)
    return file_answer(templates.original(version), name=version.file.name, mime=templates.DOCX, download=True)


@routes.act(
    "/tenancy/contracts/{int:contract_id}/move-in", right=PRINT, scope="org_path",
    summary="单位合同新增同住人并补打备案通知书",
)  # fmt: skip
def move_in(request: Request, contract_id: int, body: OccupantBody) -> dict[str, Any]:
    person = OccupantInput(body.kind, body.name, body.document_number, body.phone, body.relation)
    contract = printing.move_in(contract_id=contract_id, occupant=person, actor=request.actor)
    return desk_json(contract, request.actor)
