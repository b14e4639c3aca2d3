"""The newest cases of a district, of a state, and of a reason of refusal, read from an index of their own."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("cases", "0005_matters_of_offices"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(fields=["division", "-submitted_at", "-id"], name="cases_case_newest_there"),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(fields=["state", "-submitted_at", "-id"], name="cases_case_newest_so"),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("fail_type", ""), _negated=True),
                fields=["fail_type", "-submitted_at", "-id"],
                name="cases_case_newest_failed",
            ),
        ),
    ]
