"""A permit that was drawn up may be under review again."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

STATES = [
    ("drawn", "待文印"),
    ("returned", "退回审核"),
    ("issued", "已发证"),
    ("registered", "已推送登记"),
    ("void", "已作废"),
]


class Migration(migrations.Migration):
    dependencies = [("construction", "0006_homes_finished_hold")]

    operations = [
        migrations.AlterField(
            model_name="permit",
            name="state",
            field=models.CharField(choices=STATES, default="drawn", max_length=12, verbose_name="状态"),
        ),
        migrations.RemoveConstraint(model_name="permit", name="construction_permit_state"),
        AddConstraintNotValid(
            model_name="permit",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", [state for state, _ in STATES])), name="construction_permit_state"
            ),
        ),
    ]
