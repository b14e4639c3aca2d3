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
    "developer": {
        "base": {"project_name": "江湾大居一期", "base_name": "江湾基地", "plot_no": "JW-07-03"},
        "developer": DEVELOPER,
        "qualification": {
            "grade": "first", "certificate": "建开企[2024]0188号", "valid_until": "2030-06-30", "source": "upload",
        },
    },
    "plan": {
        "plan": {"project_name": "江湾基地 2027 年建设计划", "base_name": "江湾基地", "year": 2027},
        "plots": {
            "plots": [
                {"plot_no": "JW-08-01", "housing_type": "动迁安置住房", "land_area": "31000.00", "plot_ratio": "2.2",
                 "floor_area": "68200.00"}
            ]
        },
    },
    "implementation": {
        "plot": {
            "project_name": "江湾大居一期", "base_name": "江湾基地", "plot_no": "JW-07-03", "land_area": "48200.00",
            "plot_ratio": "2.33", "floor_area": "112300.00", "bounds": SITE["bounds"],
        },
        "state": {"reported_on": "2026-11-20", "progress": "已完成土地平整，桩基进场"},
    },
    "agreement": {
        "base": {
            "project_name": "江湾大居一期", "base_name": "江湾基地", "plot_no": "JW-07-03", "bounds": SITE["bounds"]
        },
        "developer": {
            "name": DEVELOPER["name"], "credit_code": DEVELOPER["credit_code"], "company": "澜州江湾大居项目有限公司"
        },
        "terms": {
            "kind": "build", "housing_type": "resettlement", "price": "7850.00", "opinion": "同意按本协议建设",
            "layouts": [{"layout": "one_one", "share": "40"}, {"layout": "two_one", "share": "60"}],
        },
    },
    "progress": {
        "base": {
            "project_name": "江湾大居一期", "base_name": "江湾基地", "plot_no": "JW-07-03", "reported_on": "2026-11-20"
        },
        "early": {
            "land_title": "澜（2025）江湾区不动产权第001234号", "land_use_permit": "地字第339901202500703号",
            "planning_permit": "建字第339901202500703号", "building_permit": "339901202507030199",
        },
        "building": {
            "buildings": [
                {"name": "1号楼", "stage": "structure", "percent": 45, "delivery_on": "2028-06-30"},
                {"name": "2号楼", "stage": "done", "percent": 100, "delivery_on": "2026-09-30"},
            ]
        },
        "delivery": {
            "deliveries": [
                {"name": "2号楼", "delivery_permit": "澜交付（2026）第21号", "master_title": "澜（2026）江湾区不动产权第2号",
                 "delivered_on": "2026-10-08"}
            ]
        },
    },
    "bridging": {
        "supply": {
            "project_name": "江湾大居一期", "base_name": "江湾基地", "plot_no": "JW-07-03", "developer": DEVELOPER["name"],
            "unit_kind": "resettlement", "units": 120, "price": "8200.00", "matter": "文昌区旧改安置搭桥供应",
        }
    },
    "sale_recognition": {
        "project": {
            "project_name": "江湾大居一期", "base_name": "江湾基地", "plot_no": "JW-07-03", "developer": DEVELOPER["name"],
            "kind": "shared_ownership", "floor_area": "46800.00", "units": 520,
        },
        "progress": {
            "stage": "topped", "percent": 62, "sale_on": "2027-04-01", "conditions": "主体已封顶，资金监管协议已签订"
        },
    },
}  # fmt: skip
