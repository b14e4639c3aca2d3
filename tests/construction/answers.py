"""Filled-in forms of the matters of construction; all of it invented."""

from __future__ import annotations

from typing import Any

SITE = {
    "project_name": "江湾大居一期",
    "base_name": "江湾基地",
    "plot_no": "JW-07-03",
    "land_area": "48200.00",
    "address": "江湾区滨江大道 2100 号",
    "bounds": "东至滨江大道，南至江湾路，西至规划三路，北至文昌河",
}
DEVELOPER = {
    "name": "澜州江湾城建开发有限公司", "credit_code": "91339901MA2K1DV01X", "contact": "陆建", "phone": "13900001111"
}  # fmt: skip

ANSWERS: dict[str, dict[str, Any]] = {
    "estate": {
        "site": SITE,
        "developer": DEVELOPER,
        "scale": {
            "total_investment": "86500.00", "floor_area": "112300.00", "units": 1280, "starts_on": "2027-03-01",
            "scale": "新建住宅 14 幢及配套公建，总建筑面积 11.23 万平方米",
        },
    },
    "permit": {
        "basic": {
            "reservation_no": "YS20260001", "project_name": "江湾里42号地块", "base_name": "江湾基地",
            "plot_no": "JW-42-01", "address": "江湾区滨江大道 420 号", "price": "12800.00",
        },
        "developer": DEVELOPER,
        "project": {
            "land_certificate": "澜国用（2025）第0042号", "land_use_permit": "地字第33990120250042号",
            "planning_permit": "建字第33990120250042号", "building_permit": "3399012025004201",
        },
        "planning": {"land_area": "21500.00", "floor_area": "46800.00", "plot_ratio": "2.18"},
    },
}  # fmt: skip
