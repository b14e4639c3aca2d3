"""建设行业资质: the qualification certificate of a developer. A credit code that ends with `X9` has none."""

from __future__ import annotations

from typing import Any

from sandbox import people
from sandbox.departments.common import Operation, Refused, text
from sandbox.store import Store

KEY, TITLE, OFFICE = "qualification", "建设单位资质", "澜州市住房和城乡建设局"
GRADES = ("special", "first", "second", "third")


def certificate(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """The certificate in force of a developer, by its credit code."""
    code = text(request, "credit_code", 18)
    if code.endswith("X9"):
        raise Refused("not_found", "没有这家企业的资质证书")
    number = people.number(code, "qualification")
    return {
        "name": f"澜州{('江湾', '南屏', '文昌', '云溪')[number % 4]}城建开发有限公司",
        "credit_code": code,
        "grade": GRADES[number % len(GRADES)],
        "certificate": f"建开企[{2020 + number % 6}]{number % 10_000:04d}号",
        "valid_until": "2030-12-31",
    }


OPERATIONS: dict[str, Operation] = {"certificate": certificate}
