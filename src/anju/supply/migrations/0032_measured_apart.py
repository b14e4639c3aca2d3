"""What was measured of a room is kept beside what is declared of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supply", "0031_talent_locked")]

    operations = [
        migrations.AddField(
            model_name="setupunit",
            name="measured_floor",
            field=models.IntegerField(null=True, verbose_name="测绘楼层"),
        ),
        migrations.AddField(
            model_name="setupunit",
            name="measured_layout",
            field=models.CharField(blank=True, db_default="", default="", max_length=32, verbose_name="测绘户型"),
        ),
        migrations.AddField(
            model_name="setupunit",
            name="measured_area",
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True, verbose_name="测绘面积"),
        ),
    ]
