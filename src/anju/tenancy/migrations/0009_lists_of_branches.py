"""Contracts of a district or an office in the order of their list, from an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import anju.kernel.scope.branches


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("tenancy", "0008_talents_label_holds"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="contract",
            index=models.Index(
                anju.kernel.scope.branches.Branch(models.F("org_path"), 3),
                models.F("id"),
                name="tenancy_contract_branch1",
            ),
        ),
        AddIndexConcurrently(
            model_name="contract",
            index=models.Index(
                anju.kernel.scope.branches.Branch(models.F("org_path"), 4),
                models.F("id"),
                name="tenancy_contract_branch2",
            ),
        ),
    ]
