"""Of a project and a class one sheet is in force; the index is built while people write."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

CURRENT = models.UniqueConstraint(
    condition=models.Q(("standing", "current")),
    fields=("division", "project_name", "kind"),
    name="construction_salerecognition_current",
)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("construction", "0011_sheet_editions")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY construction_salerecognition_current"
                    " ON construction_salerecognition (division, project_name, kind) WHERE standing = 'current'",
                    "DROP INDEX CONCURRENTLY IF EXISTS construction_salerecognition_current",
                ),
            ],
            [migrations.AddConstraint(model_name="salerecognition", constraint=CURRENT)],
        ),
        ValidateConstraint(model_name="salerecognition", name="construction_salerecognition_edition"),
    ]
