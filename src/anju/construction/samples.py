"""What the demonstration's developers and districts filed."""

from __future__ import annotations

from typing import Any

BOUNDS = "东至滨江大道，南至江湾路，西至规划三路，北至文昌河"
DEVELOPER = {
    "name": "澜州江湾城建开发有限公司", "credit_code": "91339901MA2K1DV01X", "contact": "陆建", "phone": "13900001111"
}  # fmt: skip
OPINIONS = (
    ("情况属实，材料齐全，拟同意。", "", "primary"),
    ("经核，填报内容与材料一致，报市级审核。", "区级确认", "primary"),
    ("符合规划和政策，同意。", "市级审核", "primary"),
    ("材料不齐，请补正后重新提交。", "", "default"),
)


def base(name: str = "江湾大居一期", plot: str = "JW-07-03", **more: Any) -> dict[str, Any]:
    """A project, its base and its plot."""
    return {"project_name": name, "base_name": "江湾基地", "plot_no": plot, **more}


def estate(name: str, plot: str, land: str, area: str, investment: str, buildings: int) -> dict[str, Any]:
    """A large estate as it is filed."""
    site = base(
        name, plot, land_area=land, housing_type="resettlement", address="江湾区滨江大道 2100 号", bounds=BOUNDS
    )
    scale = f"新建住宅 {buildings} 幢及配套公建"
    return {
        "site": site,
        "developer": DEVELOPER,
        "scale": {
            "total_investment": investment, "floor_area": area, "units": buildings * 92, "starts_on": "2027-03-01",
            "scale": scale,
        },
    }  # fmt: skip


THROUGH = (("zhoumin", "pass"), ("gaoyuan", "pass"))
ESTATES: tuple[tuple[dict[str, Any], tuple[tuple[str, str], ...]], ...] = (
    (estate("江湾大居一期", "JW-07-03", "48200.00", "112300.00", "86500.00", 14), THROUGH),
    (estate("江湾大居二期", "JW-07-04", "36500.00", "81200.00", "63200.00", 10), THROUGH),
    (estate("江湾大居三期", "JW-07-05", "29800.00", "64100.00", "48800.00", 8), (("zhoumin", "pass"),)),
    (estate("江湾大居四期", "JW-07-06", "22400.00", "47000.00", "36100.00", 6), ()),
    (estate("江湾滨河苑", "JW-09-01", "18600.00", "39500.00", "30900.00", 5), (("zhoumin", "correct"),)),
)

PERMIT: dict[str, Any] = {
    "basic": base(
        "江湾里42号地块", "JW-42-01", reservation_no="YS20260001", address="江湾区滨江大道 420 号", price="12800.00"
    ),
    "developer": DEVELOPER,
    "project": {
        "land_certificate": "澜国用（2025）第0042号", "land_use_permit": "地字第33990120250042号",
        "planning_permit": "建字第33990120250042号", "building_permit": "3399012025004201",
    },
    "planning": {"land_area": "21500.00", "floor_area": "46800.00", "plot_ratio": "2.18"},
}  # fmt: skip


def units(permit: dict[str, Any]) -> list[dict[str, Any]]:
    """The units of a building of six floors, numbered as the survey numbers them; one is told larger than it is."""
    plot, address = permit["basic"]["plot_no"], permit["basic"]["address"]
    homes = (("一室一厅", "46.35"), ("一室户", "38.72"), ("两室一厅", "62.18"), ("三室一厅", "78.23"))
    return [
        {
            "unit_number": f"{plot}-1-000{floor}{place:02d}", "location": f"{address} 1号楼 {floor}{place:02d} 室",
            "layout": layout, "floor_area": "64.80" if (floor, place) == (6, 3) else area, "planned_use": "住宅",
        }
        for floor in range(1, 7)
        for place, (layout, area) in enumerate(homes, start=1)
    ]  # fmt: skip


MATTERS: tuple[tuple[str, str, dict[str, Any], tuple[tuple[str, str], ...]], ...] = (
    (
        "developer", "zhoumin",
        {
            "base": base(), "developer": DEVELOPER,
            "qualification": {
                "grade": "first", "certificate": "建开企[2024]0188号", "valid_until": "2030-06-30",
            },
        },
        (("gaoyuan", "pass"),),
    ),
    (
        "plan", "zhoumin",
        {
            "plan": {"project_name": "江湾基地 2027 年建设计划", "base_name": "江湾基地", "year": 2027},
            "plots": {
                "plots": [
                    {"plot_no": "JW-08-01", "housing_type": "征收安置住房", "land_area": "31000.00", "plot_ratio": "2.2",
                     "floor_area": "68200.00"},
                    {"plot_no": "JW-08-02", "housing_type": "共有产权保障住房", "land_area": "24500.00",
                     "plot_ratio": "2.0", "floor_area": "49000.00"},
                ]
            },
        },
        (("gaoyuan", "pass"),),
    ),
    (
        "implementation", "zhoumin",
        {
            "plot": base(land_area="48200.00", plot_ratio="2.33", floor_area="112300.00", bounds=BOUNDS),
            "state": {"reported_on": "2026-11-20", "progress": "已完成土地平整，桩基进场"},
        },
        (),
    ),
    (
        "agreement", "jianshe",
        {
            "base": base(bounds=BOUNDS),
            "developer": {
                "name": DEVELOPER["name"], "credit_code": DEVELOPER["credit_code"],
                "company": "澜州江湾大居项目有限公司",
            },
            "terms": {
                "kind": "build", "housing_type": "resettlement", "price": "7850.00", "opinion": "同意按本协议建设",
                "layouts": [{"layout": "one_one", "share": "40"}, {"layout": "two_one", "share": "60"}],
            },
        },
        THROUGH,
    ),
    (
        "progress", "jianshe",
        {
            "base": base(reported_on="2026-11-20"),
            "early": {
                "land_title": "澜（2025）江湾区不动产权第001234号", "land_use_permit": "地字第339901202500703号",
                "planning_permit": "建字第339901202500703号", "building_permit": "339901202507030199",
            },
            "building": {
                "buildings": [
                    {"name": "1号楼", "stage": "structure", "percent": 45, "delivery_on": "2028-06-30"},
                    {"name": "2号楼", "stage": "topped", "percent": 70, "delivery_on": "2028-03-31"},
                ]
            },
        },
        THROUGH,
    ),
    (
        "bridging", "jianshe",
        {
            "supply": base(
                developer=DEVELOPER["name"], unit_kind="resettlement", units=120, price="8200.00",
                matter="文昌区旧改安置搭桥供应",
            )
        },
        (("gaoyuan", "pass"), ("jianshe", "submit")),
    ),
    (
        "sale_recognition", "jianshe",
        {
            "project": base(developer=DEVELOPER["name"], kind="shared_ownership", floor_area="46800.00", units=520),
            "progress": {
                "stage": "topped", "percent": 62, "sale_on": "2027-04-01",
                "conditions": "主体已封顶，资金监管协议已签订",
            },
        },
        (("gaoyuan", "pass"),),
    ),
)  # fmt: skip
