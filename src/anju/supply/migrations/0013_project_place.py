"""Where a project stands: its place on the map and its sector."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0012_occupancy"),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="latitude",
            field=models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="纬度"),
        ),
        migrations.AddField(
            model_name="project",
            name="longitude",
            field=models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="经度"),
        ),
        migrations.AddField(
            model_name="project",
            name="sector",
            field=models.CharField(blank=True, db_default="", default="", max_length=50, verbose_name="板块"),
        ),
        AddConstraintNotValid(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    models.Q(
                        ("latitude__gte", -90),
                        ("latitude__isnull", False),
                        ("latitude__lte", 90),
                        ("longitude__gte", -180),
                        ("longitude__isnull", False),
                        ("longitude__lte", 180),
                    ),
                    _connector="OR",
                ),
                name="supply_project_place",
            ),
        ),
    ]
