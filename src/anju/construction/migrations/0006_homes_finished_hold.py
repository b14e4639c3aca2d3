"""Of no target less than nothing is finished."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("construction", "0005_homes_finished")]
    operations = [ValidateConstraint(model_name="housingtarget", name="construction_housing_finished")]
