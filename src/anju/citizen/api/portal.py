"""Questions of the one-stop portal about the person signed in there (SH-006.6, SH-007.6-8), and a resident's own.

The number of a document comes in the body: addresses are written into logs.
"""

from __future__ import annotations

from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from anju.citizen import portal
from anju.kernel.http import RESIDENT, Request, Routes

routes = Routes("/open/portal", title="开放服务：一网通办查询")
own = Routes("/citizen/latest-application", title="最新申请")


class Person(Schema):
    """The person for whom the portal asks."""

    document_type: Literal["id_card", "driving_licence", "passport", "hk_macao_permit"] = Field(
        "id_card", description="证件类型"
    )
    document_number: str = Field(min_length=1, max_length=40, description="证件号码")

    def asked(self) -> dict[str, str]:
        return {"document_type": self.document_type, "number": self.document_number}


@routes.act(
    "/cases/lookup", right=portal.RIGHT, scope="org_path", summary="申请案件摘要", operation_id="open_portal_cases"
)
def look_up_cases(request: Request, body: Person) -> dict[str, Any]:
    return {"rows": portal.summaries(actor=request.actor, **body.asked())}


@routes.act(
    "/waiting/lookup", right=portal.RIGHT, scope="org_path", summary="当前轮候信息", operation_id="open_portal_waiting"
)
def look_up_waiting(request: Request, body: Person) -> dict[str, Any]:
    return {"rows": portal.waiting(actor=request.actor, **body.asked())}


@routes.act(
    "/latest/lookup", right=portal.RIGHT, scope="org_path", summary="最新申请信息", operation_id="open_portal_latest"
)
def look_up_latest(request: Request, body: Person) -> dict[str, Any]:
    return {"application": portal.latest(actor=request.actor, **body.asked())}


@own.read("", right=RESIDENT, scope="self", summary="我的最新申请")
def my_latest(request: Request) -> dict[str, Any]:
    return {"application": portal.own_latest(request.actor)}
