"""Who acted is found by a piece of the name, indexed without stopping anybody."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

from anju.kernel.registers.search import search_index


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("audit", "0005_kind_of_subject"), ("registers", "0002_grams")]
    operations = [AddIndexConcurrently("auditentry", search_index("audit_search", "actor_name"))]
