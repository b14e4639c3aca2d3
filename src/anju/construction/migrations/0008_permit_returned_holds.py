"""Of every permit the state is one of those."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("construction", "0007_permit_returned")]
    operations = [ValidateConstraint(model_name="permit", name="construction_permit_state")]
