"""Units that leave the ordinary supply for a purpose: another district, a reserve, another system, another programme.

Each act is one conditional change of one locked unit (`moves.move`); what the purpose needs to know is kept beside it.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q

from anju.identity.services import office_by_path
from anju.kernel import audit, clock
from anju.kernel.documents import issue
from anju.kernel.errors import Conflict, DomainError
from anju.kernel.numbering import format_number, next_number
from anju.kernel.registers.dictionaries import titles
from anju.kernel.rules import decide as by_rule
from anju.kernel.scope import Actor
from anju.supply.models import (
    GONE,
    Redistribution,
    RedistributionState,
    RedistributionUnit,
    ReserveHolding,
    ReservePlan,
    System,
    Unit,
    UnitDue,
    UnitPush,
    UnitStatus,
)
from anju.supply.moves import REST, UnitInfo, get_unit, move, tell_outside

USERS = (System.RESETTLEMENT, System.LAND, System.EXCHANGE)
UNSUPPLIED = Q(status__in=[UnitStatus.UNCONFIRMED, UnitStatus.READY])
_NOT_EMPTY = "只有未发布的空置房源可以这样办"


# -- change of nature (SH-189) -----------------------------------------------------------------------------------


def change_nature(*, actor: Actor, unit_id: int, old: str, new: str) -> UnitInfo:
    """Moves a unit that is not yet supplied from one programme to another; both programmes' counts follow at once.

    Only within what policy allows, which is the table unit_nature_change (SH-189.1). The database refuses it for a
    supplied or used unit, whoever tries.
    """
    if old == new:
        raise DomainError("新旧性质相同", code="supply.nature_same", field="to")
    policy = by_rule("unit_nature_change", on=clock.today(), division=get_unit(unit_id).division, old=old, new=new)
    if not policy["allowed"]:
        words = titles("unit_nature")
        raise DomainError(
            f"政策不允许由{words.get(old, old)}转换为{words.get(new, new)}", code="supply.nature_forbidden", field="to",
            advice=policy["reason"],
        )  # fmt: skip
    return move(
        unit_id,
        actor=actor,
        action="性质转换",
        when=UNSUPPLIED & Q(programme=old),
        refusal=Conflict(
            "房源不是所选的原性质，或已供应、已使用", code="supply.nature_used", advice="只有未供应的房源可以转换性质"
        ),
        own_programme=new,
    )


# -- reserve (SH-186) --------------------------------------------------------------------------------------------


@transaction.atomic
def reserve(*, actor: Actor, unit_id: int, plan: ReservePlan) -> UnitInfo:
    """Puts an empty unit that is not on offer into the reserve of a plan of its own district."""
    unit = get_unit(unit_id)
    if not unit.division.startswith(plan.division.removesuffix("00")):
        raise Conflict("房源不在储备计划的区划内", code="supply.plan_elsewhere", advice="请选择本区的储备计划")
    done = move(
        unit_id, actor=actor, action="转入储备", when=UNSUPPLIED, status=UnitStatus.RESERVED,
        status_note=plan.title[:200],
        refusal=Conflict(_NOT_EMPTY, code="supply.not_reservable", advice="请先回退发布"),
    )  # fmt: skip
    ReserveHolding.objects.create(plan=plan, unit_id=unit_id, since=clock.now())
    return done


@transaction.atomic
def release(*, actor: Actor, unit_id: int, note: str = "") -> UnitInfo:
    """Allots a reserved unit to supply; it awaits publication, or confirmation where that was not given."""
    done = move(
        unit_id, actor=actor, action="释放储备", when=Q(status=UnitStatus.RESERVED), status=REST,
        status_note=note, refusal=Conflict("这套房源不在储备中", code="supply.not_reserved"),
    )  # fmt: skip
    ReserveHolding.objects.filter(unit_id=unit_id, released_at=None).update(released_at=clock.now())
    return done


# -- use by other systems (SH-188) -------------------------------------------------------------------------------


@transaction.atomic
def assign(*, actor: Actor, unit_id: int, system: System) -> UnitInfo:
    """Hands a resettlement unit over to one of the systems that use such; the constraint keeps a second one away."""
    done = move(
        unit_id, actor=actor, action=f"移交{system.label}", when=UNSUPPLIED & Q(programme="resettlement"),
        status=UnitStatus.ASSIGNED, status_note=system.label,
        refusal=Conflict(
            "只有未供应的征收安置住房可以移交", code="supply.not_assignable", advice="请先收回，或先办理性质转换"
        ),
    )  # fmt: skip
    follow(done, system)
    return done


@transaction.atomic
def take_back(*, actor: Actor, unit_id: int) -> UnitInfo:
    """Ends the use by another system; it is told that the unit is gone from there. One given to a household stays."""
    if UnitPush.objects.filter(unit_id=unit_id, system__in=USERS, active=True, use="used").exists():
        raise Conflict(
            "使用系统已把房源安置给家庭，不能收回",
            code="supply.in_use_there",
            advice="请先由使用系统办理退回，再读取使用状态",
        )
    done = move(
        unit_id, actor=actor, action="收回移交", when=Q(status=UnitStatus.ASSIGNED), status=REST,
        status_note="", refusal=Conflict("这套房源没有移交", code="supply.not_assigned"),
    )  # fmt: skip
    unfollow(done, USERS)
    return done


def follow(unit: UnitInfo, system: System) -> None:
    """From now on the system is told of the unit, beginning with its present state."""
    anew = {"active": True, "use": "", "used_on": None}
    UnitPush.objects.update_or_create(unit_id=unit.id, system=system, defaults=anew)
    UnitDue.objects.create(system=system, unit_id=unit.id, code=unit.code)
    tell_outside()


def unfollow(unit: UnitInfo, systems: tuple[System, ...]) -> None:
    """The systems are told once more, that the unit is gone for them."""
    for push in UnitPush.objects.filter(unit_id=unit.id, system__in=systems, active=True):
        push.active = False
        push.save(update_fields=["active"])
        UnitDue.objects.create(system=push.system, unit_id=unit.id, code=unit.code)
    tell_outside()


# -- redistribution (SH-185, SH-187.6) ---------------------------------------------------------------------------


def number_of(order: Redistribution) -> str:
    """The next number of the district and year."""
    year = clock.today().year
    serial = next_number("redistribution", area=order.division, year=year)
    return format_number("TP{division}{year}{serial:04d}", division=order.division, year=year, serial=serial)


@transaction.atomic
def put_on_order(*, actor: Actor, unit: Unit, order: Redistribution) -> None:
    """Adds an empty unit with the redistribution attribute to the list of a draft."""
    need(order, RedistributionState.DRAFT)
    if not Unit.objects.filter(UNSUPPLIED, pk=unit.pk).exists():
        raise Conflict(_NOT_EMPTY, code="supply.not_redistributable", advice="请先回退发布")
    RedistributionUnit.objects.create(
        redistribution=order, unit=unit, from_division=unit.division, org_path=unit.org_path, division=unit.division,
        created_by=actor.ref,
    )  # fmt: skip


def need(order: Redistribution, *states: RedistributionState) -> None:
    """Refuses an act at another time."""
    if order.state not in states:
        words = "、".join(state.label for state in states)
        raise Conflict(
            f"调配单现在是“{order.get_state_display()}”，须是“{words}”",
            code="supply.order_state",
            advice="请刷新后再办",
        )


def submit(*, actor: Actor, order: Redistribution) -> None:
    """Asks for approval of the list as it stands."""
    need(order, RedistributionState.DRAFT)
    if not order.units.exists():
        raise Conflict("调配单还没有房源", code="supply.order_empty", advice="请在“房源”里勾选后选“列入调配单”")
    store(order, state=RedistributionState.SUBMITTED)


def decide(*, actor: Actor, order: Redistribution, approved: bool, opinion: str) -> None:
    """Approves or refuses; never by who wrote the order."""
    need(order, RedistributionState.SUBMITTED)
    if order.created_by == actor.ref:
        raise Conflict("自己拟的调配单须由别人核定", code="supply.own_order", advice="请交由核定岗办理")
    if not approved:
        order.units.update(active=False)
    store(
        order, state=RedistributionState.APPROVED if approved else RedistributionState.REFUSED, opinion=opinion,
        approved_by=actor.name, approved_at=clock.now(),
    )  # fmt: skip


@transaction.atomic
def send_out(*, actor: Actor, order: Redistribution) -> str:
    """Issues an approved order: its units belong to the receiver from now on, and the paper is made."""
    need(order, RedistributionState.APPROVED)
    listed = list(order.units.select_related("unit__project").order_by("unit__code"))
    for line in listed:
        move(
            line.unit_id, actor=actor, action="调配下达", when=UNSUPPLIED, lent_path=order.receiver.path,
            lent_division=order.receiver.division, status_note=f"调配单 {order.number}",
            refusal=Conflict(f"{line.unit.code} 已不是空置房源", code="supply.not_redistributable", advice="请重新拟单"),
        )  # fmt: skip
    office = office_by_path(order.org_path)
    paper = issue(
        template="redistribution_order", subject=f"redistribution:{order.pk}", title="房源调配下达单",
        number=order.number, actor=actor, org_path=order.org_path, division=order.division,
        organisation=office.name if office else actor.org_name,
        data={
            "number": order.number, "title": order.title, "receiver": order.receiver.name, "reason": order.reason,
            "opinion": order.opinion, "approved_by": order.approved_by, "issued_on": clock.today(),
            "units": [
                {
                    "code": line.unit.code, "project": line.unit.project.name, "address": line.unit.address,
                    "layout": line.unit.layout, "floor_area": line.unit.floor_area, "rent": line.unit.rent,
                }
                for line in listed
            ],
        },
    )  # fmt: skip
    store(order, state=RedistributionState.ISSUED, issued_at=clock.now(), document_id=paper.pk)
    audit.record("act", actor=actor, subject=f"supply.redistributions:{order.pk}", title=f"下达调配单 {order.number}")
    return f"已下达 {len(listed)} 套，下达单 {order.number} 可下载"


@transaction.atomic
def recover(*, actor: Actor, line: RedistributionUnit) -> None:
    """Brings a redistributed unit back to the district it came from, which then owns it again (SH-187.6)."""
    need(line.redistribution, RedistributionState.ISSUED)
    if line.unit.status in GONE:
        words = UnitStatus(line.unit.status).label
        raise Conflict(
            f"{line.unit.code} {words}，不能收回", code="supply.not_recoverable",
            advice="请先合并：由调入区把子房源合并为原房源后再收回" if line.unit.status == UnitStatus.SPLIT else
            "请调入区在“拆并记录”里查看合并后的房源",
        )  # fmt: skip
    move(
        line.unit_id, actor=actor, action="调配收回", when=UNSUPPLIED & ~Q(lent_path=""), lent_path="", lent_division="",
        status_note="",
        refusal=Conflict("房源已供应或在租，不能收回", code="supply.not_recoverable", advice="请先由使用区回退发布"),
    )  # fmt: skip
    line.active, line.recovered_at = False, clock.now()
    line.save(update_fields=["active", "recovered_at", "updated_at"])


def store(order: Redistribution, **changes: Any) -> None:
    """Keeps a change of an order."""
    for key, value in changes.items():
        setattr(order, key, value)
    order.version += 1
    order.save(update_fields=[*changes, "version", "updated_at"])
