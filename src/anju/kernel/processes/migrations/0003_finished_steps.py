"""Steps that people finished, by the moment: what is counted day by day."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("processes", "0002_token_processes_token_order_and_more")]

    operations = [
        AddIndexConcurrently(
            model_name="token",
            index=models.Index(
                condition=models.Q(("kind", "user"), ("state", "done")),
                fields=["left_at"],
                name="processes_token_finished",
            ),
        ),
    ]
