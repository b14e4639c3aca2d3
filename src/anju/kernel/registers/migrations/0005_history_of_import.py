"""The index by which an import is taken back; made beside writers, for histories are long."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("registers", "0004_columns_and_undo")]

    operations = [
        AddIndexConcurrently(
            model_name="registerhistory",
            index=models.Index(
                condition=models.Q(("import_id__isnull", False)),
                fields=["import_id", "register"],
                name="registers_history_of_import",
            ),
        )
    ]
