"""What the columns of foreign spreadsheets mean, and which import a line of history comes from."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0003_attribute"),
    ]

    operations = [
        migrations.CreateModel(
            name="HeaderName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("register", models.CharField(max_length=64, verbose_name="登记册")),
                ("kind", models.CharField(max_length=32, verbose_name="导入类别")),
                ("org_path", models.CharField(max_length=200, verbose_name="机构")),
                ("header", models.CharField(max_length=100, verbose_name="表头")),
                ("field", models.CharField(blank=True, default="", max_length=64, verbose_name="字段")),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="import",
            name="registers_import_state",
        ),
        migrations.AddField(
            model_name="import",
            name="columns",
            field=models.JSONField(default=dict, verbose_name="列的对应"),
        ),
        migrations.AddField(
            model_name="registerhistory",
            name="import_id",
            field=models.BigIntegerField(null=True, verbose_name="导入"),
        ),
        migrations.AlterField(
            model_name="import",
            name="state",
            field=models.CharField(
                choices=[
                    ("mapping", "待对应列"),
                    ("checking", "试运行中"),
                    ("checked", "试运行完成"),
                    ("importing", "导入中"),
                    ("done", "已导入"),
                    ("failed", "文件无法读取"),
                    ("cancelled", "已取消"),
                    ("undoing", "撤销中"),
                    ("undone", "已撤销"),
                ],
                default="checking",
                max_length=12,
                verbose_name="状态",
            ),
        ),
        AddConstraintNotValid(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "mapping",
                            "checking",
                            "checked",
                            "importing",
                            "done",
                            "failed",
                            "cancelled",
                            "undoing",
                            "undone",
                        ],
                    )
                ),
                name="registers_import_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="headername",
            constraint=models.UniqueConstraint(
                fields=("org_path", "register", "kind", "header"), name="registers_headername_once"
            ),
        ),
    ]
