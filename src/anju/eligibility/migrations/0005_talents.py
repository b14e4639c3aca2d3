"""Applicants who say that they are talents, and what the talent-housing platform was told of their certificates."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import anju.kernel.crypto.fields
import anju.kernel.registers.search


class Migration(migrations.Migration):
    dependencies = [
        ("eligibility", "0004_publicity_of_case"),
    ]

    operations = [
        migrations.CreateModel(
            name="Talent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                ("holder_key", models.BinaryField(max_length=32, unique=True, verbose_name="证件索引")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("document_type", models.CharField(max_length=20, verbose_name="证件类型")),
                ("number", anju.kernel.crypto.fields.EncryptedText(verbose_name="证件号码")),
                ("case_number", models.CharField(blank=True, default="", max_length=40, verbose_name="案件编号")),
                (
                    "wish_division",
                    models.CharField(blank=True, default="", max_length=6, verbose_name="意向项目所在区"),
                ),
                ("wish_layout", models.CharField(blank=True, default="", max_length=32, verbose_name="意向户型")),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "待核对"), ("confirmed", "已认定"), ("unknown", "平台无认定")],
                        default="asked",
                        max_length=10,
                        verbose_name="认定",
                    ),
                ),
                ("level", models.CharField(blank=True, default="", max_length=16, verbose_name="人才层级")),
                ("talent_division", models.CharField(blank=True, default="", max_length=6, verbose_name="人才所属区")),
                (
                    "certificate_no",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="人才认定编号"),
                ),
                ("valid_until", models.DateField(null=True, verbose_name="认定有效期至")),
                ("asked_at", models.DateTimeField(null=True, verbose_name="核对时间")),
                ("trouble", models.CharField(blank=True, default="", max_length=200, verbose_name="核对问题")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["org_path"], name="eligibility_talent_path", opclasses=["text_pattern_ops"]),
                    django.contrib.postgres.indexes.GinIndex(
                        anju.kernel.registers.search.Grams(
                            anju.kernel.registers.search.SearchText(models.F("name"), models.F("case_number"))
                        ),
                        name="eligibility_talent_search",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "confirmed"), _negated=True),
                            models.Q(
                                models.Q(("level", ""), _negated=True),
                                models.Q(("certificate_no", ""), _negated=True),
                                ("valid_until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="eligibility_talent_confirmed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QualificationPush",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                ("state", models.CharField(default="pushing", max_length=10, verbose_name="推送状态")),
                (
                    "standing",
                    models.CharField(
                        blank=True,
                        choices=[("valid", "有效"), ("expired", "已到期"), ("revoked", "已注销")],
                        default="",
                        max_length=10,
                        verbose_name="告知的资格",
                    ),
                ),
                ("certificate_version", models.PositiveIntegerField(default=0, verbose_name="资格证版本")),
                ("digest", models.CharField(default="", max_length=40, verbose_name="内容摘要")),
                ("told_at", models.DateTimeField(null=True, verbose_name="平台接收时间")),
                ("receipt", models.CharField(blank=True, default="", max_length=64, verbose_name="平台回执")),
                ("trouble", models.CharField(blank=True, default="", max_length=200, verbose_name="推送问题")),
                (
                    "certificate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="eligibility.certificate",
                        verbose_name="资格证",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="eligibility.talent",
                        verbose_name="人才",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["org_path"], name="eligibility_qualipush_path", opclasses=["text_pattern_ops"])
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "pushing"),
                            models.Q(("state", "pushed"), ("told_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="eligibility_qualificationpush_state",
                    )
                ],
            },
        ),
    ]
