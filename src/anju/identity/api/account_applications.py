"""Operations of account applications: for applicants, who have no account yet, and the flows for administrators."""

from __future__ import annotations

import re
from typing import Any, Literal

from ninja import File, Form, Schema, UploadedFile
from pydantic import Field

from anju.identity import account_applications as applications
from anju.identity import account_flows as flows
from anju.identity.account_applications import Wish
from anju.identity.handlers import roles as all_roles
from anju.identity.models import AccountClass, AccountFlow
from anju.identity.phone_codes import ACCOUNT, keeper
from anju.identity.sessions import address_of
from anju.kernel.errors import NotFound
from anju.kernel.http import PUBLIC, Request, Routes

routes = Routes("/identity", title="账号申请")
Klass = Literal["city", "district", "operator"]
NO_ROW = "none"


class Phone(Schema):
    """Where a code shall go."""

    phone: str = Field(max_length=20)


class Look(Phone):
    """Number, telephone and code of an application."""

    number: str = Field(max_length=40)
    code: str = Field(max_length=12)


class Correctable(Schema):
    """What an applicant may correct; roles separated by commas."""

    name: str = Field(max_length=60)
    username: str = Field(max_length=60)
    post: str = Field(max_length=60)
    roles: str = Field("", max_length=500)
    reason: str = Field("", max_length=300)


class Filled(Correctable):
    """The form as filled in, with the code and the page's own key of this submission."""

    klass: Klass
    organisation_id: int = Field(ge=1, le=2**62)
    id_number: str = Field(max_length=20)
    phone: str = Field(max_length=20)
    code: str = Field(max_length=12)
    key: str = Field(min_length=8, max_length=64)


class Again(Correctable):
    """A corrected form with the ticket got for it."""

    ticket: str = Field(max_length=200)


class StepBody(Schema):
    """One decision of a flow."""

    title: str = Field(max_length=40)
    level: str = Field(max_length=20)
    days: int = Field(ge=0, le=1000)


class FlowBody(Schema):
    """A flow, and the version that was read."""

    version: int = Field(ge=0, le=2**31 - 1)
    steps: list[StepBody] = Field(max_length=20)
    roles: list[str] = Field(max_length=50)


def role_keys(text: str) -> tuple[str, ...]:
    """The roles named in a form field."""
    return tuple(dict.fromkeys(part for part in re.split(r"[,\s]+", text) if part))


@routes.read("/applications/choices", right=PUBLIC, scope=NO_ROW, atomic=True, summary="可以申请的账号类别")
def choices(request: Request) -> list[dict[str, Any]]:
    titles = {entry.code: entry.title for entry in all_roles()}
    told = []
    for klass in AccountClass:
        flow = flows.current(klass)
        offered = [{"key": key, "title": titles[key]} for key in flow.roles if key in titles]
        told.append(
            {
                "key": str(klass), "title": klass.label, "roles": offered,
                "steps": [step["title"] for step in flow.steps],
            }
        )  # fmt: skip
    return told


@routes.read("/applications/units", right=PUBLIC, scope=NO_ROW, summary="可以选择的单位")
def units(request: Request, klass: Klass, q: str = "") -> list[dict[str, Any]]:
    return applications.units(klass, q)


@routes.act("/applications/codes", right=PUBLIC, scope=NO_ROW, summary="账号申请的短信验证码")
def ask_code(request: Request, body: Phone) -> dict[str, int]:
    return keeper().issue(body.phone, ACCOUNT, address_of(request))


@routes.act("/applications", right=PUBLIC, scope=NO_ROW, atomic=False, summary="提交账号申请")
def submit(request: Request, form: Form[Filled], file: File[UploadedFile | None] = None) -> dict[str, Any]:
    content, mime = applications.sealed_file(file.read() if file else None)
    wish = Wish(
        klass=form.klass, organisation_id=form.organisation_id, name=form.name, id_number=form.id_number,
        phone=form.phone, username=form.username, post=form.post, roles=role_keys(form.roles), reason=form.reason,
    )  # fmt: skip
    checked = applications.check(wish)
    keeper().use(checked.wish.phone, ACCOUNT, form.code)
    name = (file.name if file else "") or "单位盖章文件"
    made = applications.submit(checked, content, mime, name, key=form.key, address=address_of(request))
    return {"number": made.number}


@routes.act("/applications/progress", right=PUBLIC, scope=NO_ROW, atomic=False, summary="查询账号申请")
def progress(request: Request, body: Look) -> dict[str, Any]:
    keeper().use(body.phone, ACCOUNT, body.code)
    return applications.shown(applications.find_own(body.number, body.phone))


@routes.act("/applications/{number}/correction", right=PUBLIC, scope=NO_ROW, summary="补正账号申请")
def correct(request: Request, number: str, form: Form[Again], file: File[UploadedFile | None] = None) -> dict[str, Any]:
    values = {
        "name": form.name, "username": form.username, "post": form.post, "roles": role_keys(form.roles),
        "reason": form.reason,
    }  # fmt: skip
    content = file.read() if file else None
    name = (file.name if file else "") or "单位盖章文件"
    made = applications.resubmit(number, form.ticket, values, content, name, address=address_of(request))
    return applications.shown(made)


def flow_json(klass: str) -> dict[str, Any]:
    """A class's flow with its earlier versions."""
    flow = flows.current(klass)
    earlier = AccountFlow.objects.filter(klass=klass).order_by("-version")[:20]
    return {
        "key": klass, "title": AccountClass(klass).label, "version": flow.version, "steps": flow.steps,
        "roles": flow.roles,
        "process": {"key": flows.process_of(klass), "version": flow.process_version},
        "versions": [
            {
                "version": each.version, "steps": each.steps, "made_at": each.made_at, "made_name": each.made_name,
                "process_version": each.process_version,
            }
            for each in earlier
        ],
    }  # fmt: skip


@routes.read("/application-flows", right="identity.flow.view", scope=NO_ROW, atomic=True, summary="账号审批流程")
def show_flows(request: Request) -> dict[str, Any]:
    return {
        "flows": [flow_json(klass) for klass in AccountClass.values],
        "levels": [{"key": key, "title": title} for key, (title, _) in flows.LEVELS.items()],
        "roles": [{"key": entry.code, "title": entry.title} for entry in all_roles()],
    }


@routes.put("/application-flows/{key}", right="identity.flow.change", scope=NO_ROW, summary="发布账号审批流程")
def publish_flow(request: Request, key: str, body: FlowBody) -> dict[str, Any]:
    if key not in AccountClass.values:
        raise NotFound
    steps = [flows.Step(step.title.strip(), step.level, step.days) for step in body.steps]
    flows.publish(request.actor, key, body.version, steps, list(dict.fromkeys(body.roles)))
    return flow_json(key)
