"""Redistribution orders and reserve plans; units may carry the redistribution attribute."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0008_organisation_kind_developer"),
        ("supply", "0016_day_count"),
    ]

    operations = [
        migrations.CreateModel(
            name="Redistribution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                ("number", models.CharField(max_length=32, verbose_name="调配单号")),
                ("title", models.CharField(max_length=100, verbose_name="标题")),
                ("to_division", models.CharField(max_length=6, verbose_name="调入区")),
                ("reason", models.CharField(max_length=500, verbose_name="调配理由")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "拟稿"),
                            ("submitted", "待核定"),
                            ("approved", "已核定"),
                            ("refused", "核定不通过"),
                            ("issued", "已下达"),
                        ],
                        default="draft",
                        max_length=16,
                        verbose_name="状态",
                    ),
                ),
                ("opinion", models.CharField(blank=True, default="", max_length=500, verbose_name="核定意见")),
                ("approved_by", models.CharField(blank=True, default="", max_length=50, verbose_name="核定人")),
                ("approved_at", models.DateTimeField(null=True, verbose_name="核定时间")),
                ("issued_at", models.DateTimeField(null=True, verbose_name="下达时间")),
                ("document_id", models.BigIntegerField(null=True, verbose_name="下达单")),
            ],
        ),
        migrations.CreateModel(
            name="RedistributionUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                ("from_division", models.CharField(max_length=6, verbose_name="原属区划")),
                ("active", models.BooleanField(default=True, verbose_name="有效")),
                ("recovered_at", models.DateTimeField(null=True, verbose_name="收回时间")),
            ],
        ),
        migrations.CreateModel(
            name="ReserveHolding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(verbose_name="储备时间")),
                ("released_at", models.DateTimeField(null=True, verbose_name="释放时间")),
            ],
        ),
        migrations.CreateModel(
            name="ReservePlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("title", models.CharField(max_length=100, verbose_name="计划名称")),
                ("size", models.PositiveIntegerField(verbose_name="储备规模")),
                ("first", models.PositiveIntegerField(default=0, verbose_name="一季度")),
                ("second", models.PositiveIntegerField(default=0, verbose_name="二季度")),
                ("third", models.PositiveIntegerField(default=0, verbose_name="三季度")),
                ("fourth", models.PositiveIntegerField(default=0, verbose_name="四季度")),
            ],
        ),
        migrations.AddField(
            model_name="unit",
            name="transferable",
            field=models.BooleanField(db_default=False, default=False, verbose_name="调配属性"),
        ),
        migrations.AddField(
            model_name="redistribution",
            name="receiver",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="identity.organisation",
                verbose_name="调入机构",
            ),
        ),
        migrations.AddField(
            model_name="redistributionunit",
            name="redistribution",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="units",
                to="supply.redistribution",
                verbose_name="调配单",
            ),
        ),
        migrations.AddField(
            model_name="redistributionunit",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="supply.unit",
                verbose_name="房源",
            ),
        ),
        migrations.AddField(
            model_name="reserveholding",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="supply.unit",
                verbose_name="房源",
            ),
        ),
        migrations.AddIndex(
            model_name="reserveplan",
            index=models.Index(fields=["-year", "-id"], name="supply_reserveplan_newest"),
        ),
        migrations.AddConstraint(
            model_name="reserveplan",
            constraint=models.UniqueConstraint(fields=("division", "year", "title"), name="supply_reserveplan_once"),
        ),
        migrations.AddConstraint(
            model_name="reserveplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "size",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("first"), "+", models.F("second")
                                ),
                                "+",
                                models.F("third"),
                            ),
                            "+",
                            models.F("fourth"),
                        ),
                    )
                ),
                name="supply_reserveplan_quarters",
            ),
        ),
        migrations.AddConstraint(
            model_name="reserveplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gt", 0), ("year__gte", 2000), ("year__lte", 2100)),
                name="supply_reserveplan_size",
            ),
        ),
        migrations.AddField(
            model_name="reserveholding",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="holdings",
                to="supply.reserveplan",
                verbose_name="储备计划",
            ),
        ),
        migrations.AddConstraint(
            model_name="redistribution",
            constraint=models.UniqueConstraint(fields=("number",), name="supply_redistribution_number"),
        ),
        migrations.AddConstraint(
            model_name="redistribution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["approved", "issued"]), _negated=True),
                    ("approved_at__isnull", False),
                    _connector="OR",
                ),
                name="supply_redistribution_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="redistribution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "issued"), _negated=True),
                    models.Q(("document_id__isnull", False), ("issued_at__isnull", False)),
                    _connector="OR",
                ),
                name="supply_redistribution_issued",
            ),
        ),
        migrations.AddIndex(
            model_name="redistributionunit",
            index=models.Index(fields=["unit", "id"], name="supply_redistribution_of_unit"),
        ),
        migrations.AddConstraint(
            model_name="redistributionunit",
            constraint=models.UniqueConstraint(
                fields=("redistribution", "unit"), name="supply_redistributionunit_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="redistributionunit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True)), fields=("unit",), name="supply_redistributionunit_active"
            ),
        ),
        migrations.AddConstraint(
            model_name="reserveholding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("released_at__isnull", True)), fields=("unit",), name="supply_reserveholding_once"
            ),
        ),
    ]
