"""The day on which a building was delivered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("construction", "0008_permit_returned_holds")]

    operations = [
        migrations.AddField(
            model_name="buildingprogress",
            name="delivered_on",
            field=models.DateField(blank=True, null=True, verbose_name="交付日期"),
        ),
    ]
