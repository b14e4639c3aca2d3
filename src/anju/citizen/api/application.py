"""Operations of the application wizard: the draft, its materials, its check, its submission."""

from __future__ import annotations

from typing import Any

from ninja import File, Form, Schema, UploadedFile
from pydantic import Field

from anju.citizen import drafts, submission
from anju.citizen.accounts import resident_of
from anju.citizen.models import ApplicationDraft, DraftMaterial, Resident
from anju.eligibility.services import FORM, open_application_of
from anju.kernel.errors import FieldError
from anju.kernel.forms import load
from anju.kernel.http import RESIDENT, Request, Routes

routes = Routes("/citizen/application", title="申请草稿")


class PageBody(Schema):
    """A page as filled in, over the version that was read (0 for a page not saved yet)."""

    version: int = Field(ge=0, le=1_000_000)
    data: dict[str, Any]


class SubmitBody(Schema):
    """`key` is made by the page when it is opened; the same key never files twice."""

    key: str = Field(min_length=8, max_length=64)


def error_json(error: FieldError) -> dict[str, Any]:
    """One fault with the page it is on."""
    return {
        "page": error.path.split(".")[0],
        "field": error.path,
        "code": error.code,
        "message": error.message,
    }


def material_json(material: DraftMaterial) -> dict[str, Any]:
    """A file of the draft."""
    return {
        "id": material.pk,
        "klass": material.klass,
        "file_id": material.file_id,
        "name": material.name,
        "mime": material.mime,
        "size": material.size,
        "url": f"/api/files/{material.file_id}",
    }


def materials_json(draft: ApplicationDraft | None) -> dict[str, Any]:
    """The classes asked for, and the files held."""
    held = draft.materials.order_by("id") if draft else []
    return {
        "classes": [
            {"key": klass.key, "title": klass.title, "required": klass.required} for klass in drafts.material_classes()
        ],
        "items": [material_json(each) for each in held],
    }


def draft_json(resident: Resident, draft: ApplicationDraft) -> dict[str, Any]:
    """The draft with every page; one not saved yet has version 0."""
    saved = drafts.saved_pages(draft)
    data = drafts.contents(resident, saved)
    pages: dict[str, Any] = {
        page: saved[page].as_json() if page in saved else {"version": 0, "saved_at": None, "data": data.get(page, {})}
        for page in drafts.FILLED_PAGES
    }
    pages["materials"] = materials_json(draft)
    return {
        "id": draft.pk,
        "version": sum(each.version for each in saved.values()),
        "saved_at": draft.updated_at,
        "city": draft.city,
        "pages": pages,
        "done": drafts.done_pages(draft, drafts.all_errors(resident, draft)),
    }


@routes.read("", right=RESIDENT, scope="self", summary="我的申请草稿")
def read_application(request: Request) -> dict[str, Any]:
    resident = resident_of(request.actor)
    draft = drafts.draft_of(resident)
    case = open_application_of(resident.ref)
    refusal = drafts.may_start(resident)
    return {
        "draft": draft_json(resident, draft) if draft else None,
        "prefill": drafts.contents(resident, {}),
        "materials": materials_json(draft)["classes"],
        "schema": load(FORM).as_json(),
        "open_case": {"id": case.pk, "number": case.number, "title": case.title} if case else None,
        "can_start": refusal is None,
        "why_not": refusal.as_json() if refusal else None,
    }


@routes.put("/pages/{page}", right=RESIDENT, scope="self", summary="保存一页")
def save_page(request: Request, page: str, body: PageBody) -> dict[str, Any]:
    saved = drafts.save_page(resident_of(request.actor), page, body.version, body.data)
    errors = drafts.page_errors(page, saved.data)
    return {"version": saved.version, "saved_at": saved.saved_at, "errors": [error_json(each) for each in errors]}


@routes.act("/materials", right=RESIDENT, scope="self", summary="上传材料")
def add_material(
    request: Request,
    klass: Form[str],
    file: File[UploadedFile],
) -> dict[str, Any]:
    resident = resident_of(request.actor)
    return material_json(submission.add_material(resident, klass, file.name or "材料", file.read()))


@routes.remove("/materials/{int:material_id}", right=RESIDENT, scope="self", summary="移除材料")
def remove_material(request: Request, material_id: int) -> dict[str, Any]:
    resident = resident_of(request.actor)
    submission.remove_material(resident, material_id)
    return materials_json(drafts.draft_of(resident))


@routes.read("/check", right=RESIDENT, scope="self", summary="检查申请")
def check(request: Request) -> dict[str, Any]:
    resident = resident_of(request.actor)
    draft = drafts.draft_of(resident)
    errors = drafts.all_errors(resident, draft)
    return {
        "errors": [error_json(each) for each in errors],
        "done": drafts.done_pages(draft, errors),
        "ready": not errors and drafts.may_start(resident) is None,
    }


@routes.act("/submit", right=RESIDENT, scope="self", summary="提交申请")
def submit(request: Request, body: SubmitBody) -> dict[str, Any]:
    made = submission.submit(resident_of(request.actor), body.key)
    return {"case_id": made.case_id, "number": made.number}


@routes.remove("", right=RESIDENT, scope="self", summary="放弃草稿")
def discard(request: Request) -> dict[str, Any]:
    submission.discard(resident_of(request.actor))
    return {"draft": None}
