"""The database refuses to change what an issued document says, and to delete it."""

from django.db import migrations

FORBID = """
CREATE FUNCTION documents_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an issued document is never rewritten or deleted'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'documents_frozen';
END $$;
CREATE TRIGGER documents_frozen BEFORE UPDATE ON documents_document FOR EACH ROW
    WHEN ((OLD.template, OLD.template_version, OLD.subject, OLD.title, OLD.number, OLD.content, OLD.data_digest, OLD.holder,
           OLD.organisation, OLD.seal, OLD.verify_code, OLD.issued_on, OLD.valid_until)
        IS DISTINCT FROM
          (NEW.template, NEW.template_version, NEW.subject, NEW.title, NEW.number, NEW.content, NEW.data_digest, NEW.holder,
           NEW.organisation, NEW.seal, NEW.verify_code, NEW.issued_on, NEW.valid_until)
        OR (OLD.state = 'ready' AND (NEW.state, NEW.file_id) IS DISTINCT FROM (OLD.state, OLD.file_id)))
    EXECUTE FUNCTION documents_refuse();
CREATE TRIGGER documents_kept BEFORE DELETE ON documents_document FOR EACH ROW EXECUTE FUNCTION documents_refuse();
"""
ALLOW = """
DROP TRIGGER documents_kept ON documents_document;
DROP TRIGGER documents_frozen ON documents_document;
DROP FUNCTION documents_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
