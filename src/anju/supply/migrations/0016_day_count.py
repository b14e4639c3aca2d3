"""The counts of units at the end of days."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0015_project_information"),
    ]

    operations = [
        migrations.CreateModel(
            name="DayCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="日期")),
                ("status", models.CharField(max_length=16, verbose_name="状态")),
                ("programme", models.CharField(max_length=32, verbose_name="保障类别")),
                ("division", models.CharField(max_length=6, verbose_name="行政区划")),
                ("layout", models.CharField(max_length=32, verbose_name="户型")),
                ("units", models.IntegerField(verbose_name="套数")),
                ("floor_area", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="建筑面积")),
                ("rent", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="月租金合计")),
                (
                    "project",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="supply.project",
                        verbose_name="项目",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("on", "project", "status", "programme", "division", "layout"),
                        name="supply_daycount_once",
                    )
                ],
            },
        ),
    ]
