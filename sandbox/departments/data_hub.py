"""大数据中台: hands units, projects and advance notices on to 'I want to rent' (我要租房); what was told last is seen there."""

from __future__ import annotations

from typing import Any

from sandbox.departments.common import Operation, Refused, text
from sandbox.departments.unit_systems import operations
from sandbox.store import Store

KEY, TITLE, OFFICE = "data_hub", "房源推送（我要租房）", "澜州市大数据中心"


def scene(part: str) -> Operation:
    """Takes what is shown of one project or notice; one with a smaller revision than the one held is old."""

    def take(request: dict[str, Any], store: Store) -> dict[str, Any]:
        if not isinstance(request.get("revision"), int):
            raise Refused("bad_request", "参数不符：revision")
        taken = store.keep_unit(f"{KEY}.{part}", text(request, "code", 40), request["revision"], request)
        return {"taken": taken}

    return take


OPERATIONS: dict[str, Operation] = {
    **operations(KEY),
    "projects": scene("projects"),
    "notices": scene("notices"),
}
