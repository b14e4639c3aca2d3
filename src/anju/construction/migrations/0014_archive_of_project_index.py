"""The archive of a project is found by an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("construction", "0013_archive_of_project")]

    operations = [
        AddIndexConcurrently(
            model_name="archiveitem",
            index=models.Index(fields=["project_id", "id"], name="cons_archive_of_project"),
        ),
    ]
