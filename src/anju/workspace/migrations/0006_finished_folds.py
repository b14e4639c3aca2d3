"""Finished tasks by month and year beside those by day: all years are counted from few rows.

Everything here is new or empty, so nobody waits; the job `workspace.count_finished` folds what is there, and until then
reports count the days.
"""

from django.db import migrations, models

SPANS = """
CREATE VIEW workspace_finishedspan AS
    SELECT 'year:' || id AS id, 'year' AS span, person_ref, person_name, source, step, done_on, tasks, hours, timed, on_time,
           org_path, division
      FROM workspace_finishedyear
    UNION ALL
    SELECT 'month:' || id, 'month', person_ref, person_name, source, step, done_on, tasks, hours, timed, on_time, org_path,
           division
      FROM workspace_finishedmonth
    UNION ALL
    SELECT 'day:' || id, 'day', person_ref, person_name, source, step, done_on, tasks, hours, timed, on_time, org_path,
           division
      FROM workspace_finishedday
    UNION ALL
    SELECT live.id, 'live', person_ref, person_name, source, step, done_on, tasks, hours, timed, on_time, org_path, division
      FROM workspace_finished(
        coalesce((SELECT (day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' FROM workspace_finisheduntil), '-infinity'),
        'infinity') AS live
"""


# the columns that rows of days, months and years share
SUMS = (
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
)


class Migration(migrations.Migration):
    dependencies = [("workspace", "0005_finished_days")]

    operations = [
        migrations.CreateModel(
            name="FinishedMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                *SUMS,
                ("done_on", models.DateField(verbose_name="月份")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("done_on", "person_ref", "person_name", "source", "step", "org_path", "division"),
                        name="workspace_finishedmonth_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done_on__day", 1)), name="workspace_finishedmonth_first"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FinishedYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                *SUMS,
                ("done_on", models.DateField(verbose_name="年份")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("done_on", "person_ref", "person_name", "source", "step", "org_path", "division"),
                        name="workspace_finishedyear_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done_on__day", 1), ("done_on__month", 1)),
                        name="workspace_finishedyear_first",
                    ),
                ],
            },
        ),
        migrations.AddField("finisheduntil", "folded", models.DateField("折叠至", null=True)),
        migrations.CreateModel(
            name="FinishedSpan",
            fields=[
                *SUMS,
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="编号")),
                ("span", models.CharField(max_length=5, verbose_name="跨度")),
                ("done_on", models.DateField(verbose_name="办理日期")),
            ],
            options={"db_table": "workspace_finishedspan", "managed": False},
        ),
        migrations.RunSQL(SPANS, "DROP VIEW workspace_finishedspan"),
    ]
