"""Registers of waiting: the queue and the viewing appointments."""

from __future__ import annotations

from anju.kernel.registers import Choice, Column, DateBetween, Register, Rights, Search, Section, View, declare
from anju.kernel.registers.subjects import subject_kind
from anju.kernel.scope import restrict
from anju.waiting.models import Appointment, Batch, Entry

GROUP = "轮候配租"

subject_kind(
    "batch", "轮候批次", rows=lambda actor: restrict(Batch.objects.all(), actor, "waiting.batch.view"), name="number",
    page="/waiting/batches/{}", unit="批", every=Batch.objects.all,
)  # fmt: skip


@declare
class EntryRegister(Register[Entry]):
    """The households in the queue (轮候名册) and those that left it."""

    key, title, unit, group, icon = "waiting.entries", "轮候名册", "户", GROUP, "list-ordered"
    model = Entry
    rights = Rights("waiting.entry")
    columns = (
        Column("certificate_no", frozen=True, width=190),
        Column("household", frozen=True, width=110),
        Column("household_size", width=70),
        Column("priority_group", dictionary="priority_group", width=130),
        Column("certified_on", width=120),
        Column("valid_until", width=130),
        Column("state", dictionary="entry_state", width=100),
        Column("division", dictionary="division", width=110),
        Column("registered_at", width=150),
        Column("lapsed_at", width=150, hidden=True),
        Column("left_at", width=150, hidden=True),
        Column("left_reason", width=200, hidden=True),
    )
    filters = (
        Choice("state", dictionary="entry_state"),
        Choice("division", dictionary="division", tree=True),
        Choice("priority_group", dictionary="priority_group"),
        DateBetween("certified_on", primary=False),
    )
    search = Search(["certificate_no", "household"], "资格证号、家庭")
    order = "-registered_at"
    views = (View("queue", "在列", {"state": ["waiting", "called", "chosen"]}),)
    can_create = can_change = can_delete = False
    heading = ("household", "certificate_no")
    called = "certificate_no"
    subjects = ("waiting",)
    badges = ("state",)
    detail = (
        Section("家庭", ["certificate_no", "household", "household_size", "priority_group", "division"]),
        Section(
            "轮候", ["certified_on", "valid_until", "registered_at", "state", "lapsed_at", "left_at", "left_reason"]
        ),
    )


@declare
class AppointmentRegister(Register[Appointment]):
    """Viewing appointments as the front desk needs them (SH-057.2)."""

    key, title, unit, group, icon = "waiting.appointments", "预约看房", "条", GROUP, "calendar-check"
    model = Appointment
    rights = Rights("waiting.appointment")
    columns = (
        Column("viewing_at", frozen=True, width=160),
        Column("household", frozen=True, width=110),
        Column("unit_code", width=150),
        Column("address", width=280),
        Column("state", dictionary="appointment_state", width=100),
        Column("created_at", "预约时间", width=150, hidden=True),
    )
    filters = (Choice("state", dictionary="appointment_state"), DateBetween("viewing_at"))
    search = Search(["household", "unit_code", "address"], "家庭、房源编码、坐落")
    order = "-viewing_at"
    can_create = can_change = can_delete = False
    heading = ("household", "unit_code")
    badges = ("state",)
