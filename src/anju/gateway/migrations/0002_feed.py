"""Changes of users and organisations as parties see them, and who has them pushed."""

import django.db.models.deletion
from django.db import migrations, models

import anju.kernel.crypto.fields


class Migration(migrations.Migration):
    dependencies = [
        ("gateway", "0001_doors"),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedEntry",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="序号")),
                ("kind", models.CharField(max_length=20, verbose_name="对象")),
                ("object_id", models.BigIntegerField(verbose_name="标识")),
                ("action", models.CharField(max_length=20, verbose_name="变更")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("was_path", models.CharField(default="", max_length=200, verbose_name="原所属机构")),
                ("was_division", models.CharField(default="", max_length=6, verbose_name="原行政区划")),
            ],
            options={
                "verbose_name": "增量",
                "indexes": [models.Index(fields=["kind", "object_id", "-number"], name="gateway_feed_object")],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                ("url", models.CharField(max_length=300, verbose_name="推送地址")),
                ("kinds", models.CharField(max_length=80, verbose_name="订阅内容")),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "推送中"), ("paused", "暂停")],
                        default="active",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("secret", anju.kernel.crypto.fields.EncryptedText(verbose_name="推送密钥")),
                ("cursor", models.BigIntegerField(default=0, verbose_name="已送达序号")),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="连续失败")),
                ("next_try_at", models.DateTimeField(null=True, verbose_name="下次推送")),
                ("error", models.CharField(blank=True, default="", max_length=200, verbose_name="最近错误")),
                ("delivered_at", models.DateTimeField(null=True, verbose_name="最近送达")),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscriptions",
                        to="gateway.party",
                        verbose_name="接入方",
                    ),
                ),
            ],
            options={
                "verbose_name": "增量订阅",
                "constraints": [
                    models.UniqueConstraint(fields=("party", "url"), name="gateway_subscription_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["active", "paused"])), name="gateway_subscription_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("url__regex", "^https?://")), name="gateway_subscription_url"
                    ),
                ],
            },
        ),
    ]
