"""Versions of the published specification."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gateway", "0002_feed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Specification",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False, verbose_name="版本")),
                ("product", models.CharField(max_length=20, verbose_name="产品版本")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                ("content", models.JSONField(verbose_name="内容")),
                ("published_at", models.DateTimeField(verbose_name="发布时间")),
            ],
            options={
                "verbose_name": "接口规范",
            },
        ),
    ]
