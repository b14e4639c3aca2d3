"""Sheets of recognition for pre-sale have editions, as agreements do."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

EDITION = models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="版次")
STANDING = models.CharField(db_default="draft", default="draft", max_length=12, verbose_name="效力")


class Migration(migrations.Migration):
    dependencies = [("construction", "0010_supply_order_note")]

    operations = [
        migrations.AlterField(model_name="agreement", name="edition", field=EDITION),
        migrations.AlterField(model_name="agreement", name="standing", field=STANDING),
        migrations.AddField(model_name="salerecognition", name="edition", field=EDITION),
        migrations.AddField(model_name="salerecognition", name="standing", field=STANDING),
        AddConstraintNotValid(
            model_name="salerecognition",
            constraint=models.CheckConstraint(
                condition=models.Q(("edition", 0), ("standing", "draft"))
                | models.Q(("edition__gt", 0), ("standing__in", ("current", "superseded")), ("state", "confirmed")),
                name="construction_salerecognition_edition",
            ),
        ),
    ]
