"""What was known and declared stays: the database refuses to change or delete facts and snapshots."""

from django.db import migrations

TABLES = ("households_fact", "households_householdsnapshot", "households_snapshotmember")

FORBID = """
CREATE FUNCTION households_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'facts and snapshots are never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'households_append_only';
END $$;
""" + "".join(
    f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION households_refuse_change();\n"
    for table in TABLES
)
ALLOW = (
    "".join(f"DROP TRIGGER {table}_frozen ON {table};\n" for table in TABLES)
    + "DROP FUNCTION households_refuse_change();"
)


class Migration(migrations.Migration):
    dependencies = [("households", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
