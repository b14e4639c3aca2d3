"""Reports on how tasks are done (SH-003.5)."""

from __future__ import annotations

from django.db.models import Sum

from anju.kernel.reports import Dataset, Dimension, Folds, Measure, Ratio, Report, declare
from anju.workspace.finished import folded_until
from anju.workspace.models import FinishedSpan

finished = Dataset(
    "workspace.finished_tasks", "已办任务", FinishedSpan,
    right="workspace.task.report", owner="person_ref", period="done_on", folds=Folds(folded_until),
    dimensions=(
        Dimension("person", "办理人", "person_ref", title_path="person_name"),
        Dimension("source", "任务来源", "source"),
        Dimension("step", "环节", "step"),
        Dimension("division", "行政区划", "division", dictionary="division"),
        Dimension("month", "月份", "done_on", monthly=True),
    ),
    measures=(
        Measure("tasks", "办理件数", Sum("tasks"), "件"),
        Measure("total_hours", "总用时", Sum("hours"), "小时", places=1),
        Ratio("hours", "平均用时", "total_hours", "tasks", unit="小时", times=1),
        Measure("timed", "有期限件数", Sum("timed"), "件"),
        Measure("on_time_tasks", "按时件数", Sum("on_time"), "件"),
        Ratio("on_time", "按时率", "on_time_tasks", "timed"),
    ),
)  # fmt: skip

declare(
    Report(
        "workspace.task_efficiency", "任务办理效率", finished,
        rows=["person"], measures=["tasks", "hours", "timed", "on_time_tasks", "on_time"], group="任务与消息",
        opens=31,
        note="平均用时 = 从到达到办结的自然小时数；按时率 = 按时办结 ÷ 有期限的任务",
    )
)  # fmt: skip
