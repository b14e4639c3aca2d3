"""Days that differ from the week's rule, and how far a demonstration's clock is ahead."""

from __future__ import annotations

from django.db import models

from anju.kernel.http import explain


class Day(models.Model):
    """A day that is not what its weekday says: a holiday, or a moved working day."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", "放假"
        WORKDAY = "workday", "上班"

    date = models.DateField("日期", primary_key=True)
    kind = models.CharField("类别", max_length=8, choices=Kind.choices)
    name = models.CharField("名称", max_length=40, blank=True, default="")

    class Meta:
        verbose_name = "特殊日期"
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=["holiday", "workday"]), name="calendar_day_kind_known"),
        ]


explain("calendar_day_kind_known", "calendar.kind_unknown", "类别只能是放假或上班", "请选择放假或上班", field="kind")


class ClockOffset(models.Model):
    """How many seconds the demonstration's clock is ahead of the real one; one row, read by `anju.kernel.clock`."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    offset_seconds = models.BigIntegerField("快进秒数", default=0)

    class Meta:
        verbose_name = "演示时钟"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="calendar_clockoffset_single"),
            models.CheckConstraint(condition=models.Q(offset_seconds__gte=0), name="calendar_clockoffset_not_behind"),
        ]
