"""A draft knows what outside systems said while it was filled in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_lists_by_state_and_place")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="fetched",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()), default=dict, help_text="marks of what was fetched",
                verbose_name="读取记录",
            ),
        ),
    ]  # fmt: skip
