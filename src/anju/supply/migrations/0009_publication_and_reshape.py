"""Acts on many units of a project, opinions on them, and units split and merged."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0008_life_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reshape",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                (
                    "kind",
                    models.CharField(choices=[("split", "拆套"), ("merge", "合并")], max_length=8, verbose_name="方式"),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("by_name", models.CharField(default="", max_length=50, verbose_name="经办人")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="原因")),
                ("area_before", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="原建筑面积")),
                ("area_after", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="现建筑面积")),
                ("rent_before", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="原月租金")),
                ("rent_after", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="现月租金")),
                (
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.building",
                        verbose_name="楼栋",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReshapePart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("after", models.BooleanField(verbose_name="拆并之后")),
                ("floor_area", models.DecimalField(decimal_places=2, max_digits=8, verbose_name="建筑面积")),
                ("rent", models.DecimalField(decimal_places=2, max_digits=10, verbose_name="月租金")),
                (
                    "reshape",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="supply.reshape",
                        verbose_name="拆并",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.unit",
                        verbose_name="房源",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SupplyReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                (
                    "result",
                    models.CharField(
                        choices=[("passed", "信息准确、合规"), ("returned", "需要更正")],
                        max_length=16,
                        verbose_name="审核结果",
                    ),
                ),
                ("accuracy", models.CharField(max_length=500, verbose_name="信息准确性意见")),
                ("compliance", models.CharField(max_length=500, verbose_name="合规性意见")),
                ("units", models.PositiveIntegerField(verbose_name="审核时已确认套数")),
                ("at", models.DateTimeField(verbose_name="审核时间")),
                ("by_name", models.CharField(default="", max_length=50, verbose_name="审核人")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.project",
                        verbose_name="项目",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("confirm", "确认房源"),
                            ("undo", "取消确认"),
                            ("publish", "发布"),
                            ("withdraw", "回退发布"),
                            ("recover", "回收房源"),
                        ],
                        max_length=16,
                        verbose_name="办理",
                    ),
                ),
                ("units", models.PositiveIntegerField(verbose_name="套数")),
                ("rentable", models.PositiveIntegerField(verbose_name="办理后可租套数")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("by_name", models.CharField(default="", max_length=50, verbose_name="经办人")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="说明")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.project",
                        verbose_name="项目",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-at", "-id"], name="supply_publication_newest")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("units__gt", 0)), name="supply_publication_units")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="reshape",
            index=models.Index(fields=["-at", "-id"], name="supply_reshape_newest"),
        ),
        migrations.AddConstraint(
            model_name="reshape",
            constraint=models.CheckConstraint(
                condition=models.Q(("area_before", models.F("area_after"))), name="supply_reshape_area"
            ),
        ),
        migrations.AddConstraint(
            model_name="reshape",
            constraint=models.CheckConstraint(
                condition=models.Q(("rent_before", models.F("rent_after"))), name="supply_reshape_rent"
            ),
        ),
        migrations.AddConstraint(
            model_name="reshapepart",
            constraint=models.UniqueConstraint(fields=("reshape", "unit"), name="supply_reshapepart_once"),
        ),
        migrations.AddIndex(
            model_name="supplyreview",
            index=models.Index(fields=["-at", "-id"], name="supply_supplyreview_newest"),
        ),
        migrations.AddConstraint(
            model_name="supplyreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accuracy", ""), _negated=True), models.Q(("compliance", ""), _negated=True)
                ),
                name="supply_supplyreview_opinion",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplyreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("result__in", ["passed", "returned"]),
                    models.Q(("units__gt", 0), ("result", "returned"), _connector="OR"),
                ),
                name="supply_supplyreview_result",
            ),
        ),
    ]
