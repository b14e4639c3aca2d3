"""The order of the chain, indexed without stopping anybody."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("audit", "0003_seals")]
    operations = [AddIndexConcurrently("auditentry", models.Index(fields=["xact", "id"], name="audit_chain"))]
