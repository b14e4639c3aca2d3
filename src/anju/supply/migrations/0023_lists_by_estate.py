"""Lists of an estate, of a layout, and of what may be transferred, read from an index of their own."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("supply", "0022_talent_rules"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="unit",
            index=models.Index(fields=["estate", "code"], name="supply_unit_by_estate"),
        ),
        AddIndexConcurrently(
            model_name="unit",
            index=models.Index(fields=["layout", "orientation", "code"], name="supply_unit_by_layout"),
        ),
        AddIndexConcurrently(
            model_name="unit",
            index=models.Index(
                condition=models.Q(("transferable", True)), fields=["code"], name="supply_unit_transferable"
            ),
        ),
    ]
