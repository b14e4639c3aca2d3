"""Homes that residents keep: marked, looked at, compared."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("citizen", "0004_kept_projects"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptUnits",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("favourite", models.JSONField(default=list, verbose_name="收藏")),
                ("seen", models.JSONField(default=list, verbose_name="最近看过")),
                ("compare", models.JSONField(default=list, verbose_name="对比")),
                ("kept_at", models.DateTimeField(auto_now=True, verbose_name="保存时间")),
                (
                    "resident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="citizen.resident",
                        verbose_name="账号",
                    ),
                ),
            ],
        ),
    ]
