"""A person is once by number and type, in this order, so that the number alone finds him too; built while people write."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("households", "0003_dealings"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY households_person_by_number ON households_person"
            " (number_blind, document_type)",
            "DROP INDEX CONCURRENTLY IF EXISTS households_person_by_number",
        ),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "ALTER TABLE households_person ADD CONSTRAINT households_person_by_number UNIQUE"
                    " USING INDEX households_person_by_number",
                    "ALTER TABLE households_person DROP CONSTRAINT households_person_by_number",
                ),
            ],
            [
                migrations.AddConstraint(
                    model_name="person",
                    constraint=models.UniqueConstraint(
                        fields=["number_blind", "document_type"], name="households_person_by_number"
                    ),
                )
            ],
        ),
        migrations.RemoveConstraint(model_name="person", name="households_person_once"),
    ]
