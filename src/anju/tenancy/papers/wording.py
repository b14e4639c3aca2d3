"""What a contract template may name, and what stands there for a contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anju.kernel.documents.fields import Known
from anju.kernel.registers.dictionaries import titles

SIGNATURE = "签署栏"
KNOWN = Known(
    single={
        "合同编号": "number", "资格证号": "certificate_no", "出租人": "lessor", "出租人电话": "phone", "承租人": "lessee",
        "承租人证件号码": "lessee_number", "承租人电话": "lessee_phone", "房屋坐落": "address", "项目名称": "project",
        "房源编码": "unit_code", "租赁部位": "let_part", "建筑面积": "area", "月租金": "rent", "押金": "deposit",
        "交租方式": "rent_mode", "租期开始": "starts_on", "租期结束": "ends_on",
    },
    lists={"居住使用人": {"姓名": "name", "与承租人关系": "relation", "证件号码": "document_number", "类别": "kind"}},
    parts={SIGNATURE: "signature"},
    needed=(SIGNATURE,),
)  # fmt: skip
DAYS = {"租期开始", "租期结束"}
# What a trial print says: nobody who exists.
SAMPLE: dict[str, Any] = {
    "number": "HT339901202600000X", "certificate_no": "ZR339901202600000X", "lessor": "澜州安居住房租赁有限公司",
    "phone": "0599-6201 8801", "lessee": "张样例", "lessee_number": "339901199001010000", "lessee_phone": "13800000000",
    "address": "江湾区样例路 1 弄 2 号 301 室", "project": "样例家园", "unit_code": "YL-0301", "let_part": "整套", "area": "59.80",
    "rent": "1196.00", "deposit": "1196.00", "rent_mode": "monthly", "starts_on": "2026-12-01", "ends_on": "2028-11-30",
    "occupants": [
        {"name": "李样例", "relation": "spouse", "document_number": "339901199102020000", "kind": "同住人"},
        {"name": "张小样", "relation": "child", "document_number": "339901201503030000", "kind": "同住人"},
    ],
}  # fmt: skip


def han_day(iso: str) -> str:
    """2026-12-01 as 2026年12月1日."""
    year, month, day = iso.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


def values_of(paper: Mapping[str, Any]) -> dict[str, str | list[Mapping[str, str]]]:
    """The fields' values from what the contract's papers say (`services.paper`)."""
    values: dict[str, str | list[Mapping[str, str]]] = {
        name: han_day(str(paper[key])) if name in DAYS else str(paper.get(key) or "—")
        for name, key in KNOWN.single.items()
    }
    values["交租方式"] = titles("rent_mode").get(str(paper["rent_mode"]), str(paper["rent_mode"]))
    relations = titles("relation")
    values["居住使用人"] = [
        {
            name: relations.get(str(each.get(key)), str(each.get(key) or "—"))
            if key == "relation"
            else str(each.get(key) or "—")
            for name, key in KNOWN.lists["居住使用人"].items()
        }
        for each in paper["occupants"]
    ]
    return values


def described() -> list[dict[str, str]]:
    """The fields as the page lists them, with an example each."""
    sample = values_of(SAMPLE)
    single = [{"name": name, "example": str(sample[name])} for name in KNOWN.single]
    entries = sample["居住使用人"]
    assert isinstance(entries, list)
    listed = [
        {"name": f"居住使用人.{name}", "example": "、".join(entry[name] for entry in entries)}
        for name in KNOWN.lists["居住使用人"]
    ]
    return [*single, *listed, {"name": SIGNATURE, "example": "双方签署的位置和电子印章，必须有，单独成段"}]
