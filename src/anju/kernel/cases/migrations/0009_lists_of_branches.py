"""Cases of a district or an office in the order of their list, from an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import anju.kernel.scope.branches


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("cases", "0008_material_removed"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                anju.kernel.scope.branches.Branch(models.F("org_path"), 3),
                models.F("submitted_at"),
                models.F("id"),
                name="cases_case_branch1",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                anju.kernel.scope.branches.Branch(models.F("org_path"), 4),
                models.F("submitted_at"),
                models.F("id"),
                name="cases_case_branch2",
            ),
        ),
    ]
