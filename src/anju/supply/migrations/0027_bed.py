"""Beds of rooms."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0026_counts_of_lent_units_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                ("number", models.CharField(max_length=10, verbose_name="床位号")),
                (
                    "rent",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=10, null=True, verbose_name="床位月租金"
                    ),
                ),
                ("usable", models.BooleanField(db_default=True, default=True, verbose_name="可用")),
                (
                    "room",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.room",
                        verbose_name="房间",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["number", "id"], name="supply_bed_by_number")],
                "constraints": [
                    models.UniqueConstraint(fields=("room", "number"), name="supply_bed_number"),
                    models.CheckConstraint(condition=models.Q(("rent__gte", 0)), name="supply_bed_rent"),
                ],
            },
        ),
    ]
