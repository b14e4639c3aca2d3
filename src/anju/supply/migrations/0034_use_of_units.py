"""What the systems that use units say of their use."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supply", "0033_admitted_stays")]

    operations = [
        migrations.AddField(
            model_name="unitpush",
            name="use",
            field=models.CharField(blank=True, db_default="", default="", max_length=16, verbose_name="使用状态"),
        ),
        migrations.AddField(
            model_name="unitpush",
            name="used_on",
            field=models.DateField(null=True, verbose_name="使用日期"),
        ),
    ]
