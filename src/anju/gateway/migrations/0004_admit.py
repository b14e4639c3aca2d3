"""Who calls, may he, and is there room: functions of the database, whose plans are kept from call to call."""

from django.db import migrations

ADMIT = """
CREATE FUNCTION gateway_admit(
    asked_digest bytea, asked_key text, asked_kind text, asked_method text, asked_path text, moment timestamptz, day date
) RETURNS TABLE (
    credential_id bigint, key_id varchar, test boolean, secret bytea, public_key varchar, last_used_on date,
    services varchar[], party_id bigint, code varchar, title varchar, reach varchar, org_id bigint, org_name varchar,
    org_path varchar, division varchar, operation_id bigint, service_id bigint, needed smallint, level smallint,
    rights varchar[], rate_calls integer, rate_seconds integer, quota_calls integer, quota_period varchar
) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    IF asked_digest IS NOT NULL THEN
        RETURN QUERY
    WITH who AS (
    SELECT credential.id AS credential_id, credential.key_id, credential.test, credential.secret,
           credential.public_key, credential.last_used_on, token.services AS services, party.id AS party_id, party.code,
           party.title, party.reach, office.id AS org_id, office.name AS org_name, office.path AS org_path, office.division
      FROM gateway_accesstoken AS token JOIN gateway_credential AS credential ON credential.id = token.credential_id
      JOIN gateway_party AS party ON party.id = credential.party_id
      JOIN identity_organisation AS office ON office.id = party.organisation_id
     WHERE token.digest = asked_digest AND token.expires_at > moment AND credential.revoked_at IS NULL AND credential.starts_at <= moment
       AND (credential.ends_at IS NULL OR credential.ends_at > moment)
       AND party.state = 'active' AND office.active AND (party.ends_on IS NULL OR party.ends_on >= day)
),
    granted AS (
    SELECT service_id, max(level) AS level FROM (
        SELECT service_id, level FROM gateway_grant
         WHERE party_id = (SELECT party_id FROM who) AND (ends_on IS NULL OR ends_on >= day)
        UNION ALL
        SELECT shared.service_id, shared.level
          FROM gateway_roleservice AS shared JOIN gateway_party_roles AS held ON held.partyrole_id = shared.role_id
         WHERE held.party_id = (SELECT party_id FROM who)) AS found
     GROUP BY service_id
),
    usable AS (
        SELECT granted.service_id, granted.level, service.key
          FROM granted JOIN gateway_service AS service ON service.id = granted.service_id, who
         WHERE service.open AND (who.services IS NULL OR service.key = ANY(who.services)))
    SELECT who.*, operation.id AS operation_id, operation.service_id, operation.level AS needed,
           (SELECT level FROM usable WHERE usable.service_id = operation.service_id) AS level,
           (SELECT array_agg(DISTINCT each."right") FROM gateway_operation AS each JOIN usable
                ON usable.service_id = each.service_id AND usable.level >= each.level WHERE NOT each.gone) AS rights,
           coalesce(own.rate_calls, service.rate_calls) AS rate_calls,
           coalesce(own.rate_seconds, service.rate_seconds) AS rate_seconds,
           CASE WHEN own.id IS NULL THEN service.quota_calls ELSE own.quota_calls END AS quota_calls,
           coalesce(own.quota_period, service.quota_period) AS quota_period
      FROM who
      LEFT JOIN gateway_operation AS operation
        ON operation.method = asked_method AND operation.path = asked_path AND NOT operation.gone
      LEFT JOIN gateway_service AS service ON service.id = operation.service_id
      LEFT JOIN gateway_limit AS own ON own.party_id = who.party_id AND own.service_id = operation.service_id;
    ELSE
        RETURN QUERY
    WITH who AS (
    SELECT credential.id AS credential_id, credential.key_id, credential.test, credential.secret,
           credential.public_key, credential.last_used_on, NULL::varchar[] AS services, party.id AS party_id, party.code,
           party.title, party.reach, office.id AS org_id, office.name AS org_name, office.path AS org_path, office.division
      FROM gateway_credential AS credential
      JOIN gateway_party AS party ON party.id = credential.party_id
      JOIN identity_organisation AS office ON office.id = party.organisation_id
     WHERE credential.key_id = asked_key AND credential.kind = asked_kind AND credential.revoked_at IS NULL AND credential.starts_at <= moment
       AND (credential.ends_at IS NULL OR credential.ends_at > moment)
       AND party.state = 'active' AND office.active AND (party.ends_on IS NULL OR party.ends_on >= day)
),
    granted AS (
    SELECT service_id, max(level) AS level FROM (
        SELECT service_id, level FROM gateway_grant
         WHERE party_id = (SELECT party_id FROM who) AND (ends_on IS NULL OR ends_on >= day)
        UNION ALL
        SELECT shared.service_id, shared.level
          FROM gateway_roleservice AS shared JOIN gateway_party_roles AS held ON held.partyrole_id = shared.role_id
         WHERE held.party_id = (SELECT party_id FROM who)) AS found
     GROUP BY service_id
),
    usable AS (
        SELECT granted.service_id, granted.level, service.key
          FROM granted JOIN gateway_service AS service ON service.id = granted.service_id, who
         WHERE service.open AND (who.services IS NULL OR service.key = ANY(who.services)))
    SELECT who.*, operation.id AS operation_id, operation.service_id, operation.level AS needed,
           (SELECT level FROM usable WHERE usable.service_id = operation.service_id) AS level,
           (SELECT array_agg(DISTINCT each."right") FROM gateway_operation AS each JOIN usable
                ON usable.service_id = each.service_id AND usable.level >= each.level WHERE NOT each.gone) AS rights,
           coalesce(own.rate_calls, service.rate_calls) AS rate_calls,
           coalesce(own.rate_seconds, service.rate_seconds) AS rate_seconds,
           CASE WHEN own.id IS NULL THEN service.quota_calls ELSE own.quota_calls END AS quota_calls,
           coalesce(own.quota_period, service.quota_period) AS quota_period
      FROM who
      LEFT JOIN gateway_operation AS operation
        ON operation.method = asked_method AND operation.path = asked_path AND NOT operation.gone
      LEFT JOIN gateway_service AS service ON service.id = operation.service_id
      LEFT JOIN gateway_limit AS own ON own.party_id = who.party_id AND own.service_id = operation.service_id;
    END IF;
END $$;
"""

TAKE = """
CREATE FUNCTION gateway_take(
    of_party bigint, of_service bigint, of_rate integer, of_seconds integer, of_quota integer, of_shape text
) RETURNS TABLE (used integer, spent integer, ends double precision) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    INSERT INTO gateway_usage AS kept (party_id, service_id, "window", used, period, spent)
    SELECT of_party, of_service, win, 1, per, 1
      FROM (
    SELECT (floor(extract(epoch FROM moment) / of_seconds) * of_seconds)::bigint AS win,
           to_char(moment AT TIME ZONE 'Asia/Shanghai', of_shape) AS per,
           extract(epoch FROM moment) AS epoch, moment
      FROM (SELECT clock_timestamp() AS moment) AS read
) AS present, set_config('synchronous_commit', 'off', true)
     WHERE of_quota >= 1
    ON CONFLICT (party_id, service_id) DO UPDATE SET
        used = CASE WHEN kept."window" < excluded."window" THEN 1 ELSE kept.used + 1 END,
        "window" = greatest(kept."window", excluded."window"),
        spent = CASE WHEN kept.period < excluded.period THEN 1 ELSE kept.spent + 1 END,
        period = greatest(kept.period, excluded.period)
     WHERE (kept."window" < excluded."window" OR kept.used < of_rate)
       AND (kept.period < excluded.period OR kept.spent < of_quota)
    RETURNING kept.used, kept.spent, (kept."window" + of_seconds - extract(epoch FROM clock_timestamp()))::float;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("gateway", "0003_specification")]

    operations = [
        migrations.RunSQL(ADMIT, "DROP FUNCTION gateway_admit(bytea, text, text, text, text, timestamptz, date)"),
        migrations.RunSQL(TAKE, "DROP FUNCTION gateway_take(bigint, bigint, integer, integer, integer, text)"),
    ]
