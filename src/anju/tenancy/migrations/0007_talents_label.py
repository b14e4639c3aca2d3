"""As whom a tenant signs, and which district's talent mark the unit has."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0006_lists_by_state_and_place")]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="programme",
            field=models.CharField(blank=True, db_default="", default="", max_length=32, verbose_name="房源性质"),
        ),
        migrations.AddField(
            model_name="contract",
            name="talent_level",
            field=models.CharField(blank=True, db_default="", default="", max_length=16, verbose_name="人才层级"),
        ),
        migrations.AddField(
            model_name="contract",
            name="talent_division",
            field=models.CharField(blank=True, db_default="", default="", max_length=6, verbose_name="人才所属区"),
        ),
        migrations.AddField(
            model_name="contract",
            name="talent_unit_division",
            field=models.CharField(blank=True, db_default="", default="", max_length=6, verbose_name="人才房管理区"),
        ),
        AddConstraintNotValid(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(("programme", "affordable_rental"), ("talent_level", "district"), _negated=True)
                | models.Q(("talent_unit_division", models.F("talent_division"))),
                name="tenancy_contract_talent",
            ),
        ),
    ]
