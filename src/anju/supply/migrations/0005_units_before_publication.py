"""Units that were supplied before there was publication count as confirmed and published."""

from django.db import migrations

FORWARD = "UPDATE supply_unit SET confirmed = true, published = true WHERE status <> 'unconfirmed'"


class Migration(migrations.Migration):
    dependencies = [("supply", "0004_life_of_a_unit")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
