"""Whether anybody's rights changed since, told with the session in one statement whose plan is kept.

A row of `identity_rightsstate` takes the next number of a sequence whenever a table that decides what somebody may do is
written, by whomever. A number never comes twice, not even after a rollback, so equal numbers mean equal rights. There
are several rows, and a writer takes one that no other writer holds: changes of rights do not wait for one another.
"""

from django.db import migrations

# What of each table decides; None: every column. Signing in counts failures and days on the account, which decide nothing.
DECIDING: dict[str, str | None] = {
    "identity_account": (
        "username, name, organisation_id, org_path, division, state, password, must_change_password, password_changed_at"
    ),
    "identity_account_roles": None,
    "identity_accountpost": None,
    "identity_role": None,
    "identity_role_organisations": None,
    "identity_post": None,
    "identity_post_roles": None,
    "identity_post_organisations": None,
    "identity_organisation": None,
    "identity_grant": None,
    "identity_substitution": None,
    "identity_application": "state, rights",
}
SHARDS = 16
STATE = f"""
CREATE TABLE identity_rightsstate (shard int PRIMARY KEY, number bigint NOT NULL) WITH (fillfactor = 20);
CREATE SEQUENCE identity_rightsstate_number OWNED BY identity_rightsstate.number;
INSERT INTO identity_rightsstate VALUES {", ".join(f"({shard}, 0)" for shard in range(1, SHARDS + 1))};
CREATE FUNCTION identity_rights_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free int;
BEGIN
    SELECT shard INTO free FROM identity_rightsstate ORDER BY shard LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
    UPDATE identity_rightsstate SET number = nextval('identity_rightsstate_number')
     WHERE shard = coalesce(free, 1 + pg_backend_pid() % {SHARDS});
    RETURN NULL;
END $$;
""" + "".join(
    f"CREATE TRIGGER {table}_decides AFTER INSERT OR DELETE OR UPDATE {f'OF {columns} ' if columns else ''}ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION identity_rights_changed();\n"
    for table, columns in DECIDING.items()
)
NO_STATE = "".join(f"DROP TRIGGER {table}_decides ON {table};\n" for table in DECIDING) + (
    "DROP FUNCTION identity_rights_changed(); DROP TABLE identity_rightsstate;"
)
LIVE = """
CREATE FUNCTION identity_live(token bytea, wanted text)
RETURNS TABLE (id bigint, account_id bigint, last_seen_at timestamptz, expires_at timestamptz, demand varchar,
               idle_minutes int, resident_idle_days int, must_change boolean, changed_at timestamptz, max_age_days int,
               rights text)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT session.id, session.account_id, session.last_seen_at, session.expires_at, session.demand,
           coalesce(policy.idle_minutes, 30)::int, coalesce(policy.resident_idle_days, 7)::int,
           coalesce(account.must_change_password, false), account.password_changed_at,
           coalesce(policy.max_age_days, 90)::int,
           (SELECT string_agg(state.number::text, ' ' ORDER BY state.shard) FROM identity_rightsstate AS state)
      FROM identity_session AS session
      LEFT JOIN identity_account AS account ON session.kind = 'staff' AND account.id = session.account_id
      LEFT JOIN identity_securitypolicy AS policy ON policy.id = 1
     WHERE session.digest = token AND session.kind = wanted AND session.ended_at IS NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0008_organisation_kind_developer")]

    operations = [
        migrations.RunSQL(STATE, NO_STATE),
        migrations.RunSQL(LIVE, "DROP FUNCTION identity_live(bytea, text);"),
    ]
