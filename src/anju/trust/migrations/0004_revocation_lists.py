"""The last revocation list of each certificate authority."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trust", "0003_retention"),
    ]

    operations = [
        migrations.CreateModel(
            name="RevocationList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.CharField(max_length=300, unique=True, verbose_name="地址")),
                ("issuer", models.CharField(db_index=True, max_length=200, verbose_name="签发者")),
                ("issued_at", models.DateTimeField(verbose_name="签发时间")),
                ("valid_until", models.DateTimeField(verbose_name="有效期至")),
                (
                    "serials",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), size=None, verbose_name="吊销的序列号"
                    ),
                ),
                ("fetched_at", models.DateTimeField(verbose_name="取得时间")),
            ],
        ),
    ]
