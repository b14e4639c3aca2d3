"""The place of every project is found to be one."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supply", "0013_project_place")]
    operations = [ValidateConstraint(model_name="project", name="supply_project_place")]
