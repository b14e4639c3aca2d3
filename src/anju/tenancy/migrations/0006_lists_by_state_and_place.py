"""The newest contracts of a state and of a district, read from an index of their own."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("tenancy", "0005_talent_contracts"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="contract",
            index=models.Index(fields=["state", "-id"], name="tenancy_contract_newest_so"),
        ),
        AddIndexConcurrently(
            model_name="contract",
            index=models.Index(fields=["division", "-id"], name="tenancy_contract_newest_there"),
        ),
    ]
