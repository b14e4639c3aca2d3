"""The natures that policy allows are found to hold for all units."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supply", "0018_handing_rules")]
    operations = [ValidateConstraint(model_name="unit", name="supply_unit_nature")]
