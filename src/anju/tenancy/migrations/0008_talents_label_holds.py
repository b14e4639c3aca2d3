"""No contract gives a district's talent a unit that is not marked for talents of his district."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0007_talents_label")]
    operations = [ValidateConstraint(model_name="contract", name="tenancy_contract_talent")]
