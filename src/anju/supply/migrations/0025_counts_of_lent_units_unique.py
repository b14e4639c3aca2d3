"""One count a day of one kind and one office that manages them; the index is built while people write."""

from django.db import migrations, models

NEW = ("on", "project", "status", "programme", "division", "layout", "org_path")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("supply", "0024_counts_of_lent_units"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY supply_daycount_of_day ON supply_daycount"
            ' ("on", project_id, status, programme, division, layout, org_path)',
            "DROP INDEX CONCURRENTLY IF EXISTS supply_daycount_of_day",
        ),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "ALTER TABLE supply_daycount ADD CONSTRAINT supply_daycount_of_day UNIQUE"
                    " USING INDEX supply_daycount_of_day",
                    "ALTER TABLE supply_daycount DROP CONSTRAINT supply_daycount_of_day",
                ),
            ],
            [
                migrations.AddConstraint(
                    model_name="daycount",
                    constraint=models.UniqueConstraint(fields=NEW, name="supply_daycount_of_day"),
                )
            ],
        ),
        migrations.RemoveConstraint(model_name="daycount", name="supply_daycount_once"),
    ]
