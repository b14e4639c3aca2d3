"""When a household let a chosen unit go by: the mark of an entry whose choice was taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("waiting", "0002_search")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="lapsed_at",
            field=models.DateTimeField(null=True, verbose_name="逾期未签收回"),
        ),
    ]
