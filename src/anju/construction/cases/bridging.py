"""搭桥供应: a need is entered into the supply stock, the liaison sheet printed, the supply order given (SH-178)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anju.construction.kinds import matter
from anju.construction.models import Bridging
from anju.construction.offices import city_office
from anju.construction.records import answer
from anju.kernel import clock
from anju.kernel.cases.filing import Data, Paper
from anju.kernel.cases.models import Case
from anju.kernel.cases.services import write
from anju.kernel.cases.types import Act
from anju.kernel.forms import dictionary
from anju.kernel.scope import Actor


def liaison(data: Data, actor: Actor) -> dict[str, Any]:
    """What the liaison sheet says of the need, also before the entry into the stock."""
    facts = {
        key: str(answer(data, f"supply.{key}") or "")
        for key in ("project_name", "developer", "base_name", "plot_no", "matter", "price", "units", "reason")
    }
    kind = dictionary("planned_housing").title(str(answer(data, "supply.unit_kind") or ""))
    return {**facts, "unit_kind": kind, "organisation": city_office()}


def stocked_sheet(case: Case, actor: Actor) -> dict[str, Any]:
    """The liaison sheet with its number and the day of the entry."""
    row = Bridging.objects.get(case_id=case.pk)
    return {**liaison(case.data, actor), "number": row.number, "stocked_on": str(row.stocked_on), "asked_by": row.filer}


def order_of(row: Bridging) -> dict[str, Any]:
    """The supply order as it was given last; empty before there is one."""
    if row.ordered_units is None:
        return {}
    return {
        "units": row.ordered_units, "price": str(row.ordered_price), "supply_on": str(row.supply_on),
        "note": row.order_note,
    }  # fmt: skip


def order_sheet(case: Case, actor: Actor) -> dict[str, Any]:
    """The supply order as it was confirmed."""
    return {**stocked_sheet(case, actor), "order": order_of(Bridging.objects.get(case_id=case.pk))}


def order_so_far(case: Case, actor: Actor) -> dict[str, Any] | None:
    """The supply order as it was given last, for who checks it (SH-178.4)."""
    sheet = order_sheet(case, actor)
    return sheet if sheet["order"] else None


def given_before(case: Case, node: str, outcome: str) -> dict[str, Any]:
    """A supply order that was rolled back is modified, not written again (SH-178.5)."""
    return order_of(Bridging.objects.get(case_id=case.pk))


def not_stocked(case: Case) -> str:
    """Why the liaison sheet cannot be printed."""
    stocked = Bridging.objects.filter(case_id=case.pk, stocked_on__isnull=False).exists()
    return "" if stocked else "确认入库后才能打印供应联系单"


def not_ordered(case: Case) -> str:
    """Why the supply order cannot be printed."""
    return "" if Bridging.objects.filter(case_id=case.pk, supply_state="ordered").exists() else "供应单确认后才能打印"


def before(case: Case, act: Act) -> None:
    """The entry into the stock, and the order as it was given last."""
    row = Bridging.objects.filter(case_id=case.pk)
    if (act.node, act.outcome) == ("bridging_stock", "pass"):
        row.update(supply_state="stocked", stocked_on=clock.today())
    if act.node == "bridging_order":
        note = act.data.get("note") or ""
        row.update(
            ordered_units=act.data["units"], ordered_price=act.data["price"], supply_on=act.data["supply_on"],
            order_note=note,
        )  # fmt: skip
        price = f"{Decimal(act.data['price']):,.2f}"
        said = f"供应 {act.data['units']} 套，均价 {price} 元/㎡，供应日期 {act.data['supply_on']}"
        write(case, act.actor, "填写供应单", f"{said}，说明：{note}" if note else said, tone="run")


def confirmed(row: Bridging, case: Case) -> None:
    """The order is confirmed: supplied."""
    row.supply_state = "ordered"
    row.save()


BRIDGING = matter(
    key="bridging",
    right="construction.bridging.file",
    title="搭桥供应",
    subtitle="需求方申请，市级确认入库，再办供应单",
    mark="DQ",
    form="bridging_supply",
    process="bridging_supply",
    model=Bridging,
    company="supply.developer",
    for_others=True,
    columns={
        "project_name": "supply.project_name",
        "base_name": "supply.base_name",
        "plot_no": "supply.plot_no",
        "developer": "supply.developer",
        "unit_kind": "supply.unit_kind",
        "units": "supply.units",
        "price": "supply.price",
        "matter": "supply.matter",
    },
    papers=(
        Paper("liaison", "供应联系单", "supply_liaison", stocked_sheet, not_stocked, preview=liaison),
        Paper("order", "供应单", "supply_liaison", order_sheet, not_ordered, look=order_so_far),
    ),
    outcome_forms={("bridging_order", "submit"): "construction/supply_order"},
    outcome_data=given_before,
    before=before,
    confirmed=confirmed,
)
