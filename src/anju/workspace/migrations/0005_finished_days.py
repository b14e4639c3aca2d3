"""Finished tasks counted day by day: over years there are millions, and a report waits for them no longer."""

from importlib import import_module

from django.db import migrations, models

COLUMNS = """
    id text, person_ref varchar, person_name varchar, source varchar, step varchar, done_on date, tasks integer,
    hours numeric, timed integer, on_time integer, org_path varchar, division varchar
"""
LIVE = f"""
DROP VIEW workspace_finishedtask;
DROP FUNCTION workspace_finished();
CREATE FUNCTION workspace_finished(since timestamptz, until timestamptz) RETURNS TABLE ({COLUMNS})
LANGUAGE sql STABLE AS $$
    SELECT 'step:' || token.id, token.actor_ref, token.actor_name, definition.title, token.node_title,
           (token.left_at AT TIME ZONE 'Asia/Shanghai')::date, 1,
           (extract(epoch FROM token.left_at - token.entered_at) / 3600)::numeric(12, 2),
           (token.due_on IS NOT NULL)::int,
           (token.due_on IS NOT NULL AND (token.left_at AT TIME ZONE 'Asia/Shanghai')::date <= token.due_on)::int,
           token.org_path, token.division
      FROM processes_token AS token JOIN processes_instance AS run ON run.id = token.instance_id
      JOIN processes_definition AS definition ON definition.id = run.definition_id
     WHERE token.kind = 'user' AND token.state = 'done' AND token.left_at >= since AND token.left_at < until
    UNION ALL
    SELECT 'task:' || task.id, task.done_ref, task.done_name, task.source_title, ''::varchar,
           (task.done_at AT TIME ZONE 'Asia/Shanghai')::date, 1,
           (extract(epoch FROM task.done_at - task.created_at) / 3600)::numeric(12, 2),
           (task.due_on IS NOT NULL)::int,
           (task.due_on IS NOT NULL AND (task.done_at AT TIME ZONE 'Asia/Shanghai')::date <= task.due_on)::int,
           task.org_path, task.division
      FROM workspace_task AS task WHERE task.state = 'done' AND task.done_at >= since AND task.done_at < until
$$;
CREATE VIEW workspace_finishedtask AS
    SELECT 'day:' || id AS id, person_ref, person_name, source, step, done_on, tasks, hours, timed, on_time, org_path,
           division
      FROM workspace_finishedday
    UNION ALL
    SELECT * FROM workspace_finished(
        coalesce((SELECT (day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' FROM workspace_finisheduntil), '-infinity'),
        'infinity');
"""
BACK = (
    "DROP VIEW workspace_finishedtask; DROP FUNCTION workspace_finished(timestamptz, timestamptz);"
    + import_module("anju.workspace.migrations.0002_tasks").FINISHED
)


class Migration(migrations.Migration):
    dependencies = [
        ("workspace", "0004_screen_template_office"),
    ]

    operations = [
        migrations.CreateModel(
            name="FinishedDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("done_on", models.DateField(verbose_name="办理日期")),
                ("person_ref", models.CharField(max_length=64, verbose_name="办理人标识")),
                ("person_name", models.CharField(max_length=64, verbose_name="办理人")),
                ("source", models.CharField(max_length=120, verbose_name="来源")),
                ("step", models.CharField(max_length=100, verbose_name="环节")),
                ("org_path", models.CharField(max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(max_length=6, verbose_name="行政区划")),
                ("tasks", models.IntegerField(verbose_name="件数")),
                ("hours", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="用时")),
                ("timed", models.IntegerField(verbose_name="有期限")),
                ("on_time", models.IntegerField(verbose_name="按时")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("done_on", "person_ref", "person_name", "source", "step", "org_path", "division"),
                        name="workspace_finishedday_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FinishedUntil",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="日期")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="workspace_finisheduntil_one")
                ],
            },
        ),
        migrations.AddField("finishedtask", "tasks", models.IntegerField("件数", default=0), preserve_default=False),
        migrations.RunSQL(LIVE, BACK),
    ]
