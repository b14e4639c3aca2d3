"""预售许可: the application system that hands out applications by reservation number, and the registration that gets permits.

A reservation number (预约号) such as `YS20260001` decides what is answered; `...-NONE` is none, and one that belongs to
another applicant (`...-X`) is refused.
"""

from __future__ import annotations

import base64
from typing import Any

from sandbox import people
from sandbox.departments.common import Operation, Refused, text
from sandbox.store import Store

KEY, TITLE, OFFICE = "pre_sale", "预售许可申请与登记", "澜州市房屋管理局"
REGISTRATION = "pre_sale_registration"


def application(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """An application by reservation number and credit code: overview, planning indicators, files."""
    reservation, credit = text(request, "reservation_number", 40), text(request, "credit_code", 18)
    if reservation.endswith("-NONE"):
        raise Refused("not_found", "没有这个预约号")
    if reservation.endswith("-X"):
        raise Refused("not_yours", "预约号不属于这家企业")
    plot = people.number(reservation, "plot") % 90 + 10
    return {
        "reservation_number": reservation,
        "credit_code": credit,
        "project_name": f"江湾里{plot}号地块",
        "base_name": "江湾基地",
        "plot_number": f"JW-{plot}-01",
        "address": f"江湾区滨江大道 {plot * 10} 号",
        "land_certificate": f"澜国用（2025）第{plot:04d}号",
        "land_use_permit": f"地字第339901202500{plot:02d}号",
        "planning_permit": f"建字第339901202500{plot:02d}号",
        "building_permit": f"3399012025{plot:04d}01",
        "land_area": "21500.00",
        "floor_area": "46800.00",
        "plot_ratio": "2.18",
        "files": [
            {"kind": "land", "name": "土地使用证明.pdf", "content": page("Land use certificate")},
            {"kind": "planning", "name": "规划图纸.pdf", "content": page("Planning drawings")},
        ],
    }


def page(words: str) -> str:
    """A PDF of one page with a line of words, in Base64."""
    lines = " T* ".join(f"({words}, sheet {number}) Tj" for number in range(1, 31))
    drawing = f"BT /F1 12 Tf 18 TL 72 760 Td {lines} ET"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream",
    ]
    made, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(made))
        made += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    made += (
        f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
    )
    return base64.b64encode(made.encode()).decode()


def register(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """Receives a permit with its units and its PDF; the same push id again changes nothing."""
    for key in (
        "push_id",
        "permit_number",
        "project_name",
        "issued_on",
        "plot_number",
        "land_certificate",
        "planning_permit",
    ):
        text(request, key)
    units, file = request.get("units"), request.get("file")
    if not isinstance(units, list) or len(units) != request.get("unit_count") or not units or not isinstance(file, str):
        raise Refused("bad_request", "缺少房屋清单或许可证文件")
    if not base64.b64decode(file, validate=True).startswith(b"%PDF-"):
        raise Refused("bad_file", "许可证文件不是 PDF")
    kept = {**request, "file": f"{len(file)} 字符"}
    first = store.keep_pushed(REGISTRATION, request["push_id"], kept)
    receipt = f"BDC{people.number(str(request['permit_number']), 'receipt') % 10_000_000:07d}"
    return {"push_id": request["push_id"], "receipt": receipt, "first": first}


OPERATIONS: dict[str, Operation] = {"application": application, "register": register}
