"""What was forbidden for new rows is found to hold for all."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supply", "0006_life_constraints")]

    operations = [
        ValidateConstraint(model_name="unit", name="supply_unit_status"),
        ValidateConstraint(model_name="unit", name="supply_unit_published"),
        ValidateConstraint(model_name="unit", name="supply_unit_channel"),
        ValidateConstraint(model_name="unit", name="supply_unit_market"),
        ValidateConstraint(model_name="unit", name="supply_unit_own_parent"),
        ValidateConstraint(model_name="unit", name="supply_unit_lent"),
    ]
