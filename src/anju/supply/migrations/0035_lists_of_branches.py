"""Units of a district or an office in the order of their list, from an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import anju.kernel.scope.branches


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("supply", "0034_use_of_units"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="unit",
            index=models.Index(
                anju.kernel.scope.branches.Branch(models.F("org_path"), 3),
                models.F("code"),
                models.F("id"),
                name="supply_unit_branch1",
            ),
        ),
        AddIndexConcurrently(
            model_name="unit",
            index=models.Index(
                anju.kernel.scope.branches.Branch(models.F("org_path"), 4),
                models.F("code"),
                models.F("id"),
                name="supply_unit_branch2",
            ),
        ),
    ]
