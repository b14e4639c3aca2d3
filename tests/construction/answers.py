"""Filled-in forms of the matters of construction: the demonstration's, with what the tests want otherwise."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from anju.construction.samples import ESTATES, MATTERS, PERMIT

ANSWERS: dict[str, dict[str, Any]] = {
    "estate": deepcopy(ESTATES[0][0]),
    "permit": deepcopy(PERMIT),
    **{kind: deepcopy(data) for kind, _, data, _ in MATTERS},
}
ANSWERS["estate"]["scale"]["scale"] += "，总建筑面积 11.23 万平方米"
ANSWERS["progress"]["building"]["buildings"][1] = {
    "name": "2号楼", "stage": "done", "percent": 100, "delivery_on": "2026-09-30"
}  # fmt: skip
ANSWERS["progress"]["delivery"] = {
    "deliveries": [
        {
            "name": "2号楼", "delivery_permit": "澜交付（2026）第21号", "master_title": "澜（2026）江湾区不动产权第2号",
            "delivered_on": "2026-10-08",
        }
    ]
}  # fmt: skip
