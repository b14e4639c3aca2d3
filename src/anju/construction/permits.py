"""The pre-sale permit: drawn up by a passed review, printed, issued at the end, pushed to the registration."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

from anju.construction.connectors import PermitPush, RegistrationPush
from anju.construction.models import Permit, PermitState, PermitUnit, PreSale
from anju.construction.models.project import Stage
from anju.construction.offices import district_of
from anju.construction.projects import advance
from anju.kernel import clock
from anju.kernel.cases.models import Case
from anju.kernel.cases.printing import print_paper
from anju.kernel.documents import ensure_rendered
from anju.kernel.errors import Conflict
from anju.kernel.files import open_file
from anju.kernel.jobs import background, defer
from anju.kernel.numbering import format_number, next_number
from anju.kernel.scope import system

NUMBER = "澜房预许字（{year}）第{serial:05d}号"


def units_of(case: Case) -> list[dict[str, Any]]:
    """The units of the application."""
    return list((case.data.get("units") or {}).get("units") or [])


def draw_up(case: Case) -> Permit:
    """The permit of a case that passed review, numbered once; drawn up again it keeps its number (SH-170.9)."""
    units, application = units_of(case), PreSale.objects.get(case_id=case.pk)
    permit = Permit.objects.filter(case_id=case.pk).first()
    if permit is None:
        year = clock.today().year
        serial = next_number("pre_sale_permit", area="", year=year)
        permit = Permit(
            case_id=case.pk, number=format_number(NUMBER, division=case.division, year=year, serial=serial),
            org_path=case.org_path, division=case.division,
        )  # fmt: skip
    permit.case_number, permit.project_name = case.number, application.project_name
    permit.developer, permit.address = application.developer, application.address
    permit.unit_count = len(units)
    permit.floor_area = sum((Decimal(str(unit["floor_area"])) for unit in units), Decimal(0))
    permit.state = PermitState.DRAWN
    permit.save()
    permit.units.all().delete()
    PermitUnit.objects.bulk_create(
        PermitUnit(
            permit=permit, unit_number=unit["unit_number"], location=unit["location"], layout=unit.get("layout") or "",
            floor_area=unit["floor_area"], planned_use=unit["planned_use"], org_path=case.org_path,
            division=case.division,
        )
        for unit in units
    )  # fmt: skip
    advance(
        application.project_name, Stage.PRE_SALE, division=case.division, org_path=case.org_path,
        base_name=application.base_name, plot_no=application.plot_no, developer=application.developer,
    )  # fmt: skip
    return permit


def number_of(case: Case) -> str:
    """The number of the case's permit."""
    return str(Permit.objects.values_list("number", flat=True).get(case_id=case.pk))


def paper_data(case: Case, copy: str) -> dict[str, Any]:
    """What the permit says on its original, duplicate and stub (SH-170.10)."""
    permit = Permit.objects.get(case_id=case.pk)
    return {
        "organisation": district_of(case), "copy": copy, "case_number": case.number, "number": permit.number,
        "project_name": permit.project_name, "developer": permit.developer, "address": permit.address,
        "unit_count": permit.unit_count, "floor_area": str(permit.floor_area),
        "project": case.data["project"],
        "units": [
            {"number": unit.unit_number, "location": unit.location, "layout": unit.layout,
             "floor_area": str(unit.floor_area), "use": unit.planned_use}
            for unit in permit.units.order_by("unit_number")
        ],
    }  # fmt: skip


def issued(row: PreSale, case: Case) -> None:
    """The case is through: the permit is issued and goes to the registration."""
    permit = Permit.objects.get(case_id=case.pk)
    permit.state, permit.issued_on = PermitState.ISSUED, clock.today()
    permit.version += 1
    permit.save()
    defer("construction.register_permit", lock=f"permit:{permit.pk}", permit_id=permit.pk)


@background("construction.register_permit", atomic=False)
def register(permit_id: int) -> None:
    """Pushes a permit with its units and its PDF; a repeat finds it registered, here or there (SH-170.12)."""
    permit = Permit.objects.get(pk=permit_id)
    if permit.state != PermitState.ISSUED:
        return
    assert permit.issued_on is not None
    case = Case.objects.get(pk=permit.case_id)
    paper = ensure_rendered(print_paper(case, "permit_original", system())["id"])
    if paper.file_id is None:
        raise Conflict("许可证文件还没有制作完成", code="permit.no_file", advice="稍后自动重试")
    push = PermitPush(
        push_id=f"permit-{permit.pk}", permit_number=permit.number, case_number=permit.case_number,
        project_name=permit.project_name, developer=permit.developer, address=permit.address,
        issued_on=permit.issued_on,
        units=tuple(
            {"unit_number": unit.unit_number, "location": unit.location, "layout": unit.layout,
             "floor_area": str(unit.floor_area), "planned_use": unit.planned_use}
            for unit in permit.units.order_by("unit_number")
        ),
        file_name=f"{permit.number}.pdf", file=base64.b64encode(open_file(paper.file_id)).decode(),
    )  # fmt: skip
    receipt = RegistrationPush().call(push, subject=case.subject, call_id=push.push_id)
    Permit.objects.filter(pk=permit.pk, state=PermitState.ISSUED).update(
        state=PermitState.REGISTERED, registered_at=clock.now(), receipt=receipt.receipt, version=permit.version + 1
    )
