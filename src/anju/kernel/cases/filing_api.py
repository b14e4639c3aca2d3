"""Operations on matters that offices file: drafts, fetching, filing, corrections, the print list."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import File, Form, Schema, UploadedFile
from pydantic import Field

from anju.kernel.cases import drafts, editing
from anju.kernel.cases.models import Case, CaseState, Draft
from anju.kernel.cases.page import TONES, fetch_json, page
from anju.kernel.cases.printing import preview_of_case, preview_of_draft, print_paper
from anju.kernel.cases.seeing import visible
from anju.kernel.cases.types import case_type
from anju.kernel.files.services import file_answer
from anju.kernel.forms import load, validate
from anju.kernel.http import STAFF, Empty, Request, Routes
from anju.kernel.scope import Actor

routes = Routes("/cases", title="填报")


class MatterDraftBody(Schema):
    """A new draft: of which kind, and what is filled in so far."""

    type: str = Field(max_length=60)
    data: dict[str, Any] = Field(default_factory=dict)


class MatterSaveBody(Schema):
    """What is filled in, over the version that was read."""

    version: int = Field(ge=1, le=2**31)
    data: dict[str, Any]


class FetchBody(Schema):
    """Which outside system is asked, and the conditions."""

    key: str = Field(max_length=40)
    asked: dict[str, str] = Field(default_factory=dict)


class CorrectionBody(Schema):
    """Corrected sections of the form at a task."""

    task_id: int = Field(ge=1, le=2**62)
    version: int = Field(ge=1, le=2**31)
    data: dict[str, Any]


class CaseFetchBody(FetchBody):
    """A question to an outside system at a task."""

    task_id: int = Field(ge=1, le=2**62)


def draft_json(draft: Draft) -> dict[str, Any]:
    """A draft as its page shows it."""
    return {
        "id": draft.pk, "version": draft.version, "type": draft.type_key, "title": draft.title, "data": draft.data,
        "materials": draft.materials, "saved_at": draft.saved_at,
    }  # fmt: skip


def filed_json(case: Case) -> dict[str, Any]:
    """A filed matter as its list shows it."""
    return {
        "id": case.pk, "number": case.number, "title": case.title, "type_title": case_type(case.type_key).title,
        "state_title": case.node_title or case.get_state_display(), "tone": TONES.get(case.state, "idle"),
        "submitted_at": case.submitted_at, "closed_at": case.closed_at,
    }  # fmt: skip


def filed_by(actor: Actor) -> list[Case]:
    """The matters that the actor filed, latest first."""
    filed = [kind.key for kind in drafts.filed_types(actor)]
    rows = Case.objects.filter(created_by=actor.ref, type_key__in=filed).exclude(state=CaseState.DELETED)
    return list(rows.defer("sealed_data", "phone").order_by("-submitted_at", "-id")[:200])


@routes.read("/matters", right="cases.matter.file", scope="self", summary="我的填报：可填事项、草稿、已提交")
def matters(request: Request) -> dict[str, Any]:
    kinds = drafts.filed_types(request.actor)
    return {
        "types": [
            {"key": kind.key, "title": kind.title, "subtitle": kind.filing.subtitle} for kind in kinds if kind.filing
        ],
        "drafts": [
            {
                "id": draft.pk, "type": draft.type_key, "type_title": case_type(draft.type_key).title,
                "title": draft.title, "saved_at": draft.saved_at,
            }
            for draft in drafts.drafts_of(request.actor)
        ],
        "filed": [filed_json(case) for case in filed_by(request.actor)],
    }  # fmt: skip


@routes.read("/matters/{type_key}", right=STAFF, scope="none", summary="一类填报事项")
def matter(request: Request, type_key: str) -> dict[str, Any]:
    kind, filing = drafts.fileable(type_key, request.actor)
    return {
        "key": kind.key,
        "title": kind.title,
        "subtitle": filing.subtitle,
        "schema": load(kind.form).as_json(),
        "materials": [{"klass": m.key, "title": m.title, "required": m.required} for m in kind.materials],
        "fetches": [fetch_json(each, request.actor) for each in kind.fetches if "" in each.at],
        "previews": [{"key": each.key, "title": each.title} for each in kind.papers if each.preview],
        "begins": drafts.with_own(kind, filing.begins(request.actor), request.actor),
        "fixed": filing.fixed(request.actor),
    }


@routes.act("/drafts", right=STAFF, scope="self", summary="新建草稿")
def begin_draft(request: Request, body: MatterDraftBody) -> dict[str, Any]:
    return draft_json(drafts.begin(body.type, body.data, request.actor))


@routes.read("/drafts/{int:draft_id}", right=STAFF, scope="self", summary="一份草稿")
def read_draft(request: Request, draft_id: int) -> dict[str, Any]:
    return draft_json(drafts.own_draft(draft_id, request.actor))


@routes.put("/drafts/{int:draft_id}", right=STAFF, scope="self", summary="保存草稿")
def save_draft(request: Request, draft_id: int, body: MatterSaveBody) -> dict[str, Any]:
    return draft_json(drafts.save(draft_id, body.version, body.data, request.actor))


@routes.remove("/drafts/{int:draft_id}", right=STAFF, scope="self", summary="删除草稿")
def discard_draft(request: Request, draft_id: int) -> dict[str, bool]:
    drafts.discard(draft_id, request.actor)
    return {"done": True}


@routes.act("/drafts/{int:draft_id}/materials", right=STAFF, scope="self", summary="上传草稿材料")
def add_draft_file(request: Request, draft_id: int, klass: Form[str], file: File[UploadedFile]) -> dict[str, Any]:
    name = file.name or "材料"
    return draft_json(drafts.add_file(draft_id, klass, name, file.read(), request.actor))


@routes.remove("/drafts/{int:draft_id}/materials/{int:file_id}", right=STAFF, scope="self", summary="移除草稿材料")
def remove_draft_file(request: Request, draft_id: int, file_id: int) -> dict[str, Any]:
    return draft_json(drafts.remove_file(draft_id, file_id, request.actor))


@routes.act("/drafts/{int:draft_id}/fetch", right=STAFF, scope="self", summary="从外部系统读取到草稿", atomic=False)
def fetch_draft(request: Request, draft_id: int, body: FetchBody) -> dict[str, Any]:
    return draft_json(drafts.fetch_into(draft_id, body.key, body.asked, request.actor))


@routes.act("/drafts/{int:draft_id}/file", right=STAFF, scope="self", summary="提交填报")
def file_draft(request: Request, draft_id: int, body: Empty) -> dict[str, Any]:
    case = drafts.file(draft_id, request.actor)
    return {"id": case.pk, "number": case.number}


@routes.act("/{int:case_id}/edit", right=STAFF, scope="org_path", summary="更正填报内容")
def edit_case(request: Request, case_id: int, body: CorrectionBody) -> dict[str, Any]:
    case = editing.edit(
        case_id=case_id, task_id=body.task_id, version=body.version, data=body.data, actor=request.actor
    )
    return page(case, request.actor)


@routes.act("/{int:case_id}/fetch", right=STAFF, scope="org_path", summary="读取外部系统的内容", atomic=False)
def fetch_case(request: Request, case_id: int, body: CaseFetchBody) -> dict[str, Any]:
    case = visible(case_id, request.actor)
    found = editing.proposed(case=case, task_id=body.task_id, key=body.key, asked=body.asked, actor=request.actor)
    return {"data": found}


@routes.act("/{int:case_id}/papers/{key}", right=STAFF, scope="org_path", summary="打印列表：出具文书")
def print_case_paper(request: Request, case_id: int, key: str, body: Empty) -> dict[str, Any]:
    return print_paper(visible(case_id, request.actor), key, request.actor)


@routes.read(
    "/drafts/{int:draft_id}/preview/{key}", right=STAFF, scope="self", summary="草稿的文书预览", response={200: bytes}
)
def preview_draft(request: Request, draft_id: int, key: str, download: bool = False) -> HttpResponse:
    draft = drafts.own_draft(draft_id, request.actor)
    kind = case_type(draft.type_key)
    clean, _ = validate(load(kind.form), draft.data, draft=True)
    content = preview_of_draft(kind, key, clean, request.actor)
    title = next(each.title for each in kind.papers if each.key == key)
    return file_answer(content, name=f"{title}（预览）.pdf", mime="application/pdf", download=download)


@routes.read(
    "/{int:case_id}/papers/{key}/preview", right=STAFF, scope="org_path", summary="文书预览", response={200: bytes}
)
def preview_case(request: Request, case_id: int, key: str) -> HttpResponse:
    case = visible(case_id, request.actor)
    content = preview_of_case(case, key, request.actor)
    return file_answer(content, name="预览.pdf", mime="application/pdf")
