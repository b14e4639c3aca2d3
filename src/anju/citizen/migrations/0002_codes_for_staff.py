"""Codes for binding an identity of a provider, and for applications of staff."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("citizen", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="phonecode",
            name="citizen_code_purpose",
        ),
        migrations.AlterField(
            model_name="phonecode",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("register", "注册"),
                    ("reset", "重设密码"),
                    ("sign", "签约"),
                    ("bind", "绑定统一身份"),
                    ("account", "账号申请"),
                ],
                max_length=10,
                verbose_name="用途",
            ),
        ),
        migrations.AddConstraint(
            model_name="phonecode",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["register", "reset", "sign", "bind", "account"])),
                name="citizen_code_purpose",
            ),
        ),
    ]
