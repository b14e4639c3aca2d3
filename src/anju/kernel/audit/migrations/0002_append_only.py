"""The database refuses to change or delete an entry of the audit trail."""

from django.db import migrations

FORBID = """
CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an audit entry is never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_entry_frozen';
END $$;
CREATE TRIGGER audit_entry_frozen BEFORE UPDATE OR DELETE ON audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse();
"""
ALLOW = "DROP TRIGGER audit_entry_frozen ON audit_auditentry; DROP FUNCTION audit_entry_refuse();"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
