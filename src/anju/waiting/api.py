"""Operations on the queue and the batches: the desk's, and the household's on the phone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import AwareDatetime, Field

from anju.kernel import clock
from anju.kernel.documents.listing import documents_of
from anju.kernel.errors import NotFound
from anju.kernel.http import RESIDENT, Empty, Request, Routes
from anju.kernel.scope import Actor, restrict
from anju.supply import services as supply
from anju.waiting import services
from anju.waiting.models import IN_QUEUE, Appointment, AppointmentState, Batch, BatchState, BatchUnit, Choice, Entry
from anju.waiting.queue import place_of, queue
from anju.waiting.services import Intention
from anju.waiting.terms import sign_by

routes = Routes("", title="轮候配租")


class IntentionBody(Schema):
    """The intention form (意向表)."""

    divisions: list[str] = Field(default_factory=list, max_length=20)
    project_ids: list[int] = Field(default_factory=list, max_length=50)
    layouts: list[str] = Field(default_factory=list, max_length=10)
    note: str = Field("", max_length=300)

    def intention(self) -> Intention:
        return Intention(self.divisions, self.project_ids, self.layouts, self.note)


class DeskEntryBody(IntentionBody):
    """A registration at the counter."""

    certificate_no: str = Field(min_length=4, max_length=40)


class BatchBody(Schema):
    """A batch: its name, period, units and the number of persons a layout."""

    title: str = Field(max_length=100)
    starts_on: date
    ends_on: date
    unit_ids: list[int] = Field(max_length=2000)
    quotas: dict[str, int] = Field(default_factory=dict)


class BatchEditBody(BatchBody):
    """A changed batch."""

    version: int = Field(ge=1, le=2**31)


class ViewingBody(Schema):
    """A unit request with its viewing time."""

    unit_id: int = Field(ge=1, le=2**62)
    viewing_at: AwareDatetime
    key: str = Field(min_length=8, max_length=64)


class MoveBody(Schema):
    """Another viewing time."""

    viewing_at: AwareDatetime


class ChooseBody(Schema):
    """The choice of a unit."""

    unit_id: int = Field(ge=1, le=2**62)
    key: str = Field(min_length=8, max_length=64)


# ---- the household


@routes.read("/citizen/waiting", right=RESIDENT, scope="self", summary="我的轮候")
def my_waiting(request: Request) -> dict[str, Any]:
    entry = services.entry_of(request.actor)
    if entry is None:
        return {"entry": None, "place": None, "ahead": None, "total": None, "moves": [], "documents": []}
    place = place_of(entry)
    return {
        "entry": {
            "id": entry.pk, "state": entry.state, "state_title": entry.get_state_display(),
            "certificate_no": entry.certificate_no, "certified_on": entry.certified_on,
            "valid_until": entry.valid_until, "registered_at": entry.registered_at, "divisions": entry.divisions,
            "project_ids": entry.project_ids, "layouts": entry.layouts, "note": entry.note,
            "priority_group": entry.priority_group, "left_reason": entry.left_reason,
            "lapsed_at": entry.lapsed_at,
        },
        "place": place,
        "ahead": place - 1 if place else None,
        "total": queue(entry.division).count(),
        "moves": [{"at": m.at, "place": m.place, "cause": m.cause} for m in entry.moves.order_by("-id")[:30]],
        "documents": documents_of(f"waiting:{entry.pk}"),
    }  # fmt: skip


@routes.read("/citizen/waiting/options", right=RESIDENT, scope="self", summary="意向可选项目")
def options(request: Request) -> dict[str, Any]:
    projects = supply.projects_by_id().values()
    return {
        "projects": [
            {"id": p["id"], "name": p["name"], "division": p["division"]}
            for p in projects
            if p["programme"] == "public_rental"
        ]
    }


@routes.put("/citizen/waiting/intention", right=RESIDENT, scope="self", summary="登记或修改意向")
def put_intention(request: Request, body: IntentionBody) -> dict[str, Any]:
    services.register(actor=request.actor, intention=body.intention())
    return my_waiting(request)


@routes.read("/citizen/batches", right=RESIDENT, scope="self", summary="轮到我的批次")
def my_batches(request: Request) -> dict[str, Any]:
    called = Batch.objects.filter(calls__entry__holder_ref=request.actor.ref, state=BatchState.PUBLISHED).distinct()
    return {"rows": [batch_json(batch) for batch in called.order_by("-id")[:20]]}


def my_batch(batch_id: int, actor: Actor) -> Batch:
    """A batch to which the household was called."""
    found = Batch.objects.filter(pk=batch_id, calls__entry__holder_ref=actor.ref, state=BatchState.PUBLISHED).first()
    if found is None:
        raise NotFound
    return found


@routes.read("/citizen/batches/{int:batch_id}", right=RESIDENT, scope="self", summary="批次房源和我的预约")
def batch_units(request: Request, batch_id: int, layout: str = "") -> dict[str, Any]:
    batch = my_batch(batch_id, request.actor)
    ids = list(batch.units.filter(open=True).values_list("unit_id", flat=True))
    units, pictures = supply.get_units(ids), supply.pictures_of(ids)
    taken = set(Choice.objects.filter(unit_id__in=ids, active=True).values_list("unit_id", flat=True))
    entry = Entry.objects.filter(holder_ref=request.actor.ref, calls__batch=batch).order_by("-id").first()
    mine = Choice.objects.filter(entry=entry, active=True).first() if entry else None
    booked = Appointment.objects.filter(entry=entry, batch=batch).exclude(state=AppointmentState.CANCELLED)
    return {
        "batch": batch_json(batch),
        "can_choose": entry is not None and entry.state in IN_QUEUE and mine is None,
        "chosen_unit": mine.unit_id if mine else None,
        "sign_by": sign_by(mine) if mine else None,
        "units": [
            {
                **unit_json(unit),
                "picture": pictures.get(unit.id),
                "taken": unit.id in taken or unit.status not in {"vacant", "held"},
            }
            for unit in sorted(units.values(), key=lambda each: each.code)
            if not layout or unit.layout == layout
        ],
        "appointments": [appointment_json(each) for each in booked.order_by("viewing_at")],
    }


@routes.read("/citizen/batches/{int:batch_id}/slots", right=RESIDENT, scope="self", summary="可约看房时间")
def free_slots(request: Request, batch_id: int, unit_id: int) -> dict[str, Any]:
    return {"rows": services.slots(my_batch(batch_id, request.actor), unit_id)}


@routes.act("/citizen/batches/{int:batch_id}/request", right=RESIDENT, scope="self", summary="要房申请和预约看房")
def book(request: Request, batch_id: int, body: ViewingBody) -> dict[str, Any]:
    made = services.book_viewing(
        batch_id=batch_id, unit_id=body.unit_id, viewing_at=body.viewing_at, key=body.key, actor=request.actor
    )
    return appointment_json(made)


@routes.act("/citizen/batches/{int:batch_id}/choose", right=RESIDENT, scope="self", summary="选定一套")
def choose(request: Request, batch_id: int, body: ChooseBody) -> dict[str, Any]:
    choice = services.choose(batch_id=batch_id, unit_id=body.unit_id, key=body.key, actor=request.actor)
    return {"id": choice.pk, "unit_id": choice.unit_id, "chosen_at": choice.chosen_at, "active": choice.active}


@routes.change("/citizen/appointments/{int:appointment_id}", right=RESIDENT, scope="self", summary="改看房时间")
def move_mine(request: Request, appointment_id: int, body: MoveBody) -> dict[str, Any]:
    return appointment_json(
        services.move_viewing(appointment_id=appointment_id, viewing_at=body.viewing_at, actor=request.actor)
    )


@routes.remove("/citizen/appointments/{int:appointment_id}", right=RESIDENT, scope="self", summary="取消看房")
def cancel_mine(request: Request, appointment_id: int) -> dict[str, Any]:
    return appointment_json(services.cancel_viewing(appointment_id=appointment_id, actor=request.actor))


# ---- the desk


@routes.act("/waiting/entries", right="waiting.entry.manage", scope="org_path", summary="窗口登记轮候")
def register_at_desk(request: Request, body: DeskEntryBody) -> dict[str, Any]:
    entry = services.register_at_desk(
        certificate_no=body.certificate_no, intention=body.intention(), actor=request.actor
    )
    return {"id": entry.pk, "state": entry.state, "place": place_of(entry)}


@routes.read("/waiting/batches", right="waiting.batch.view", scope="org_path", summary="批次列表")
def list_batches(request: Request, state: str = "") -> dict[str, Any]:
    rows = restrict(Batch.objects.order_by("-id"), request.actor, "waiting.batch.view")
    if state:
        rows = rows.filter(state=state)
    return {"rows": [batch_json(batch) for batch in rows[:100]], "next": None, "prev": None, "about": None}


@routes.read("/waiting/batches/{int:batch_id}", right="waiting.batch.view", scope="org_path", summary="批次详情")
def read_batch(request: Request, batch_id: int) -> dict[str, Any]:
    found = restrict(Batch.objects.filter(pk=batch_id), request.actor, "waiting.batch.view").first()
    if found is None:
        raise NotFound
    return full_batch(found, request.actor)


@routes.read("/waiting/vacant-units", right="waiting.batch.manage", scope="org_path", summary="可入批次的房源")
def vacant_units(request: Request, project_id: int = 0, layout: str = "") -> dict[str, Any]:
    in_batches = BatchUnit.objects.filter(open=True, batch__ends_on__gte=clock.today())
    units = supply.list_vacant_units(
        programme="public_rental", project_ids=[project_id] if project_id else [], layouts=[layout] if layout else [],
        org_path=request.actor.org_path, without=in_batches.values_list("unit_id", flat=True),
    )  # fmt: skip
    return {"rows": [unit_json(unit) for unit in units]}


@routes.act("/waiting/batches", right="waiting.batch.manage", scope="org_path", summary="新建批次")
def create_batch(request: Request, body: BatchBody) -> dict[str, Any]:
    return full_batch(services.create_batch(**body.dict(), actor=request.actor), request.actor)


@routes.change("/waiting/batches/{int:batch_id}", right="waiting.batch.manage", scope="org_path", summary="修改批次")
def edit_batch(request: Request, batch_id: int, body: BatchEditBody) -> dict[str, Any]:
    return full_batch(services.edit_batch(batch_id=batch_id, **body.dict(), actor=request.actor), request.actor)


@routes.act(
    "/waiting/batches/{int:batch_id}/publish", right="waiting.batch.manage", scope="org_path", summary="发布批次"
)
def publish_batch(request: Request, batch_id: int, body: Empty) -> dict[str, Any]:
    return full_batch(services.publish_batch(batch_id=batch_id, actor=request.actor), request.actor)


@routes.act("/waiting/batches/{int:batch_id}/close", right="waiting.batch.manage", scope="org_path", summary="关闭批次")
def close_batch(request: Request, batch_id: int, body: Empty) -> dict[str, Any]:
    return full_batch(services.close_batch(batch_id=batch_id, actor=request.actor), request.actor)


@routes.change(
    "/waiting/appointments/{int:appointment_id}", right="waiting.appointment.manage", scope="org_path",
    summary="改看房时间（窗口）",
)  # fmt: skip
def move_appointment(request: Request, appointment_id: int, body: MoveBody) -> dict[str, Any]:
    return appointment_json(
        services.move_viewing(appointment_id=appointment_id, viewing_at=body.viewing_at, actor=request.actor)
    )


@routes.remove(
    "/waiting/appointments/{int:appointment_id}", right="waiting.appointment.manage", scope="org_path",
    summary="取消看房（窗口）",
)  # fmt: skip
def cancel_appointment(request: Request, appointment_id: int) -> dict[str, Any]:
    return appointment_json(services.cancel_viewing(appointment_id=appointment_id, actor=request.actor))


def unit_json(unit: supply.UnitInfo) -> dict[str, Any]:
    """A unit as it is chosen from."""
    return {
        "id": unit.id, "code": unit.code, "address": unit.address, "project": unit.project_name,
        "project_id": unit.project_id, "building": unit.building_name, "room_no": unit.room_no, "floor": unit.floor,
        "layout": unit.layout, "area": unit.floor_area, "orientation": unit.orientation, "rent": unit.rent,
        "status": unit.status,
    }  # fmt: skip


def batch_json(batch: Batch) -> dict[str, Any]:
    """A batch in a list."""
    return {
        "id": batch.pk, "version": batch.version, "number": batch.number, "title": batch.title,
        "starts_on": batch.starts_on, "ends_on": batch.ends_on, "state": batch.state,
        "state_title": batch.get_state_display(), "quotas": batch.quotas, "published_at": batch.published_at,
        "units": batch.units.count(),
    }  # fmt: skip


def full_batch(batch: Batch, actor: Actor) -> dict[str, Any]:
    """A batch with its units, who was called, and who chose what."""
    ids = list(batch.units.values_list("unit_id", flat=True))
    chosen = {c.unit_id: c for c in Choice.objects.filter(unit_id__in=ids, active=True).select_related("entry")}
    draft = batch.state == BatchState.DRAFT and actor.may("waiting.batch.manage")
    return {
        **batch_json(batch),
        "unit_rows": [
            {**unit_json(unit), "chosen_by": chosen[unit.id].entry.household if unit.id in chosen else ""}
            for unit in sorted(supply.get_units(ids).values(), key=lambda each: each.code)
        ],
        "calls": [
            {
                "entry_id": call.entry_id, "household": call.entry.household, "layout": call.layout,
                "called_at": call.called_at, "state": call.entry.state, "state_title": call.entry.get_state_display(),
            }
            for call in batch.calls.select_related("entry").order_by("id")
        ],
        "can": {"edit": draft, "publish": draft, "close": draft},
    }  # fmt: skip


def appointment_json(appointment: Appointment) -> dict[str, Any]:
    """An appointment."""
    viewing_at: datetime = appointment.viewing_at
    return {
        "id": appointment.pk, "batch_id": appointment.batch_id, "unit_id": appointment.unit_id,
        "unit_code": appointment.unit_code, "address": appointment.address, "viewing_at": viewing_at,
        "state": appointment.state, "state_title": appointment.get_state_display(),
    }  # fmt: skip
