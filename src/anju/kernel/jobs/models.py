"""Long work that a person started and watches."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class JobState(models.TextChoices):
    """Where a piece of long work stands."""

    WAITING = "waiting", "等待中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已取消"


class Job(models.Model):
    """One piece of long work: what, for whom, how far, and what came of it."""

    kind = models.CharField("类型", max_length=80)
    title = models.CharField("名称", max_length=200)
    params = models.JSONField("参数", default=dict)
    actor_ref = models.CharField("发起人", max_length=64)
    actor = models.JSONField("发起人快照", default=dict)
    state = models.CharField("状态", max_length=12, choices=JobState.choices, default=JobState.WAITING)
    done = models.BigIntegerField("已处理", default=0)
    total = models.BigIntegerField("总数", null=True)
    result = models.JSONField("结果", default=dict)
    error = models.CharField("失败原因", max_length=500, default="")
    file_id = models.BigIntegerField("结果文件", null=True)
    cancel_requested = models.BooleanField("已请求取消", default=False)
    attempts = models.PositiveIntegerField("次数", default=0)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        indexes = [models.Index(fields=["actor_ref", "-id"], name="jobs_job_of_actor")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="jobs_job_state"),
            models.CheckConstraint(condition=Q(done__gte=0), name="jobs_job_done"),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in {JobState.WAITING, JobState.RUNNING}
