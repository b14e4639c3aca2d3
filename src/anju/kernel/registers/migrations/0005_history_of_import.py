"""The index by which an import is taken back, made beside writers, for histories are long; the states are checked."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("registers", "0004_columns_and_undo")]

    operations = [
        ValidateConstraint(model_name="import", name="registers_import_state"),
        AddIndexConcurrently(
            model_name="registerhistory",
            index=models.Index(
                condition=models.Q(("import_id__isnull", False)),
                fields=["import_id", "register"],
                name="registers_history_of_import",
            ),
        ),
    ]
