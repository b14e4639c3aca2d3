"""The queue, the batches, who was called, who looks at which unit, and who chose it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from anju.kernel.base import Owned, Stamped
from anju.kernel.http import explain
from anju.kernel.registers import search_index


class EntryState(models.TextChoices):
    """Where a household stands in the queue."""

    WAITING = "waiting", "轮候中"
    CALLED = "called", "可选房"
    CHOSEN = "chosen", "已选房"
    LEFT = "left", "已出列"


IN_QUEUE = [EntryState.WAITING, EntryState.CALLED, EntryState.CHOSEN]


class Entry(Owned):
    """A household in the queue of public rental, with what it wishes for (SH-052, SH-053)."""

    certificate_id = models.BigIntegerField("资格证")
    certificate_no = models.CharField("资格证号", max_length=40)
    certified_on = models.DateField("资格日期")
    valid_until = models.DateField("资格有效期至")
    accepted_at = models.DateTimeField("受理时间")
    case_number = models.CharField("案件编号", max_length=40)
    holder_ref = models.CharField("账号", max_length=64)
    household = models.CharField("家庭", max_length=60)
    household_size = models.PositiveSmallIntegerField("人数")
    priority = models.PositiveSmallIntegerField("优先次序", default=9)
    priority_group = models.CharField("优先组", max_length=40, default="", blank=True)
    divisions = models.JSONField("意向区域", default=list)
    project_ids = models.JSONField("意向项目", default=list)
    layouts = models.JSONField("意向户型", default=list)
    note = models.CharField("说明", max_length=300, default="", blank=True)
    state = models.CharField("状态", max_length=10, choices=EntryState.choices, default=EntryState.WAITING)
    registered_at = models.DateTimeField("登记时间")
    # set when a chosen unit was not signed for within the term
    lapsed_at = models.DateTimeField("逾期未签收回", null=True)
    left_at = models.DateTimeField("出列时间", null=True)
    left_reason = models.CharField("出列原因", max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate_id"], condition=Q(state__in=IN_QUEUE), name="waiting_entry_once"
            ),
            models.CheckConstraint(condition=Q(state__in=EntryState.values), name="waiting_entry_state"),
            models.CheckConstraint(
                condition=(Q(state=EntryState.LEFT) & Q(left_at__isnull=False))
                | (~Q(state=EntryState.LEFT) & Q(left_at__isnull=True)),
                name="waiting_entry_left",
            ),
        ]
        indexes = [
            models.Index(
                fields=["division", "priority", "certified_on", "accepted_at", "case_number"],
                name="waiting_entry_queue",
                condition=Q(state__in=IN_QUEUE),
            ),
            models.Index(fields=["-registered_at", "-id"], name="waiting_entry_newest"),
            models.Index(fields=["holder_ref"], name="waiting_entry_of"),
            search_index("waiting_entry_search", "certificate_no", "household"),
            models.Index(fields=["org_path"], name="waiting_entry_path", opclasses=["text_pattern_ops"]),
        ]


class Move(models.Model):
    """A change of a household's standing, with its cause."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="moves")
    at = models.DateTimeField("时间")
    place = models.PositiveIntegerField("位次", null=True)
    cause = models.CharField("原因", max_length=200)

    class Meta:
        indexes = [models.Index(fields=["entry", "-id"], name="waiting_move_of")]


class BatchState(models.TextChoices):
    """Where a batch stands."""

    DRAFT = "draft", "编制中"
    PUBLISHED = "published", "已发布"
    CLOSED = "closed", "已关闭"


class Batch(Owned):
    """An operator's batch of units for those next in the queue (SH-056)."""

    number = models.CharField("批次编号", max_length=40, unique=True)
    title = models.CharField("名称", max_length=100)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    state = models.CharField("状态", max_length=10, choices=BatchState.choices, default=BatchState.DRAFT)
    quotas = models.JSONField("各户型人数", default=dict)
    published_at = models.DateTimeField("发布时间", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="waiting_batch_dates"),
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="waiting_batch_state"),
        ]
        indexes = [
            models.Index(fields=["-id"], name="waiting_batch_newest"),
            models.Index(fields=["org_path"], name="waiting_batch_path", opclasses=["text_pattern_ops"]),
        ]


class BatchUnit(models.Model):
    """A unit of a batch; in one open batch at a time."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="units")
    unit_id = models.BigIntegerField("房源")
    layout = models.CharField("户型", max_length=32)
    open = models.BooleanField("在批次中", default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit_id"], condition=Q(open=True), name="waiting_batchunit_one_batch"),
            models.UniqueConstraint(fields=["batch", "unit_id"], name="waiting_batchunit_once"),
        ]


class Call(models.Model):
    """A household called to a batch, for a layout."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="calls")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="calls")
    layout = models.CharField("户型", max_length=32)
    called_at = models.DateTimeField("通知时间")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "entry"], name="waiting_call_once")]


class AppointmentState(models.TextChoices):
    """Where a viewing appointment stands."""

    BOOKED = "booked", "已预约"
    CANCELLED = "cancelled", "已取消"
    CHOSEN = "chosen", "已选房"


class Appointment(Stamped):
    """A unit request together with the time to view it, made in one click (SH-057)."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="appointments")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="appointments")
    unit_id = models.BigIntegerField("房源")
    unit_code = models.CharField("房源编码", max_length=40)
    address = models.CharField("坐落", max_length=260)
    household = models.CharField("家庭", max_length=60)
    viewing_at = models.DateTimeField("看房时间")
    state = models.CharField("状态", max_length=10, choices=AppointmentState.choices, default=AppointmentState.BOOKED)
    request_key = models.CharField("提交凭证", max_length=64)
    org_path = models.CharField("所属机构", max_length=200)
    division = models.CharField("行政区划", max_length=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "request_key"], name="waiting_appointment_key"),
            models.UniqueConstraint(
                fields=["entry", "unit_id"], condition=Q(state=AppointmentState.BOOKED), name="waiting_appointment_once"
            ),
            models.UniqueConstraint(
                fields=["unit_id", "viewing_at"], condition=Q(state=AppointmentState.BOOKED),
                name="waiting_appointment_slot",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["viewing_at", "id"], name="waiting_appointment_time"),
            models.Index(fields=["org_path"], name="waiting_appointment_path", opclasses=["text_pattern_ops"]),
        ]


class Choice(models.Model):
    """A household's choice of a unit. Active ones are unique by unit and by household: nobody gets a taken home."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="choices")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="choices")
    unit_id = models.BigIntegerField("房源")
    request_key = models.CharField("提交凭证", max_length=64)
    chosen_at = models.DateTimeField("选定时间")
    active = models.BooleanField("有效", default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit_id"], condition=Q(active=True), name="waiting_choice_one_a_unit"),
            models.UniqueConstraint(fields=["entry"], condition=Q(active=True), name="waiting_choice_one_a_household"),
            models.UniqueConstraint(fields=["entry", "request_key"], name="waiting_choice_key"),
        ]


explain("waiting_choice_one_a_unit", "choice.unit_taken", "这套房刚被别人选走", "你的位次还在，请选另一套")
explain("waiting_entry_once", "waiting.registered", "你已经在轮候名册里", "可以修改意向，不用重新登记")
explain("waiting_batchunit_one_batch", "batch.unit_taken", "有房源已在另一批次里", "请先从另一批次移出", "unit_ids")
explain("waiting_choice_one_a_household", "choice.already", "你已经选定一套房", "到“合同”里等签约")
explain("waiting_appointment_once", "appointment.exists", "这套房你已经预约过", "可以改时间，不用再约")
explain("waiting_appointment_slot", "appointment.slot_taken", "这个时间已有人预约", "请换一个时间")
