"""Demand surveys and what residents answered."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("citizen", "0002_codes_for_staff"),
    ]

    operations = [
        migrations.CreateModel(
            name="Survey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                ("city", models.CharField(max_length=6, verbose_name="城市")),
                ("title", models.CharField(max_length=60, verbose_name="标题")),
                ("intro", models.CharField(blank=True, default="", max_length=500, verbose_name="说明")),
                ("opens_on", models.DateField(verbose_name="开始日期")),
                ("closes_on", models.DateField(verbose_name="截止日期")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="发布时间")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤下时间")),
            ],
            options={
                "indexes": [models.Index(fields=["city", "-closes_on", "-id"], name="citizen_survey_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_on__gte", models.F("opens_on"))), name="citizen_survey_days"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True),
                            models.Q(("published_at__isnull", False), ("withdrawn_at__gte", models.F("published_at"))),
                            _connector="OR",
                        ),
                        name="citizen_survey_withdrawn_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                ("situation", models.CharField(max_length=32, verbose_name="现在的住房")),
                ("programme", models.CharField(max_length=32, verbose_name="想要的保障")),
                ("wanted_division", models.CharField(max_length=6, verbose_name="想住的区")),
                ("layout", models.CharField(max_length=32, verbose_name="户型")),
                ("rent_band", models.CharField(max_length=16, verbose_name="能承受的月租")),
                ("moving", models.CharField(max_length=16, verbose_name="什么时候要住")),
                ("people", models.PositiveSmallIntegerField(verbose_name="同住人数")),
                ("note", models.CharField(blank=True, default="", max_length=300, verbose_name="还想说的")),
                (
                    "resident",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="citizen.resident",
                        verbose_name="居民",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="citizen.survey",
                        verbose_name="调查",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["resident"], name="citizen_survey_of_resident")],
                "constraints": [
                    models.UniqueConstraint(fields=("survey", "resident"), name="citizen_survey_answered_once"),
                    models.CheckConstraint(
                        condition=models.Q(("people__gte", 1), ("people__lte", 20)), name="citizen_survey_people"
                    ),
                ],
            },
        ),
    ]
