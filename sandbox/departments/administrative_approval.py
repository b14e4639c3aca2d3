"""行政审批系统: the recognitions of assisted-housing projects, some of them with the faults that systems have.

Six a page at most in the order of their numbers: RD2026-0001 to 0010; 0003 lacks its developer, 0005 has no area, 0007 lies in
another city, 0009 is dated in the future. Others can be laid out in their place (/control/recognitions).
"""

from __future__ import annotations

from typing import Any

from sandbox.departments.common import Operation, Refused
from sandbox.store import Store

KEY, TITLE, OFFICE = "administrative_approval", "保障房项目认定", "澜州市行政审批服务局"
DISTRICTS = (("339901", "江湾"), ("339902", "南屏"), ("339903", "文昌"), ("339904", "云溪"))
FAULTS: dict[int, dict[str, Any]] = {
    3: {"developer": None},
    5: {"floor_area": "0.00"},
    7: {"division": "330100"},
    9: {"recognised_on": "2090-01-01"},
}
LAST = 10


def recognitions(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """The recognitions after a number."""
    after, limit = request.get("after", ""), request.get("limit", 6)
    if not isinstance(after, str) or not isinstance(limit, int) or not 1 <= limit <= 200:
        raise Refused("bad_request", "参数不符：after 或 limit")
    known = store.recognitions() or [_one(serial) for serial in range(1, LAST + 1)]
    # one without a number comes with the first page
    found = [each for each in known if str(each.get("number") or "") > after or not (after or each.get("number"))]
    return {"source": OFFICE, "recognitions": found[:limit], "more": len(found) > limit}


def _one(serial: int) -> dict[str, Any]:
    division, name = DISTRICTS[serial % len(DISTRICTS)]
    return {
        "number": f"RD2026-{serial:04d}",
        "project_name": f"{name}安居苑 {serial} 期",
        "developer": f"{name}安居建设有限公司",
        "division": division,
        "base_name": f"{name}基地",
        "plot_number": f"{name[0]}-{serial:02d}",
        "housing_type": ("public_rental", "shared_ownership", "resettlement")[serial % 3],
        "land_area": f"{12000 + serial * 850}.00",
        "floor_area": f"{30000 + serial * 2100}.00",
        "units": 300 + serial * 24,
        "recognised_on": f"2026-0{1 + serial % 9}-1{serial % 9}",
        **FAULTS.get(serial, {}),
    }


OPERATIONS: dict[str, Operation] = {"recognitions": recognitions}
