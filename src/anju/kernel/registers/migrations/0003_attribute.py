"""Attributes that a city adds to registers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0002_grams"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attribute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("register", models.CharField(max_length=64, verbose_name="登记册")),
                ("key", models.CharField(max_length=30, verbose_name="编码")),
                ("title", models.CharField(max_length=30, verbose_name="名称")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("text", "文字"),
                            ("textarea", "多行文字"),
                            ("integer", "整数"),
                            ("number", "数字"),
                            ("money", "金额"),
                            ("date", "日期"),
                            ("boolean", "是/否"),
                            ("choice", "单选"),
                        ],
                        max_length=8,
                        verbose_name="类型",
                    ),
                ),
                ("options", models.TextField(blank=True, default="", verbose_name="选项")),
                ("dictionary", models.CharField(blank=True, default="", max_length=60, verbose_name="字典")),
                ("unit", models.CharField(blank=True, default="", max_length=10, verbose_name="单位")),
                ("hint", models.CharField(blank=True, default="", max_length=100, verbose_name="填写说明")),
                ("required", models.BooleanField(default=False, verbose_name="必填")),
                (
                    "min",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name="最小值"),
                ),
                (
                    "max",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name="最大值"),
                ),
                ("max_length", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="最多字数")),
                ("pattern", models.CharField(blank=True, default="", max_length=200, verbose_name="格式")),
                ("listed", models.BooleanField(default=False, verbose_name="列表默认显示")),
                ("filtered", models.BooleanField(default=True, verbose_name="可筛选")),
                ("position", models.PositiveSmallIntegerField(default=10, verbose_name="排列次序")),
                ("active", models.BooleanField(default=True, verbose_name="启用")),
            ],
            options={
                "indexes": [models.Index(fields=["position", "id"], name="registers_attribute_order")],
                "constraints": [
                    models.UniqueConstraint(fields=("register", "key"), name="registers_attribute_key"),
                    models.UniqueConstraint(fields=("register", "title"), name="registers_attribute_title"),
                    models.CheckConstraint(
                        condition=models.Q(("key__regex", "^[a-z][a-z0-9_]*$")), name="registers_attribute_key_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "type__in",
                                ["text", "textarea", "integer", "number", "money", "date", "boolean", "choice"],
                            )
                        ),
                        name="registers_attribute_type",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("min__isnull", True), ("max__isnull", True), ("min__lte", models.F("max")), _connector="OR"
                        ),
                        name="registers_attribute_bounds",
                    ),
                ],
            },
        ),
    ]
