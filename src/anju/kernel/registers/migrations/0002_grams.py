"""The function behind search indexes: all pairs of neighbouring characters of a text."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION anju_grams(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT array_agg(DISTINCT substr($1, i, 2)) FROM generate_series(1, greatest(length($1) - 1, 1)) AS i $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION anju_grams(text)")]
