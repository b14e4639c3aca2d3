"""What other systems are to be told of units, and were told."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0009_publication_and_reshape"),
    ]

    operations = [
        migrations.CreateModel(
            name="UnitDue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "system",
                    models.CharField(
                        choices=[
                            ("data_hub", "大数据中台（我要租房）"),
                            ("resettlement_system", "征收安置系统"),
                            ("land_expropriation", "国有土地征收系统"),
                            ("agreement_exchange", "协议置换系统"),
                            ("talent_platform", "市人才安居平台"),
                        ],
                        max_length=24,
                        verbose_name="系统",
                    ),
                ),
                ("unit_id", models.BigIntegerField(verbose_name="房源")),
                ("code", models.CharField(max_length=40, verbose_name="房源编码")),
            ],
            options={
                "indexes": [models.Index(fields=["system", "id"], name="supply_unitdue_of_system")],
            },
        ),
        migrations.CreateModel(
            name="UnitPush",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "system",
                    models.CharField(
                        choices=[
                            ("data_hub", "大数据中台（我要租房）"),
                            ("resettlement_system", "征收安置系统"),
                            ("land_expropriation", "国有土地征收系统"),
                            ("agreement_exchange", "协议置换系统"),
                            ("talent_platform", "市人才安居平台"),
                        ],
                        max_length=24,
                        verbose_name="系统",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="跟随")),
                ("revision", models.BigIntegerField(default=0, verbose_name="变更号")),
                ("content", models.JSONField(default=dict, verbose_name="已告知的内容")),
                ("told_at", models.DateTimeField(null=True, verbose_name="告知时间")),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="supply.unit",
                        verbose_name="房源",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["system", "-told_at"], name="supply_unitpush_told")],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "system"), name="supply_unitpush_once"),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("active", True),
                            ("system__in", ["land_expropriation", "agreement_exchange", "resettlement_system"]),
                        ),
                        fields=("unit",),
                        name="supply_unitpush_one_user",
                    ),
                ],
            },
        ),
    ]
