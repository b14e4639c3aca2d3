"""Operations on cases: lists, the page, claiming, acting, returning, supplements, checks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ninja import File, Form, Schema, UploadedFile
from pydantic import Field

from anju.kernel import audit
from anju.kernel.cases import checks, filing_api, materials, services, supplements
from anju.kernel.cases.countdown import countdown
from anju.kernel.cases.lists import open_counts, todo, trend
from anju.kernel.cases.models import Case
from anju.kernel.cases.page import REVEAL, check_json, page
from anju.kernel.cases.revealing import reveal_value
from anju.kernel.cases.seeing import visible
from anju.kernel.cases.services import MaterialInput
from anju.kernel.cases.types import case_type, find_colleague
from anju.kernel.errors import NotFound
from anju.kernel.files import check_material, store
from anju.kernel.http import STAFF, Empty, Request, Routes
from anju.kernel.scope import Actor

cases = Routes("/cases", title="案件")
routes = [cases, filing_api.routes]


class TaskRef(Schema):
    """A task of the case's process."""

    task_id: int = Field(ge=1, le=2**62)


class ActBody(TaskRef):
    """A step: the outcome, and what was written for it."""

    version: int = Field(ge=1, le=2**31)
    outcome: str = Field(max_length=40)
    opinion: str = Field("", max_length=500)
    reason_type: str = Field("", max_length=60)
    reason: str = Field("", max_length=500)
    data: dict[str, Any] = Field(default_factory=dict)
    inform: bool = False


class ReturnBody(TaskRef):
    """A return to an earlier step."""

    version: int = Field(ge=1, le=2**31)
    node: str = Field(max_length=60)
    reason: str = Field(max_length=500)


class SupplementItemBody(Schema):
    """One missing paper."""

    klass: str = Field(max_length=40)
    note: str = Field("", max_length=200)


class SupplementBody(TaskRef):
    """A request for supplements."""

    version: int = Field(ge=1, le=2**31)
    items: list[SupplementItemBody] = Field(max_length=20)
    note: str = Field("", max_length=500)
    days: int = Field(5, ge=1, le=60)


class FinishBody(TaskRef):
    """The end of a request for supplements; a reason where papers are still missing."""

    reason: str = Field("", max_length=300)


class RemoveBody(Schema):
    """Why a material is taken out."""

    reason: str = Field(max_length=200)


class RevealBody(Schema):
    """Which masked value is to be seen whole, and why."""

    path: str = Field(max_length=200)
    reason: str = Field(max_length=100)


class DecideBody(Schema):
    """The clerk's verdict on a check."""

    passed: bool
    note: str = Field("", max_length=500)


class ReassignBody(TaskRef):
    """To whom a task is given."""

    account: str = Field(max_length=60)


def take_file(case: Case, file: UploadedFile, actor: Actor, otherwise: str) -> MaterialInput:
    """Checks and keeps a handed-in file; the class is the caller's to set."""
    content, mime = check_material(file.read())
    stored = store(content, name=file.name or otherwise, mime=mime, actor=actor, purpose="material", owner=case.subject)
    return MaterialInput("other", stored.pk, stored.name, mime)


@cases.read("/todo", right=STAFF, scope="org_path", summary="待办、可领取、已办、逾期")
def todo_list(
    request: Request, view: str = "todo", node: str = "", q: str = "", cursor: str = "", limit: int = 50
) -> dict[str, Any]:
    return todo(request.actor, view=view, node=node, q=q, cursor=cursor, limit=limit)


@cases.read("/summary", right=STAFF, scope="org_path", summary="工作台数字")
def summary(request: Request) -> dict[str, Any]:
    nodes = open_counts(request.actor)
    days = trend(request.actor)
    waiting, late = sum(n["count"] for n in nodes), sum(n["late"] for n in nodes)
    return {
        "cards": [
            {
                "key": "arrived",
                "title": "今日新受理",
                "value": days[-1]["arrived"],
                "unit": "件",
                "note": "",
                "tone": "",
            },
            {"key": "waiting", "title": "待我办理", "value": waiting, "unit": "件", "note": "含可领取", "tone": ""},
            {"key": "late", "title": "已逾期", "value": late, "unit": "件", "note": "", "tone": "bad" if late else ""},
            {"key": "closed", "title": "今日办结", "value": days[-1]["closed"], "unit": "件", "note": "", "tone": ""},
        ],
        "nodes": nodes,
        "trend": days,
    }


@cases.read("/countdown", right=STAFF, scope="org_path", summary="办理期限倒计时")
def countdown_list(request: Request, bucket: str = "", cursor: str = "", limit: int = 50) -> dict[str, Any]:
    return countdown(request.actor, bucket=bucket, cursor=cursor, limit=limit)


@cases.read("/{int:case_id}", right=STAFF, scope="org_path", summary="案件详情", atomic=True)
def read_case(request: Request, case_id: int) -> dict[str, Any]:
    case = visible(case_id, request.actor)
    audit.record("read_personal", actor=request.actor, subject=case.subject, title=f"查看案件 {case.number}")
    return page(case, request.actor)


@cases.act("/{int:case_id}/reveal", right=REVEAL, scope="org_path", summary="查看遮盖内容")
def reveal(request: Request, case_id: int, body: RevealBody) -> dict[str, str]:
    return {"value": reveal_value(visible(case_id, request.actor), body.path, body.reason, request.actor)}


@cases.act("/{int:case_id}/claim", right=STAFF, scope="org_path", summary="签收")
def claim(request: Request, case_id: int, body: TaskRef) -> dict[str, Any]:
    return page(services.claim(case_id=case_id, task_id=body.task_id, actor=request.actor), request.actor)


@cases.act("/{int:case_id}/release", right=STAFF, scope="org_path", summary="退回待办箱")
def release(request: Request, case_id: int, body: TaskRef) -> dict[str, Any]:
    return page(services.release(case_id=case_id, task_id=body.task_id, actor=request.actor), request.actor)


@cases.act("/{int:case_id}/act", right=STAFF, scope="org_path", summary="办理一步")
def act(request: Request, case_id: int, body: ActBody) -> dict[str, Any]:
    case = services.act(
        case_id=case_id, task_id=body.task_id, version=body.version, outcome=body.outcome, opinion=body.opinion,
        reason_type=body.reason_type, reason=body.reason, data=body.data, actor=request.actor,
        inform=body.inform,
    )  # fmt: skip
    return {"id": case.pk, "version": case.version, "node_title": case.node_title, "state": case.state}


@cases.act("/{int:case_id}/return", right=STAFF, scope="org_path", summary="退回到之前的环节")
def send_back(request: Request, case_id: int, body: ReturnBody) -> dict[str, Any]:
    case = services.send_back(
        case_id=case_id, task_id=body.task_id, version=body.version, node=body.node, reason=body.reason,
        actor=request.actor,
    )  # fmt: skip
    return {"id": case.pk, "version": case.version, "node_title": case.node_title, "state": case.state}


@cases.act("/{int:case_id}/reassign", right="cases.reassign", scope="org_path", summary="转办")
def reassign(request: Request, case_id: int, body: ReassignBody) -> dict[str, Any]:
    to = find_colleague(body.account)
    if to is None:
        raise NotFound("没有这个账号", code="account.unknown", field="account")
    services.reassign(case_id=case_id, task_id=body.task_id, to=to, actor=request.actor)
    return page(visible(case_id, request.actor), request.actor)


@cases.act("/{int:case_id}/supplement", right=STAFF, scope="org_path", summary="通知补件")
def ask_supplement(request: Request, case_id: int, body: SupplementBody) -> dict[str, Any]:
    supplements.ask_supplement(
        case_id=case_id, task_id=body.task_id, version=body.version, items=[i.dict() for i in body.items],
        note=body.note, days=body.days, actor=request.actor,
    )  # fmt: skip
    return page(visible(case_id, request.actor), request.actor)


@cases.act("/{int:case_id}/supplements/{int:item_id}", right=STAFF, scope="org_path", summary="窗口收到的补件")
def put_supplement(
    request: Request, case_id: int, item_id: int, task_id: Form[int], file: File[UploadedFile]
) -> dict[str, Any]:
    case = services.lock(case_id, request.actor)
    services.may_handle(case, services.task_of(case, task_id), request.actor)
    item = supplements.open_item(case, item_id)
    supplements.put_supplement_file(item=item, material=take_file(case, file, request.actor, "补件"))
    services.write(case, request.actor, "窗口收件", case_type(case.type_key).material_title(item.klass))
    return page(case, request.actor)


@cases.act("/{int:case_id}/supplement/finish", right=STAFF, scope="org_path", summary="结束补件")
def finish_supplement(request: Request, case_id: int, body: FinishBody) -> dict[str, Any]:
    case = supplements.finish_supplement(case_id=case_id, task_id=body.task_id, reason=body.reason, actor=request.actor)
    return page(case, request.actor)


@cases.act("/{int:case_id}/materials", right=STAFF, scope="org_path", summary="窗口补传材料")
def add_material(
    request: Request, case_id: int, klass: Form[str], file: File[UploadedFile], note: Form[str] = ""
) -> dict[str, Any]:
    case = services.lock(case_id, request.actor)
    services.handles(case, request.actor)
    kind = case_type(case.type_key)
    if klass not in {each.key for each in kind.materials}:
        raise NotFound("没有这类材料", code="klass.unknown")
    material = replace(take_file(case, file, request.actor, "material"), klass=klass)
    services.add_material(case, material, request.actor, note=note[:200])
    services.write(case, request.actor, "补传材料", kind.material_title(klass), tone="ok")
    return page(case, request.actor)


@cases.act("/{int:case_id}/materials/{int:material_id}/replace", right=STAFF, scope="org_path", summary="替换材料")
def replace_material(
    request: Request, case_id: int, material_id: int, file: File[UploadedFile], note: Form[str] = ""
) -> dict[str, Any]:
    case = services.lock(case_id, request.actor)
    material = take_file(case, file, request.actor, "material")
    materials.replace(case, material_id, material, request.actor, note=note[:200])
    return page(case, request.actor)


@cases.act("/{int:case_id}/materials/{int:material_id}/remove", right=STAFF, scope="org_path", summary="移除材料")
def remove_material(request: Request, case_id: int, material_id: int, body: RemoveBody) -> dict[str, Any]:
    case = services.lock(case_id, request.actor)
    materials.remove(case, material_id, body.reason, request.actor)
    return page(case, request.actor)


@cases.act("/{int:case_id}/checks/{int:check_id}/retry", right="cases.check", scope="org_path", summary="重新核查")
def retry_check(request: Request, case_id: int, check_id: int, body: Empty) -> dict[str, Any]:
    return check_json(checks.retry(case_id=case_id, check_id=check_id, actor=request.actor, right="cases.check"))


@cases.act("/{int:case_id}/checks/{int:check_id}/manual", right="cases.check", scope="org_path", summary="人工录入核查")
def record_check(
    request: Request, case_id: int, check_id: int, matched: Form[bool], finding: Form[str], proof: File[UploadedFile]
) -> dict[str, Any]:
    material = take_file(services.lock(case_id, request.actor, "cases.check"), proof, request.actor, "proof")
    check = checks.record_manually(
        case_id=case_id, check_id=check_id, matched=matched, finding=finding, proof_id=material.file_id,
        actor=request.actor, right="cases.check",
    )  # fmt: skip
    services.add_material(check.case, material, request.actor, "核查证明")
    return check_json(check)


@cases.act("/{int:case_id}/checks/{int:check_id}/decide", right="cases.check", scope="org_path", summary="认定核查结果")
def decide_check(request: Request, case_id: int, check_id: int, body: DecideBody) -> dict[str, Any]:
    return check_json(
        checks.decide(
            case_id=case_id, check_id=check_id, passed=body.passed, note=body.note, actor=request.actor,
            right="cases.check",
        )
    )  # fmt: skip
