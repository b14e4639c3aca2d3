"""How many homes of a target are finished."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("construction", "0004_annual_plans_and_recognitions"),
    ]

    operations = [
        migrations.AddField(
            model_name="housingtarget",
            name="finished",
            field=models.IntegerField(db_default=0, default=0, verbose_name="已完成套数"),
        ),
        migrations.AddField(
            model_name="housingtarget",
            name="finished_area",
            field=models.DecimalField(
                db_default=0, decimal_places=2, default=0, max_digits=14, verbose_name="已完成面积"
            ),
        ),
        AddConstraintNotValid(
            model_name="housingtarget",
            constraint=models.CheckConstraint(
                condition=models.Q(("finished__gte", 0), ("finished_area__gte", 0)),
                name="construction_housing_finished",
            ),
        ),
    ]
