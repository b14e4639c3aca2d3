"""Tasks that are no step of a case: pushed by other systems, fetched from them, or given by a colleague (SH-003)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.kernel.base import Owned
from anju.kernel.http import explain


class Priority(models.IntegerChoices):
    """How urgent a task is; the smaller the sooner. Steps of cases are normal."""

    URGENT = 1, "特急"
    HIGH = 2, "紧急"
    NORMAL = 3, "普通"
    LOW = 4, "不急"


class TaskState(models.TextChoices):
    """How far a task is."""

    WAITING = "waiting", "待办"
    DONE = "done", "已办"
    CANCELLED = "cancelled", "已取消"


class Task(Owned):
    """One thing for one person to do. `source` is who brought it (an actor's ref or a connector's key); `key` is the
    name the source knows it by, so that bringing it twice makes one task (SH-003.6)."""

    source = models.CharField("来源标识", max_length=64)
    source_title = models.CharField("任务来源", max_length=60)
    key = models.CharField("来源编号", max_length=100)
    name = models.CharField("任务名称", max_length=120)
    requirement = models.CharField("任务要求", max_length=500)
    priority = models.PositiveSmallIntegerField("优先级", choices=Priority.choices, default=Priority.NORMAL)
    due_on = models.DateField("截止时间", null=True)
    assignee_ref = models.CharField("承办人标识", max_length=64)
    assignee_name = models.CharField("承办人", max_length=60)
    starter_ref = models.CharField("发起人标识", max_length=64, default="", blank=True)
    link = models.CharField("业务链接", max_length=300, default="", blank=True)
    subject = models.CharField("所属事项", max_length=64, default="", blank=True)
    batch = models.BooleanField("可批量办理", default=False)
    state = models.CharField("状态", max_length=10, choices=TaskState.choices, default=TaskState.WAITING)
    result = models.CharField("办理结果", max_length=60, default="", blank=True)
    note = models.CharField("办理说明", max_length=500, default="", blank=True)
    done_at = models.DateTimeField("办理时间", null=True)
    done_ref = models.CharField("办理人标识", max_length=64, default="", blank=True)
    done_name = models.CharField("办理人", max_length=60, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="workspace_task_once"),
            models.CheckConstraint(condition=Q(state__in=TaskState.values), name="workspace_task_state"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="workspace_task_priority"),
            models.CheckConstraint(
                condition=Q(state="waiting", done_at__isnull=True)
                | (~Q(state="waiting") & Q(done_at__isnull=False, result__gt="")),
                name="workspace_task_done_with_result",
            ),
        ]
        indexes = [
            models.Index(
                fields=["assignee_ref", "due_on", "id"], condition=Q(state="waiting"), name="workspace_task_by_deadline"
            ),
            models.Index(
                fields=["assignee_ref", "priority", "due_on", "id"],
                condition=Q(state="waiting"),
                name="workspace_task_by_priority",
            ),
            models.Index(fields=["done_ref", "-done_at", "-id"], condition=Q(state="done"), name="workspace_task_done"),
            models.Index(fields=["starter_ref", "-created_at", "-id"], name="workspace_task_started"),
            models.Index(fields=["due_on"], condition=Q(state="waiting"), name="workspace_task_due"),
            models.Index(fields=["-created_at", "-id"], name="workspace_task_latest"),
            models.Index(fields=["org_path"], name="workspace_task_path", opclasses=["text_pattern_ops"]),
        ]


explain("workspace_task_done_with_result", "task.no_result", "办结须填写结果", "请选择或填写办理结果", "result")


class TaskCopy(models.Model):
    """Somebody who is told of a task without having to do it (抄送)."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="copies", verbose_name="任务")
    person_ref = models.CharField("抄送人", max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "person_ref"], name="workspace_taskcopy_once")]
        indexes = [models.Index(fields=["person_ref", "-task"], name="workspace_taskcopy_mine")]


class TaskPush(models.Model):
    """A to-do that is told to a connected system: once when it comes, once when it is done (SH-003.7).

    `task_ref` is `task:<id>` or `token:<id>` of a case's step.
    """

    task_ref = models.CharField("任务", max_length=40)
    phase = models.CharField("阶段", max_length=10)
    content = models.JSONField("内容")
    created_at = models.DateTimeField("时间")
    pushed_at = models.DateTimeField("送达时间", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task_ref", "phase"], name="workspace_taskpush_once")]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(pushed_at__isnull=True), name="workspace_taskpush_waiting")
        ]


# what one row of finished tasks is about
KIND = ["done_on", "person_ref", "person_name", "source", "step", "org_path", "division"]


class Finished(models.Model):
    """What somebody finished of one kind: how many, how long it took in hours, how many had a deadline and kept it."""

    person_ref = models.CharField("办理人标识", max_length=64)
    person_name = models.CharField("办理人", max_length=64)
    source = models.CharField("来源", max_length=120)
    step = models.CharField("环节", max_length=100)
    org_path = models.CharField("所属机构", max_length=200)
    division = models.CharField("行政区划", max_length=6)
    tasks = models.IntegerField("件数")
    hours = models.DecimalField("用时", max_digits=14, decimal_places=2)
    timed = models.IntegerField("有期限")
    on_time = models.IntegerField("按时")

    class Meta:
        abstract = True


class FinishedDay(Finished):
    """What somebody finished of one kind on a day that is long over: counted once, for nothing of it changes any more."""

    done_on = models.DateField("办理日期")

    class Meta:
        constraints = [models.UniqueConstraint(fields=KIND, name="workspace_finishedday_once")]


class FinishedMonth(Finished):
    """What somebody finished of one kind in a whole month, summed up from `FinishedDay`; `done_on` is its first day."""

    done_on = models.DateField("月份")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=KIND, name="workspace_finishedmonth_once"),
            models.CheckConstraint(condition=Q(done_on__day=1), name="workspace_finishedmonth_first"),
        ]


class FinishedYear(Finished):
    """The same of a whole year, summed up from `FinishedMonth`."""

    done_on = models.DateField("年份")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=KIND, name="workspace_finishedyear_once"),
            models.CheckConstraint(condition=Q(done_on__day=1, done_on__month=1), name="workspace_finishedyear_first"),
        ]


class FinishedUntil(models.Model):
    """Up to which day, it included, finished tasks are counted in `FinishedDay`, and from which month on they are not
    folded yet; one row."""

    day = models.DateField("日期")
    folded = models.DateField("折叠至", null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="workspace_finisheduntil_one")]


class FinishedTask(Finished):
    """Finished steps of cases and tasks of other origin (SH-003.5), by day: a view, made by a migration.

    Days that are long over come from `FinishedDay`, many tasks a row; the last ones from the steps and tasks themselves.
    Reports count from `FinishedSpan`; this one is what it must agree with, and what processes of the version before read
    while it is replaced.
    """

    id = models.CharField("编号", max_length=40, primary_key=True)
    done_on = models.DateField("办理日期")

    class Meta:
        managed = False
        db_table = "workspace_finishedtask"


class FinishedSpan(Finished):
    """The same with `FinishedMonth` and `FinishedYear` beside their days: a view for `Folds`, which takes each day
    once. `span` is `year`, `month`, `day`, or `live` for days that are not counted yet."""

    id = models.CharField("编号", max_length=40, primary_key=True)
    span = models.CharField("跨度", max_length=5)
    done_on = models.DateField("办理日期")

    class Meta:
        managed = False
        db_table = "workspace_finishedspan"
