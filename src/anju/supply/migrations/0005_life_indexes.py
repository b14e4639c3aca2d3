"""Indexes of a unit's life, made beside the readers and writers."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("supply", "0004_life_of_a_unit")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY supply_unit_public_code ON supply_unit (public_code)",
                    "DROP INDEX CONCURRENTLY supply_unit_public_code",
                )
            ],
            [
                migrations.AddConstraint(
                    model_name="unit",
                    constraint=models.UniqueConstraint(fields=("public_code",), name="supply_unit_public_code"),
                )
            ],
        ),
        AddIndexConcurrently(
            model_name="unit",
            index=models.Index(
                condition=models.Q(("public_code__isnull", True)), fields=["id"], name="supply_unit_without_code"
            ),
        ),
        AddIndexConcurrently(
            model_name="unit",
            index=models.Index(
                condition=models.Q(("parent__isnull", False)), fields=["parent"], name="supply_unit_of_parent"
            ),
        ),
        AddIndexConcurrently(
            model_name="unit",
            index=models.Index(
                condition=models.Q(("market_ends_on__isnull", False)),
                fields=["market_ends_on"],
                name="supply_unit_market_end",
            ),
        ),
    ]
