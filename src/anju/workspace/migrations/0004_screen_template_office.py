"""The summary of the big screen; templates say whose they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workspace", "0003_messages_desks_doors"),
    ]

    operations = [
        migrations.AddField(
            model_name="template",
            name="division",
            field=models.CharField(default="", max_length=6, verbose_name="行政区划"),
        ),
        migrations.AddField(
            model_name="template",
            name="extra",
            field=models.JSONField(blank=True, default=dict, verbose_name="扩展属性"),
        ),
        migrations.AddField(
            model_name="template",
            name="org_path",
            field=models.CharField(default="/", max_length=200, verbose_name="所属机构"),
        ),
        migrations.CreateModel(
            name="ScreenEstate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("project_id", models.BigIntegerField(verbose_name="项目")),
                ("estate_id", models.BigIntegerField(null=True, verbose_name="小区")),
                ("estate", models.CharField(blank=True, default="", max_length=100, verbose_name="小区名称")),
                ("programme", models.CharField(max_length=32, verbose_name="保障类别")),
                ("units", models.PositiveIntegerField(verbose_name="房源")),
                ("rooms", models.PositiveIntegerField(verbose_name="房间")),
                ("occupied", models.PositiveIntegerField(verbose_name="已入住")),
                ("vacant", models.PositiveIntegerField(verbose_name="可供应")),
                ("org_path", models.CharField(max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(max_length=6, verbose_name="行政区划")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("counted_at", models.DateTimeField(verbose_name="统计时间")),
            ],
            options={
                "indexes": [models.Index(fields=["division"], name="workspace_screen_division")],
            },
        ),
    ]
