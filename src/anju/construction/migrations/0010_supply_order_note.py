"""What a supply order says besides figures."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("construction", "0009_building_delivered_on")]

    operations = [
        migrations.AddField(
            model_name="bridging",
            name="order_note",
            field=models.CharField(blank=True, db_default="", default="", max_length=300, verbose_name="供应单说明"),
        ),
    ]
