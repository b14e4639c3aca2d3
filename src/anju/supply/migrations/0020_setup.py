"""Units on their way into the register: set-up batches and what was told of their units."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0019_natures_hold"),
    ]

    operations = [
        migrations.CreateModel(
            name="SetupBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                ("number", models.CharField(max_length=32, verbose_name="搭建批次号")),
                ("estate", models.CharField(max_length=100, verbose_name="小区名称")),
                ("survey_number", models.CharField(blank=True, default="", max_length=40, verbose_name="测绘项目号")),
                ("fetched_at", models.DateTimeField(null=True, verbose_name="读取时间")),
                ("trouble", models.CharField(blank=True, default="", max_length=200, verbose_name="读取问题")),
                ("reviewed_at", models.DateTimeField(null=True, verbose_name="审核时间")),
                ("reviewed_by", models.CharField(blank=True, default="", max_length=50, verbose_name="审核人")),
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
            name="SetupUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                ("surveyed", models.BooleanField(default=False, verbose_name="成果系统")),
                ("from_company", models.BooleanField(default=False, verbose_name="企业表格")),
                ("estate", models.CharField(max_length=100, verbose_name="小区名称")),
                ("building", models.CharField(max_length=50, verbose_name="楼栋")),
                ("room_no", models.CharField(max_length=20, verbose_name="室号")),
                ("floors", models.IntegerField(null=True, verbose_name="地上层数")),
                ("floor", models.IntegerField(null=True, verbose_name="楼层")),
                ("layout", models.CharField(blank=True, default="", max_length=32, verbose_name="户型")),
                (
                    "floor_area",
                    models.DecimalField(decimal_places=2, max_digits=10, null=True, verbose_name="建筑面积"),
                ),
                ("orientation", models.CharField(blank=True, default="", max_length=16, verbose_name="朝向")),
                ("rent", models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name="月租金")),
                ("planned_use", models.CharField(blank=True, default="", max_length=50, verbose_name="规划用途")),
                ("location", models.CharField(blank=True, default="", max_length=300, verbose_name="测绘坐落")),
                (
                    "state",
                    models.CharField(
                        choices=[("staged", "待审核"), ("admitted", "已入库"), ("refused", "未通过")],
                        default="staged",
                        max_length=16,
                        verbose_name="审核结果",
                    ),
                ),
                ("problems", models.CharField(blank=True, default="", max_length=500, verbose_name="未通过原因")),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="supply.setupbatch",
                        verbose_name="搭建批次",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.unit",
                        verbose_name="房源",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="setupbatch",
            constraint=models.UniqueConstraint(fields=("number",), name="supply_setupbatch_number"),
        ),
        migrations.AddIndex(
            model_name="setupunit",
            index=models.Index(fields=["room_no", "id"], name="supply_setupunit_by_room"),
        ),
        migrations.AddConstraint(
            model_name="setupunit",
            constraint=models.UniqueConstraint(
                fields=("batch", "estate", "building", "room_no"), name="supply_setupunit_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="setupunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "admitted"), ("unit__isnull", False)),
                    models.Q(models.Q(("state", "admitted"), _negated=True), ("unit__isnull", True)),
                    _connector="OR",
                ),
                name="supply_setupunit_admitted",
            ),
        ),
        migrations.AddConstraint(
            model_name="setupunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("problems", ""), _negated=True),
                    _connector="OR",
                ),
                name="supply_setupunit_reason",
            ),
        ),
    ]
