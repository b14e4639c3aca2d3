"""Tasks of other origins, who is told of them, what is pushed to other systems, and the view that efficiency is
counted from. The view stands on a function, so that columns of cases and processes can still be altered."""

import django.db.models.deletion
from django.db import migrations, models

FINISHED = """
CREATE FUNCTION workspace_finished() RETURNS TABLE (
    id text, person_ref varchar, person_name varchar, source varchar, step varchar, done_on date, hours numeric,
    timed integer, on_time integer, org_path varchar, division varchar
) LANGUAGE sql STABLE AS $$
    SELECT 'step:' || token.id, token.actor_ref, token.actor_name, matter.title, token.node_title,
           (token.left_at AT TIME ZONE 'Asia/Shanghai')::date,
           (extract(epoch FROM token.left_at - token.entered_at) / 3600)::numeric(12, 2),
           (token.due_on IS NOT NULL)::int,
           (token.due_on IS NOT NULL AND (token.left_at AT TIME ZONE 'Asia/Shanghai')::date <= token.due_on)::int,
           token.org_path, token.division
      FROM processes_token AS token JOIN cases_case AS matter ON matter.instance_id = token.instance_id
     WHERE token.kind = 'user' AND token.state = 'done'
    UNION ALL
    SELECT 'task:' || task.id, task.done_ref, task.done_name, task.source_title, ''::varchar,
           (task.done_at AT TIME ZONE 'Asia/Shanghai')::date,
           (extract(epoch FROM task.done_at - task.created_at) / 3600)::numeric(12, 2),
           (task.due_on IS NOT NULL)::int,
           (task.due_on IS NOT NULL AND (task.done_at AT TIME ZONE 'Asia/Shanghai')::date <= task.due_on)::int,
           task.org_path, task.division
      FROM workspace_task AS task WHERE task.state = 'done'
$$;
CREATE VIEW workspace_finishedtask AS SELECT * FROM workspace_finished();
"""
BACK = "DROP VIEW workspace_finishedtask; DROP FUNCTION workspace_finished();"


class Migration(migrations.Migration):
    dependencies = [
        ("workspace", "0001_initial"),
        ("cases", "0004_case_by_staff"),
        ("processes", "0002_token_processes_token_order_and_more"),
    ]

    operations = [
        migrations.CreateModel(
            name="FinishedTask",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="编号")),
                ("person_ref", models.CharField(max_length=64, verbose_name="办理人标识")),
                ("person_name", models.CharField(max_length=64, verbose_name="办理人")),
                ("source", models.CharField(max_length=120, verbose_name="来源")),
                ("step", models.CharField(max_length=100, verbose_name="环节")),
                ("done_on", models.DateField(verbose_name="办理日期")),
                ("hours", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="用时")),
                ("timed", models.IntegerField(verbose_name="有期限")),
                ("on_time", models.IntegerField(verbose_name="按时")),
                ("org_path", models.CharField(max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(max_length=6, verbose_name="行政区划")),
            ],
            options={
                "db_table": "workspace_finishedtask",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                ("source", models.CharField(max_length=64, verbose_name="来源标识")),
                ("source_title", models.CharField(max_length=60, verbose_name="任务来源")),
                ("key", models.CharField(max_length=100, verbose_name="来源编号")),
                ("name", models.CharField(max_length=120, verbose_name="任务名称")),
                ("requirement", models.CharField(max_length=500, verbose_name="任务要求")),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "特急"), (2, "紧急"), (3, "普通"), (4, "不急")], default=3, verbose_name="优先级"
                    ),
                ),
                ("due_on", models.DateField(null=True, verbose_name="截止时间")),
                ("assignee_ref", models.CharField(max_length=64, verbose_name="承办人标识")),
                ("assignee_name", models.CharField(max_length=60, verbose_name="承办人")),
                ("starter_ref", models.CharField(blank=True, default="", max_length=64, verbose_name="发起人标识")),
                ("link", models.CharField(blank=True, default="", max_length=300, verbose_name="业务链接")),
                ("subject", models.CharField(blank=True, default="", max_length=64, verbose_name="所属事项")),
                ("batch", models.BooleanField(default=False, verbose_name="可批量办理")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待办"), ("done", "已办"), ("cancelled", "已取消")],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("result", models.CharField(blank=True, default="", max_length=60, verbose_name="办理结果")),
                ("note", models.CharField(blank=True, default="", max_length=500, verbose_name="办理说明")),
                ("done_at", models.DateTimeField(null=True, verbose_name="办理时间")),
                ("done_ref", models.CharField(blank=True, default="", max_length=64, verbose_name="办理人标识")),
                ("done_name", models.CharField(blank=True, default="", max_length=60, verbose_name="办理人")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["assignee_ref", "due_on", "id"],
                        name="workspace_task_by_deadline",
                    ),
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["assignee_ref", "priority", "due_on", "id"],
                        name="workspace_task_by_priority",
                    ),
                    models.Index(
                        condition=models.Q(("state", "done")),
                        fields=["done_ref", "-done_at", "-id"],
                        name="workspace_task_done",
                    ),
                    models.Index(fields=["starter_ref", "-created_at", "-id"], name="workspace_task_started"),
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["due_on"], name="workspace_task_due"
                    ),
                    models.Index(fields=["-created_at", "-id"], name="workspace_task_latest"),
                    models.Index(fields=["org_path"], name="workspace_task_path", opclasses=["text_pattern_ops"]),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "key"), name="workspace_task_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "done", "cancelled"])), name="workspace_task_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("priority__in", [1, 2, 3, 4])), name="workspace_task_priority"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", True), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("done_at__isnull", False),
                                ("result__gt", ""),
                            ),
                            _connector="OR",
                        ),
                        name="workspace_task_done_with_result",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskPush",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("task_ref", models.CharField(max_length=40, verbose_name="任务")),
                ("phase", models.CharField(max_length=10, verbose_name="阶段")),
                ("content", models.JSONField(verbose_name="内容")),
                ("created_at", models.DateTimeField(verbose_name="时间")),
                ("pushed_at", models.DateTimeField(null=True, verbose_name="送达时间")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("pushed_at__isnull", True)),
                        fields=["created_at"],
                        name="workspace_taskpush_waiting",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("task_ref", "phase"), name="workspace_taskpush_once")],
            },
        ),
        migrations.CreateModel(
            name="TaskCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_ref", models.CharField(max_length=64, verbose_name="抄送人")),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="copies",
                        to="workspace.task",
                        verbose_name="任务",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person_ref", "-task"], name="workspace_taskcopy_mine")],
                "constraints": [models.UniqueConstraint(fields=("task", "person_ref"), name="workspace_taskcopy_once")],
            },
        ),
        migrations.RunSQL(FINISHED, BACK),
    ]
