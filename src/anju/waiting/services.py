"""What may be done with the queue and the batches. Each function is one act in the caller's transaction.

Locks are taken in this order: batch, its unit, the household's entry, the unit itself (in `supply.services`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from anju.eligibility.services import CertificateFacts, certificate_by_number, certificate_of
from anju.identity.services import office_by_path
from anju.kernel import audit, clock
from anju.kernel.documents import issue
from anju.kernel.errors import Conflict, DomainError, FieldError, Invalid, NotFound
from anju.kernel.events import publish
from anju.kernel.forms import dictionary
from anju.kernel.numbering import format_number, next_number
from anju.kernel.scope import Actor, admits
from anju.supply import services as supply
from anju.waiting import locks
from anju.waiting.models import (
    IN_QUEUE,
    Appointment,
    AppointmentState,
    Batch,
    BatchState,
    BatchUnit,
    Call,
    Choice,
    Entry,
    EntryState,
)
from anju.waiting.queue import next_in_line, note_move, priority_of
from anju.waiting.standing import QueueFacts as QueueFacts
from anju.waiting.standing import queue_of as queue_of
from anju.workspace.services import send_message

FIRST_HOUR, LAST_HOUR = 9, 16


class NotQualified(DomainError):
    """The household has no valid certificate (SH-052.1)."""

    status, code, message = 409, "waiting.no_certificate", "你还没有有效的准入资格证"
    advice = "先申请公租房资格，通过后再登记轮候"


class Published(DomainError):
    """A published batch is fixed (SH-056.5)."""

    status, code, message, advice = 409, "batch.published", "批次已发布，不能再改或关闭", "如有错误，请新建批次"


class UnitTaken(Conflict):
    """Somebody else was faster."""

    code, message, advice = "choice.unit_taken", "这套房刚被别人选走", "你的位次还在，请选另一套"


class NotCalled(DomainError):
    """The household was not called to this batch."""

    status, code, message, advice = 409, "batch.not_called", "这个批次还没有轮到你", "轮到时会发消息给你"


@dataclass(frozen=True)
class Intention:
    """What a household wishes for (意向表): empty lists mean no preference."""

    divisions: list[str]
    project_ids: list[int]
    layouts: list[str]
    note: str


def register(*, actor: Actor, intention: Intention) -> Entry:
    """A resident with a valid certificate joins the queue, or changes the wishes of a registration already there."""
    held = certificate_of(actor.ref)
    if held is None:
        raise NotQualified
    return put_entry(held, intention, actor)


def register_at_desk(*, certificate_no: str, intention: Intention, actor: Actor) -> Entry:
    """A clerk registers a household at the counter."""
    held = certificate_by_number(certificate_no)
    if not admits(actor, "waiting.entry.manage", held):
        raise NotFound
    return put_entry(held, intention, actor)


def check_wishes(intention: Intention) -> None:
    """Districts, projects and layouts are ones that exist; all wrong ones are told at once."""
    projects = supply.projects_by_id(intention.project_ids)
    wrong = {
        "divisions": [code for code in intention.divisions if code not in dictionary("division")],
        "project_ids": [number for number in intention.project_ids if number not in projects],
        "layouts": [code for code in intention.layouts if code not in dictionary("layout")],
    }
    said = {"divisions": "没有这个区域", "project_ids": "没有这个项目", "layouts": "没有这种户型"}
    if errors := [FieldError(field, "choice", said[field]) for field, unknown in wrong.items() if unknown]:
        raise Invalid(errors)


def put_entry(held: CertificateFacts, intention: Intention, actor: Actor) -> Entry:
    """Adds or changes the registration of a certificate; changing wishes keeps the place."""
    check_wishes(intention)
    wishes = {
        "divisions": intention.divisions, "project_ids": intention.project_ids, "layouts": intention.layouts,
        "note": intention.note,
    }  # fmt: skip
    existing = Entry.objects.select_for_update().filter(certificate_id=held.id, state__in=IN_QUEUE).first()
    if existing is not None:
        for name, value in wishes.items():
            setattr(existing, name, value)
        existing.version += 1
        existing.save()
        note_move(existing, "修改意向，位次不变")
        return existing
    entry = Entry.objects.create(
        certificate_id=held.id, certificate_no=held.number, certified_on=held.valid_from, valid_until=held.valid_until,
        accepted_at=held.accepted_at, case_number=held.case_number, holder_ref=held.holder_ref,
        household=held.holder_name, household_size=held.household_size, priority_group=held.priority_group,
        priority=priority_of(held.priority_group, held.division), registered_at=clock.now(), org_path=held.org_path,
        division=held.division, created_by=actor.ref, **wishes,
    )  # fmt: skip
    note_move(entry, "登记轮候")
    office = office_by_path(entry.org_path)
    issue(
        template="waiting_registration", subject=f"waiting:{entry.pk}", number=entry.certificate_no,
        title="公共租赁住房轮候报名申请表",
        data={
            "organisation": office.name if office else "", "applicant": entry.household,
            "certificate_no": entry.certificate_no, "household_size": entry.household_size,
            "divisions": entry.divisions, "projects": [each["name"] for each in supply.projects_by_id(entry.project_ids).values()],
            "layouts": entry.layouts, "note": entry.note, "registered_on": clock.today().isoformat(),
            "issued_on": clock.today().isoformat(),
        },
        actor=actor, organisation=office.name if office else "", org_path=entry.org_path, division=entry.division,
        seal=False,
    )  # fmt: skip
    publish("waiting.registered", entry_id=entry.pk, certificate_id=held.id)
    return entry


def entry_of(actor: Actor) -> Entry | None:
    """A resident's standing in the queue; the last one when he left it."""
    return Entry.objects.filter(holder_ref=actor.ref).order_by("-id").first()


def leave(*, certificate_id: int, reason: str) -> None:
    """A household leaves the queue: it signed, gave up, or was removed. A repeat changes nothing."""
    entry = Entry.objects.select_for_update().filter(certificate_id=certificate_id, state__in=IN_QUEUE).first()
    if entry is None:
        return
    entry.state, entry.left_at, entry.left_reason = EntryState.LEFT, clock.now(), reason
    entry.version += 1
    entry.save()
    note_move(entry, reason)


# ---- batches


def create_batch(
    *, title: str, starts_on: date, ends_on: date, unit_ids: Sequence[int], quotas: dict[str, int], actor: Actor
) -> Batch:
    """A draft batch of vacant units with its period and the number of persons a layout (SH-056.1, .2)."""
    check_period(title, starts_on, ends_on)
    today = clock.today()
    serial = next_number("batch", area=actor.division, year=today.year)
    batch = Batch.objects.create(
        number=format_number("PC{division}{year}{serial:04d}", division=actor.division, year=today.year, serial=serial),
        title=title.strip(), starts_on=starts_on, ends_on=ends_on, org_path=actor.org_path, division=actor.division,
        created_by=actor.ref,
    )  # fmt: skip
    put_units(batch, unit_ids, quotas, actor)
    audit.record("create", actor=actor, subject=f"batch:{batch.pk}", title=f"新建批次 {batch.number}")
    return batch


def edit_batch(
    *, batch_id: int, version: int, title: str, starts_on: date, ends_on: date, unit_ids: Sequence[int],
    quotas: dict[str, int], actor: Actor,
) -> Batch:  # fmt: skip
    """Changes a batch that is not published (SH-056.3)."""
    batch = locks.batch(batch_id, actor, "waiting.batch.manage")
    if batch.state != BatchState.DRAFT:
        raise Published
    if batch.version != version:
        raise Conflict("别人刚改了这个批次", advice="请看一眼最新内容再保存", details={"version": batch.version})
    check_period(title, starts_on, ends_on)
    batch.title, batch.starts_on, batch.ends_on, batch.version = title.strip(), starts_on, ends_on, batch.version + 1
    batch.save()
    batch.units.all().delete()
    put_units(batch, unit_ids, quotas, actor)
    return batch


def check_period(title: str, starts_on: date, ends_on: date) -> None:
    """The name is there and the period ends after it begins."""
    errors = []
    if not title.strip():
        errors.append(FieldError("title", "required", "请填写批次名称"))
    if ends_on < starts_on:
        errors.append(FieldError("ends_on", "date.order", "结束日期不能早于开始日期"))
    if ends_on < clock.today():
        errors.append(FieldError("ends_on", "date.past", "结束日期不能早于今天"))
    if errors:
        raise Invalid(errors)


def put_units(batch: Batch, unit_ids: Sequence[int], quotas: dict[str, int], actor: Actor) -> None:
    """Puts units into a batch and checks the numbers of persons against their layouts."""
    # units left over from a batch whose period is over are free for the next
    BatchUnit.objects.filter(unit_id__in=list(unit_ids), open=True, batch__ends_on__lt=clock.today()).update(open=False)
    units = supply.get_units(unit_ids).values()
    usable = [unit for unit in units if unit.status == "vacant" and admits(actor, "waiting.batch.manage", unit)]
    if not unit_ids or len(usable) < len(set(unit_ids)):
        gone = len(set(unit_ids)) - len(usable)
        message = f"有 {gone} 套房源现在不可供应，请重新选择" if unit_ids else "请至少选一套房源"
        raise Invalid([FieldError("unit_ids", "units.unavailable", message)])
    layouts = {unit.layout for unit in usable}
    wrong = [layout for layout, persons in quotas.items() if layout not in layouts or persons < 0]
    if wrong:
        raise Invalid([FieldError(f"quotas.{wrong[0]}", "quota.layout", "这个户型不在批次里，或人数不对")])
    BatchUnit.objects.bulk_create([BatchUnit(batch=batch, unit_id=unit.id, layout=unit.layout) for unit in usable])
    batch.quotas = {layout: quotas.get(layout, 0) for layout in sorted(layouts)}
    batch.save(update_fields=["quotas"])


def publish_batch(*, batch_id: int, actor: Actor) -> Batch:
    """Publishes a batch and calls those next in the queue, layout by layout; a second call changes nothing."""
    batch = locks.batch(batch_id, actor, "waiting.batch.manage")
    if batch.state == BatchState.PUBLISHED:
        return batch
    if batch.state != BatchState.DRAFT:
        raise Published("批次已关闭，不能发布", code="batch.closed")
    if sum(batch.quotas.values()) == 0:
        raise Invalid([FieldError("quotas", "quota.none", "请先分配各户型的人数")])
    batch.state, batch.published_at, batch.version = BatchState.PUBLISHED, clock.now(), batch.version + 1
    batch.save()
    called = sum(call(batch, layout, persons) for layout, persons in batch.quotas.items())
    publish("waiting.batch_published", batch_id=batch.pk, called=called)
    audit.record("act", actor=actor, subject=f"batch:{batch.pk}", title=f"发布批次 {batch.number}")
    return batch


def call(batch: Batch, layout: str, persons: int) -> int:
    """Calls the next households in the queue to a batch, for a layout. Returns how many there were."""
    back_to_waiting(batch.division)
    units = supply.get_units(batch.units.values_list("unit_id", flat=True)).values()
    projects = {unit.project_id for unit in units if unit.layout == layout}
    called = next_in_line(batch.division, layout, projects, persons)
    for entry in called:
        Call.objects.update_or_create(batch=batch, entry=entry, defaults={"layout": layout, "called_at": clock.now()})
        entry.state, entry.version = EntryState.CALLED, entry.version + 1
        entry.save()
        note_move(entry, f"轮到你选房：{batch.title}")
        send_message(
            entry.holder_ref, "轮到你选房了", f"{batch.title}：请在 {batch.ends_on} 前预约看房并选房。",
            kind="batch", link=f"/batches/{batch.pk}", subject=f"batch:{batch.pk}",
            key=f"batch:{batch.pk}:entry:{entry.pk}:{entry.version}",
        )  # fmt: skip
    return len(called)


def call_to_vacated(unit_id: int) -> int:
    """A unit of an open batch became vacant: the next household is called for its layout."""
    today = clock.today()
    batch = (
        Batch.objects.select_for_update(of=("self",))
        .filter(state=BatchState.PUBLISHED, ends_on__gte=today, units__unit_id=unit_id, units__open=True)
        .first()
    )
    return call(batch, supply.get_unit(unit_id).layout, 1) if batch else 0


def back_to_waiting(division: str = "") -> int:
    """Households whose batches are over without a choice wait again, their place unchanged (ruling SH-051/053)."""
    running = Call.objects.filter(
        entry=OuterRef("pk"), batch__state=BatchState.PUBLISHED, batch__ends_on__gte=clock.today()
    )
    over = Entry.objects.select_for_update().filter(~Exists(running), state=EntryState.CALLED)
    entries = list((over.filter(division=division) if division else over).order_by("id"))
    for entry in entries:
        entry.state, entry.version = EntryState.WAITING, entry.version + 1
        entry.save()
        note_move(entry, "批次结束，继续轮候，位次不变")
    return len(entries)


def close_batch(*, batch_id: int, actor: Actor) -> Batch:
    """Closes a batch that is not published (SH-056.4); its units can go into another."""
    batch = locks.batch(batch_id, actor, "waiting.batch.manage")
    if batch.state == BatchState.PUBLISHED:
        raise Published
    batch.state, batch.version = BatchState.CLOSED, batch.version + 1
    batch.save()
    batch.units.update(open=False)
    audit.record("act", actor=actor, subject=f"batch:{batch.pk}", title=f"关闭批次 {batch.number}")
    return batch


# ---- the household's way through a batch


def called_entry(batch: Batch, actor: Actor) -> Entry:
    """The household's entry, locked, if it was called to the batch and the period is open."""
    today = clock.today()
    if batch.state != BatchState.PUBLISHED or not batch.starts_on <= today <= batch.ends_on:
        raise NotCalled("这个批次现在不能选房", code="batch.not_open", advice="请看批次的起止日期")
    entry = (
        Entry.objects.select_for_update()
        .filter(holder_ref=actor.ref, state__in=IN_QUEUE, calls__batch=batch)
        .order_by("-id")
        .first()
    )
    if entry is None:
        raise NotCalled
    if entry.valid_until < today:
        raise NotQualified("你的资格证已过有效期", code="certificate.expired", advice="请先办理复核申请")
    return entry


def book_viewing(*, batch_id: int, unit_id: int, viewing_at: datetime, key: str, actor: Actor) -> Appointment:
    """Unit request and viewing time in one click (SH-057.1); the same `key` again gives the same appointment."""
    batch = Batch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise NotFound
    entry = called_entry(batch, actor)
    earlier = Appointment.objects.filter(entry=entry, request_key=key).first()
    if earlier is not None:
        return earlier
    unit = unit_of_batch(batch, unit_id)
    check_viewing(viewing_at, batch)
    return Appointment.objects.create(
        batch=batch, entry=entry, unit_id=unit.id, unit_code=unit.code, address=unit.address,
        household=entry.household, viewing_at=viewing_at, request_key=key, org_path=batch.org_path,
        division=batch.division, created_by=actor.ref,
    )  # fmt: skip


def unit_of_batch(batch: Batch, unit_id: int) -> supply.UnitInfo:
    """A unit of the batch that nobody chose."""
    if not batch.units.filter(unit_id=unit_id, open=True).exists():
        raise NotFound("这套房不在批次里", code="batch.no_unit")
    if Choice.objects.filter(unit_id=unit_id, active=True).exists():
        raise UnitTaken
    return supply.get_unit(unit_id)


def check_viewing(viewing_at: datetime, batch: Batch) -> None:
    """A whole half-hour within office hours, in the future and within the batch's period."""
    local = viewing_at.astimezone(clock.SHANGHAI)
    errors = []
    if viewing_at <= clock.now():
        errors.append(FieldError("viewing_at", "time.past", "看房时间已经过了，请选以后的时间"))
    if not FIRST_HOUR <= local.hour <= LAST_HOUR or local.minute not in {0, 30} or local.second:
        errors.append(FieldError("viewing_at", "time.slot", "看房时间是 9 点到 16 点半，每半小时一场"))
    if local.date() > batch.ends_on:
        errors.append(FieldError("viewing_at", "time.after", f"看房时间要在 {batch.ends_on} 前"))
    if errors:
        raise Invalid(errors)


def slots(batch: Batch, unit_id: int) -> list[dict[str, Any]]:
    """The free viewing times of a unit in the next days."""
    taken = set(
        Appointment.objects.filter(unit_id=unit_id, state=AppointmentState.BOOKED).values_list("viewing_at", flat=True)
    )
    free: list[dict[str, Any]] = []
    moment = clock.now()
    day = max(clock.today(), batch.starts_on)
    while day <= batch.ends_on and len(free) < 60:
        start = clock.start_of(day)
        for half in range(FIRST_HOUR * 2, LAST_HOUR * 2 + 2):
            at = start + timedelta(minutes=30 * half)
            if at > moment and at not in taken:
                free.append({"at": at})
        day += timedelta(days=1)
    return free[:60]


def move_viewing(*, appointment_id: int, viewing_at: datetime, actor: Actor) -> Appointment:
    """Changes the time of an appointment (SH-057.4)."""
    appointment = locks.appointment(appointment_id, actor)
    check_viewing(viewing_at, appointment.batch)
    appointment.viewing_at, appointment.version = viewing_at, appointment.version + 1
    appointment.save()
    return appointment


def cancel_viewing(*, appointment_id: int, actor: Actor) -> Appointment:
    """Cancels an appointment (SH-057.3)."""
    appointment = locks.appointment(appointment_id, actor)
    appointment.state, appointment.version = AppointmentState.CANCELLED, appointment.version + 1
    appointment.save()
    return appointment


def choose(*, batch_id: int, unit_id: int, key: str, actor: Actor) -> Choice:
    """The household takes a unit: one household a unit, one unit a household. The same `key` again changes nothing.

    Raises `UnitTaken` when another household was faster; the place in the queue stays.
    """
    batch = Batch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise NotFound
    locks.batch_unit(batch.pk, unit_id)
    entry = called_entry(batch, actor)
    earlier = Choice.objects.filter(entry=entry, request_key=key).first()
    if earlier is not None:
        return earlier
    unit_of_batch(batch, unit_id)
    choice = Choice.objects.create(batch=batch, entry=entry, unit_id=unit_id, request_key=key, chosen_at=clock.now())
    supply.hold_unit(unit_id=unit_id, held_for=f"certificate:{entry.certificate_id}", actor=actor)
    entry.state, entry.version = EntryState.CHOSEN, entry.version + 1
    entry.save()
    Appointment.objects.filter(entry=entry, unit_id=unit_id, state=AppointmentState.BOOKED).update(
        state=AppointmentState.CHOSEN
    )
    note_move(entry, "选定一套房，等签约")
    publish("waiting.chosen", entry_id=entry.pk, unit_id=unit_id, certificate_id=entry.certificate_id)
    return choice


def chosen_unit(certificate_id: int) -> int | None:
    """The unit a household chose and has not signed for yet."""
    return (
        Choice.objects.filter(entry__certificate_id=certificate_id, active=True)
        .values_list("unit_id", flat=True)
        .first()
    )


def free_choice(*, certificate_id: int, reason: str) -> None:
    """Takes a choice back, when its contract was cancelled: the household may choose again."""
    choice = Choice.objects.select_for_update().filter(entry__certificate_id=certificate_id, active=True).first()
    if choice is None:
        return
    choice.active = False
    choice.save(update_fields=["active"])
    entry = Entry.objects.select_for_update().get(pk=choice.entry_id)
    if entry.state == EntryState.CHOSEN:
        entry.state, entry.version = EntryState.CALLED, entry.version + 1
        entry.save()
        note_move(entry, reason)
