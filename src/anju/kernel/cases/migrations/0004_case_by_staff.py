"""The matters that a member of staff brought in, for his list of what he started (SH-003)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0003_search")]

    operations = [
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("created_by__startswith", "staff:")),
                fields=["created_by", "-submitted_at", "-id"],
                name="cases_case_by_staff",
            ),
        ),
    ]
