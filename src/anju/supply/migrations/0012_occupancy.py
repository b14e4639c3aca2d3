"""Who lived in a unit from when to when; nobody beside another."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0011_push_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Occupancy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("contract_id", models.BigIntegerField(null=True, verbose_name="合同")),
                ("who", models.CharField(max_length=50, verbose_name="承租人")),
                ("starts_on", models.DateField(verbose_name="起租日")),
                ("ended_on", models.DateField(null=True, verbose_name="退租日")),
                ("lease_end", models.DateField(null=True, verbose_name="合同到期日")),
                ("rent", models.DecimalField(decimal_places=2, max_digits=10, verbose_name="月租金")),
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
            options={
                "indexes": [models.Index(fields=["unit", "-starts_on"], name="supply_occupancy_of_unit")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on__isnull", True), ("ended_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="supply_occupancy_order",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("unit", "="),
                            (
                                models.Func(
                                    "starts_on",
                                    "ended_on",
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="supply_occupancy_alone",
                    ),
                ],
            },
        ),
    ]
