"""Tables of processes: definitions, running instances, and tokens, which are the to-do list at the same time."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.kernel import clock
from anju.kernel.http import explain


class Definition(models.Model):
    """One published version of a process; never changed afterwards, so that running cases stay on it (NF-03.2)."""

    class State(models.TextChoices):
        PUBLISHED = "published", "已发布"
        RETIRED = "retired", "已停用"

    key = models.CharField("编码", max_length=64)
    version = models.PositiveIntegerField("版本")
    title = models.CharField("名称", max_length=100)
    xml = models.TextField("流程图")
    graph = models.JSONField("编译结果")
    checksum = models.CharField("校验值", max_length=64)
    published_at = models.DateTimeField("发布时间", default=clock.now)
    published_by = models.CharField("发布人", max_length=64)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PUBLISHED)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="processes_definition_version")]


class Instance(models.Model):
    """A process running for one subject, such as `case:12`."""

    class State(models.TextChoices):
        OPEN = "open", "进行中"
        ENDED = "ended", "已结束"
        CANCELLED = "cancelled", "已取消"

    definition = models.ForeignKey(Definition, models.PROTECT, verbose_name="流程版本")
    subject = models.CharField("事项", max_length=64)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    variables = models.JSONField("变量", default=dict)
    org_path = models.CharField("所属机构", max_length=200)
    division = models.CharField("行政区划", max_length=6)
    started_by = models.CharField("发起人", max_length=64)
    opened_at = models.DateTimeField("开始时间", default=clock.now)
    ended_at = models.DateTimeField("结束时间", null=True)
    end_outcome = models.CharField("结果", max_length=40, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject"], condition=Q(state="open"), name="processes_instance_one_open"),
        ]
        indexes = [models.Index(fields=["subject"], name="processes_instance_subject")]


explain("processes_instance_one_open", "process.already_open", "这件事项已有一个流程在办", "请先办结或取消在办的流程")


class Token(models.Model):
    """Where an instance stands or stood. A waiting token of a user task is a row of somebody's to-do list.

    Ids grow with time within an instance, because its steps are made one after another under a lock.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待办"
        DONE = "done", "已办"
        CANCELLED = "cancelled", "已取消"
        FAILED = "failed", "失败"

    instance = models.ForeignKey(Instance, models.CASCADE, related_name="tokens", verbose_name="流程")
    node_id = models.CharField("节点", max_length=64)
    node_title = models.CharField("节点名称", max_length=100)
    kind = models.CharField("种类", max_length=10)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    arrived_by = models.CharField("到达连线", max_length=64, default="")
    right = models.CharField("所需权限", max_length=100, default="")
    claimed_by = models.CharField("领取人", max_length=64, default="")
    claimed_name = models.CharField("领取人姓名", max_length=64, default="")
    claimed_at = models.DateTimeField("领取时间", null=True)
    due_on = models.DateField("办理期限", null=True)
    due_at = models.DateTimeField("定时", null=True)
    entered_at = models.DateTimeField("到达时间", default=clock.now)
    left_at = models.DateTimeField("离开时间", null=True)
    outcome = models.CharField("办理结果", max_length=40, default="")
    actor_ref = models.CharField("办理人", max_length=64, default="")
    actor_name = models.CharField("办理人姓名", max_length=64, default="")
    note = models.TextField("说明", default="")
    org_path = models.CharField("所属机构", max_length=200)
    division = models.CharField("行政区划", max_length=6)
    subject = models.CharField("事项", max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "node_id", "arrived_by"],
                condition=Q(state__in=["waiting", "failed"]),
                name="processes_token_one_waiting",
            ),
        ]
        indexes = [
            models.Index(
                fields=["right", "division", "due_on", "id"],
                condition=Q(state="waiting", kind="user"),
                name="processes_token_todo",
            ),
            models.Index(
                fields=["right", "due_on", "id"],
                condition=Q(state="waiting", kind="user"),
                name="processes_token_order",
            ),
            models.Index(
                fields=["right", "org_path"],
                condition=Q(state="waiting", kind="user"),
                name="processes_token_office",
                opclasses=["text_ops", "text_pattern_ops"],
            ),
            models.Index(
                fields=["claimed_by", "due_on", "id"],
                condition=Q(state="waiting", kind="user"),
                name="processes_token_mine",
            ),
            models.Index(fields=["left_at"], condition=Q(state="done", kind="user"), name="processes_token_finished"),
            models.Index(
                fields=["due_at"],
                condition=Q(state="waiting", due_at__isnull=False),
                name="processes_token_timer",
            ),
            models.Index(fields=["actor_ref", "-left_at"], condition=Q(state="done"), name="processes_token_done_by"),
        ]

    @property
    def created_by(self) -> str:
        """Who started the process; what a right that reaches one's own rows only is measured by."""
        return self.instance.started_by


RESTING = (Token.State.WAITING, Token.State.FAILED)
"""States of a token that still stands at its node: a failed service task holds the matter until it is retried."""

explain("processes_token_one_waiting", "task.moved", "事项已被他人办理", "请刷新后查看最新进展")
