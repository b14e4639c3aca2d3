"""Which rights the product gives its roles, noted as they come, and what the city decided of them."""

from django.db import migrations, models

STATES = ["held", "withheld", "offered", "granted", "declined"]


class Migration(migrations.Migration):
    dependencies = [("identity", "0009_state_of_rights")]

    operations = [
        migrations.CreateModel(
            name="ShippedRight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role_key", models.CharField(max_length=60, verbose_name="角色标识")),
                ("right", models.CharField(max_length=100, verbose_name="权限")),
                (
                    "state",
                    models.CharField(
                        choices=list(zip(STATES, ["已具备", "本市未授予", "待决定", "已采用", "不采用"], strict=True)),
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("version", models.CharField(max_length=20, verbose_name="版本")),
                ("noted_at", models.DateTimeField(verbose_name="登记时间")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="决定时间")),
                ("decided_by", models.CharField(blank=True, default="", max_length=64, verbose_name="决定人")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("role_key", "right"), name="identity_shippedright_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", STATES)), name="identity_shippedright_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["granted", "declined"]), _negated=True),
                            ("decided_at__isnull", False),
                            _connector="OR",
                        ),
                        name="identity_shippedright_decided",
                    ),
                ],
            },
        ),
    ]
