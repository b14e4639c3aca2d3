"""Contracts of talents that were pushed to the talent-housing platform."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0004_contract_templates"),
    ]

    operations = [
        migrations.CreateModel(
            name="TalentContract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                ("talent_no", models.CharField(max_length=40, verbose_name="人才认定编号")),
                ("level", models.CharField(max_length=16, verbose_name="人才层级")),
                ("state", models.CharField(default="pushing", max_length=10, verbose_name="推送状态")),
                ("asked_by", models.CharField(blank=True, default="", max_length=50, verbose_name="推送人")),
                ("told_at", models.DateTimeField(null=True, verbose_name="平台接收时间")),
                ("receipt", models.CharField(blank=True, default="", max_length=64, verbose_name="平台回执")),
                ("trouble", models.CharField(blank=True, default="", max_length=200, verbose_name="推送问题")),
                (
                    "contract",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.contract",
                        verbose_name="合同",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["org_path"], name="tenancy_talentcontract_path", opclasses=["text_pattern_ops"]
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "pushing"),
                            models.Q(("state", "pushed"), ("told_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="tenancy_talentcontract_state",
                    )
                ],
            },
        ),
    ]
