"""An archived procedure knows its project in the register."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("construction", "0012_sheet_editions_hold")]

    operations = [
        migrations.AddField(
            model_name="archiveitem",
            name="project_id",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="建设项目"),
        ),
    ]
