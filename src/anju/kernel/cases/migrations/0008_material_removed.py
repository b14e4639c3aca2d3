"""A material that was handed in by mistake is taken out and stays known."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_draft_fetched")]

    operations = [
        migrations.AddField(
            model_name="material",
            name="removed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="移除时间"),
        ),
        migrations.AddField(
            model_name="material",
            name="removed_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=64, verbose_name="移除人"),
        ),
    ]
