"""Every row written to the tables of rights is noted with its transaction; frozen papers may change their key."""

from django.db import migrations

LOOSE = {
    "identity_account": [
        "updated_at", "version", "failures", "locked_until", "last_signed_in_at", "restored_at", "extra", "name",
        "id_number", "phone", "person_key",
    ],
    "identity_account_roles": ["granted_at"],
    "identity_accountpost": ["updated_at", "version"],
    "identity_role": ["updated_at", "version", "duty"],
    "identity_role_organisations": [],
    "identity_post": ["updated_at", "version", "duty"],
    "identity_post_roles": [],
    "identity_post_organisations": [],
    "identity_organisation": ["updated_at", "version", "name", "phone"],
    "identity_grant": ["updated_at", "version"],
    "identity_substitution": ["updated_at", "version"],
}  # fmt: skip
NOTE = """
CREATE TABLE trust_touched (name text NOT NULL, "row" bigint NOT NULL, xact bigint NOT NULL);
CREATE INDEX trust_touched_xact ON trust_touched (xact);
CREATE FUNCTION trust_note_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - TG_ARGV[0]::text[] = to_jsonb(NEW) - TG_ARGV[0]::text[] THEN
        RETURN NULL;
    END IF;
    -- where nothing is signed, nothing is noted
    IF coalesce(current_setting('anju.sign', true), '') <> 'on' AND NOT EXISTS (SELECT 1 FROM trust_signedbatch) THEN
        RETURN NULL;
    END IF;
    INSERT INTO trust_touched VALUES (
        TG_TABLE_NAME, CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END, pg_current_xact_id()::text::bigint);
    RETURN NULL;
END $$;
""" + "".join(
    f"CREATE TRIGGER {table}_touched AFTER INSERT OR UPDATE OR DELETE ON {table} "
    f"FOR EACH ROW EXECUTE FUNCTION trust_note_touched('{{{','.join(columns)}}}');\n"
    for table, columns in LOOSE.items()
)
FORGET = "".join(f"DROP TRIGGER {table}_touched ON {table};\n" for table in LOOSE) + (
    "DROP FUNCTION trust_note_touched(); DROP TABLE trust_touched;"
)
# Only the sealed column may differ, and only while sealing anew; what it says is held by its digest and its tag.
RESEAL = """
CREATE OR REPLACE FUNCTION documents_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('anju.reseal', true) = 'on'
       AND to_jsonb(OLD) - 'content' = to_jsonb(NEW) - 'content' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an issued document is never rewritten or deleted'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'documents_frozen';
END $$;
CREATE OR REPLACE FUNCTION households_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('anju.reseal', true) = 'on'
       AND to_jsonb(OLD) - '{sealed_details,document_number}'::text[]
         = to_jsonb(NEW) - '{sealed_details,document_number}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'facts and snapshots are never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'households_append_only';
END $$;
"""
NO_RESEAL = """
CREATE OR REPLACE FUNCTION documents_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an issued document is never rewritten or deleted'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'documents_frozen';
END $$;
CREATE OR REPLACE FUNCTION households_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'facts and snapshots are never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'households_append_only';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("trust", "0001_first_tables"),
        ("identity", "0004_account_rules"),
        ("documents", "0002_frozen"),
        ("households", "0002_append_only"),
    ]
    operations = [migrations.RunSQL(NOTE, FORGET), migrations.RunSQL(RESEAL, NO_RESEAL)]
