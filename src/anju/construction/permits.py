"""The pre-sale permit: drawn up by a passed review, taken back or annulled, printed, issued at the end."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anju.construction.models import Permit, PermitState, PermitUnit, PreSale
from anju.construction.models.project import Stage
from anju.construction.offices import district_of
from anju.construction.projects import advance, settle
from anju.construction.registration import ask_registration
from anju.kernel import clock
from anju.kernel.cases.models import Case
from anju.kernel.cases.printing import revoke_papers
from anju.kernel.numbering import format_number, next_number
from anju.kernel.rules import decide
from anju.kernel.scope import system

TEMPLATE = "pre_sale_permit"


def units_of(case: Case) -> list[dict[str, Any]]:
    """The units of the application."""
    return list((case.data.get("units") or {}).get("units") or [])


def fresh_number(case: Case) -> str:
    """The next number of the year, written as the city writes it (rule `construction_paper_number`)."""
    today = clock.today()
    pattern = decide("construction_paper_number", on=today, division=case.division, paper=TEMPLATE)["pattern"]
    serial = next_number("pre_sale_permit", area="", year=today.year)
    return format_number(pattern, division=case.division, year=today.year, serial=serial)


def draw_up(case: Case) -> Permit:
    """The permit of a case that passed review, numbered once; drawn up again it keeps its number (SH-170.9)."""
    units, application = units_of(case), PreSale.objects.get(case_id=case.pk)
    permit = Permit.objects.filter(case_id=case.pk).first()
    if permit is None:
        permit = Permit(case_id=case.pk, number=fresh_number(case), org_path=case.org_path, division=case.division)
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


def take_back(case: Case) -> None:
    """A permit that was drawn up is reviewed again: what was printed is void, the project is where it was (SH-170.9)."""
    _withdraw(case, PermitState.RETURNED, "许可证退回审核，已打印的作废")


def annul(case: Case) -> None:
    """The review did not pass: a permit that was drawn up before is void, and the project is where it was (SH-170.9)."""
    _withdraw(case, PermitState.VOID, "审核不通过，许可证作废")


def _withdraw(case: Case, state: PermitState, reason: str) -> None:
    standing = (PermitState.DRAWN,) if state == PermitState.RETURNED else (PermitState.DRAWN, PermitState.RETURNED)
    permit = Permit.objects.select_for_update().filter(case_id=case.pk, state__in=standing).first()
    if permit is None:
        return
    permit.state, permit.version = state, permit.version + 1
    permit.save(update_fields=["state", "version", "updated_at"])
    revoke_papers(case, TEMPLATE, reason, system())
    settle(permit.project_name, permit.division)


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
    ask_registration(permit)
