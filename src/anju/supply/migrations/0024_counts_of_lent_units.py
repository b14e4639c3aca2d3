"""Counts say which office manages the units, so that a report of an office holds what its list of units holds."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0023_lists_by_estate"),
    ]

    operations = [
        migrations.AddField(
            model_name="unitcount",
            name="org_path",
            field=models.CharField(max_length=200, null=True, verbose_name="管理机构"),
        ),
        migrations.AddField(
            model_name="daycount",
            name="org_path",
            field=models.CharField(db_default="", default="", max_length=200, verbose_name="管理机构"),
        ),
    ]
