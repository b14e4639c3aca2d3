"""Issued permits go to the real-estate registration: at once, again while it does not answer, and when asked (SH-170.12)."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

from anju.construction.connectors import PermitPush, RegistrationPush
from anju.construction.models import Permit, PermitState
from anju.kernel import clock
from anju.kernel.cases.models import Case
from anju.kernel.cases.printing import print_paper
from anju.kernel.documents import ensure_rendered
from anju.kernel.errors import Conflict
from anju.kernel.files import open_file
from anju.kernel.jobs import background, defer, every
from anju.kernel.scope import Actor, system

AT_ONCE = 200


def ask_registration(permit: Permit) -> None:
    """Has the worker push a permit after the present transaction; while such a job waits, another is not added."""
    defer("construction.register_permit", lock=f"permit:{permit.pk}", once=f"permit:{permit.pk}", permit_id=permit.pk)


def push_again(actor: Actor, permit: Permit, values: dict[str, Any]) -> str:
    """Pushes a permit that the registration has not confirmed, now and not when the waiting job comes to its next try."""
    if permit.state != PermitState.ISSUED:
        raise Conflict("只有已发证、还没有登记回执的许可证可以推送", code="permit.not_due", advice="请刷新后查看状态")
    defer("construction.register_permit", permit_id=permit.pk)
    return "已推送，收到登记回执后状态变为“已推送登记”"


@background("construction.push_permits")
def push_permits() -> None:
    """Asks again for permits that were issued and not registered: a job gives up after its tries, this does not."""
    for permit in Permit.objects.filter(state=PermitState.ISSUED).order_by("id")[:AT_ONCE]:
        ask_registration(permit)


every(minutes=10)("construction.push_permits")


@background("construction.register_permit", atomic=False)
def register(permit_id: int) -> None:
    """Pushes a permit with its units and its PDF; a repeat finds it registered, here or there (SH-170.12)."""
    permit = Permit.objects.get(pk=permit_id)
    if permit.state != PermitState.ISSUED:
        return
    case = Case.objects.get(pk=permit.case_id)
    paper = ensure_rendered(print_paper(case, "permit_original", system())["id"])
    if paper.file_id is None:
        raise Conflict("许可证文件还没有制作完成", code="permit.no_file", advice="稍后自动重试")
    push = told(permit, case.data, open_file(paper.file_id))
    receipt = RegistrationPush().call(push, subject=case.subject, call_id=push.push_id)
    Permit.objects.filter(pk=permit.pk, state=PermitState.ISSUED).update(
        state=PermitState.REGISTERED, registered_at=clock.now(), receipt=receipt.receipt, version=permit.version + 1
    )


def told(permit: Permit, data: dict[str, Any], file: bytes) -> PermitPush:
    """What the registration is told of a permit: the project, its papers and figures, each unit, and the sealed PDF."""
    assert permit.issued_on is not None
    basic, papers, planning = data["basic"], data["project"], data["planning"]
    return PermitPush(
        push_id=f"permit-{permit.pk}", permit_number=permit.number, case_number=permit.case_number,
        project_name=permit.project_name, developer=permit.developer, credit_code=data["developer"]["credit_code"],
        address=permit.address, base_name=basic["base_name"], plot_number=basic["plot_no"],
        land_certificate=papers["land_certificate"], land_use_permit=papers["land_use_permit"],
        planning_permit=papers["planning_permit"], building_permit=papers["building_permit"],
        land_area=Decimal(str(planning["land_area"])), unit_count=permit.unit_count, floor_area=permit.floor_area,
        issued_on=permit.issued_on,
        units=tuple(
            {"unit_number": unit.unit_number, "location": unit.location, "layout": unit.layout,
             "floor_area": str(unit.floor_area), "planned_use": unit.planned_use}
            for unit in permit.units.order_by("unit_number")
        ),
        file_name=f"{permit.number}.pdf", file=base64.b64encode(file).decode(),
    )  # fmt: skip
