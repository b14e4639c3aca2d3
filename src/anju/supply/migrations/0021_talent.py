"""Batches of talent housing, and the units that carry a talent mark."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0020_setup"),
    ]

    operations = [
        migrations.CreateModel(
            name="TalentBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                ("number", models.PositiveSmallIntegerField(verbose_name="批次")),
                ("managing_division", models.CharField(max_length=6, verbose_name="批次管理区")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "供应中"), ("ended", "已结束")],
                        default="open",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                ("ended_by", models.CharField(blank=True, default="", max_length=50, verbose_name="结束人")),
                ("told_at", models.DateTimeField(null=True, verbose_name="平台获知结束")),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.project",
                        verbose_name="项目",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TalentUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                ("level", models.CharField(max_length=16, verbose_name="人才层级")),
                ("category", models.CharField(max_length=16, verbose_name="人才房类别")),
                ("word", models.CharField(blank=True, default="", max_length=32, verbose_name="特殊属性词")),
                ("managing_division", models.CharField(max_length=6, verbose_name="房源管理区")),
                ("active", models.BooleanField(default=True, verbose_name="标识有效")),
                ("cancelled_at", models.DateTimeField(null=True, verbose_name="注销时间")),
                (
                    "push_state",
                    models.CharField(
                        choices=[
                            ("none", "未推送"),
                            ("pushing", "推送中"),
                            ("pushed", "已推送"),
                            ("rolled_back", "已回退"),
                        ],
                        default="none",
                        max_length=16,
                        verbose_name="推送状态",
                    ),
                ),
                ("told_at", models.DateTimeField(null=True, verbose_name="平台接收时间")),
                ("receipt", models.CharField(blank=True, default="", max_length=64, verbose_name="平台回执")),
                ("trouble", models.CharField(blank=True, default="", max_length=200, verbose_name="推送问题")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="supply.talentbatch",
                        verbose_name="人才批次",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.unit",
                        verbose_name="房源",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="talentbatch",
            index=models.Index(fields=["-year", "-id"], name="supply_talentbatch_newest"),
        ),
        migrations.AddConstraint(
            model_name="talentbatch",
            constraint=models.UniqueConstraint(fields=("project", "year", "number"), name="supply_talentbatch_once"),
        ),
        migrations.AddConstraint(
            model_name="talentbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1), ("year__gte", 2000), ("year__lte", 2100)),
                name="supply_talentbatch_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="talentbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state", "open")),
                    models.Q(("ended_at__isnull", False), ("state", "ended")),
                    _connector="OR",
                ),
                name="supply_talentbatch_ended",
            ),
        ),
        migrations.AddIndex(
            model_name="talentunit",
            index=models.Index(fields=["unit", "id"], name="supply_talentunit_of_unit"),
        ),
        migrations.AddConstraint(
            model_name="talentunit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True)), fields=("unit",), name="supply_talentunit_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="talentunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("active", True),
                    models.Q(("push_state__in", ["pushing", "pushed"]), _negated=True),
                    _connector="OR",
                ),
                name="supply_talentunit_cancelled",
            ),
        ),
        migrations.AddConstraint(
            model_name="talentunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("push_state", "pushed"), _negated=True), ("told_at__isnull", False), _connector="OR"
                ),
                name="supply_talentunit_told",
            ),
        ),
    ]
