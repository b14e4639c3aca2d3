"""The trail by kind of subject in its own order, indexed without stopping anybody."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from anju.kernel.registers.marks import Start


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("audit", "0004_chain_index")]
    operations = [
        AddIndexConcurrently(
            "auditentry", models.Index(Start(models.F("subject")), models.F("id"), name="audit_subject_kind")
        )
    ]
