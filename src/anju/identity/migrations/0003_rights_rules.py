"""What must never be, forbidden by the database; and the one statement that finds what somebody may do."""

from django.db import migrations

TREES = """
CREATE FUNCTION identity_refuse(rule text, told text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', told USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = rule;
END $$;

-- two moves at once could close a circle that neither of them sees: the lock lets one after the other look
CREATE FUNCTION identity_organisation_tree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('identity_organisation'));
    IF EXISTS (
        WITH RECURSIVE up(id, parent_id) AS (
            SELECT id, parent_id FROM identity_organisation WHERE id = NEW.parent_id
            UNION SELECT o.id, o.parent_id FROM identity_organisation o JOIN up ON o.id = up.parent_id)
        SELECT 1 FROM up WHERE id = NEW.id)
    THEN PERFORM identity_refuse('identity_organisation_circle', 'an organisation under one of its own'); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER identity_organisation_tree BEFORE UPDATE OF parent_id ON identity_organisation FOR EACH ROW
    WHEN (NEW.parent_id IS DISTINCT FROM OLD.parent_id) EXECUTE FUNCTION identity_organisation_tree();

CREATE FUNCTION identity_menu_tree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('identity_menuitem'));
    IF EXISTS (
        WITH RECURSIVE up(id, parent_id) AS (
            SELECT id, parent_id FROM identity_menuitem WHERE id = NEW.parent_id
            UNION SELECT m.id, m.parent_id FROM identity_menuitem m JOIN up ON m.id = up.parent_id)
        SELECT 1 FROM up WHERE id = NEW.id)
    THEN PERFORM identity_refuse('identity_menu_circle', 'a menu under one of its own'); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER identity_menu_tree BEFORE UPDATE OF parent_id ON identity_menuitem FOR EACH ROW
    WHEN (NEW.parent_id IS DISTINCT FROM OLD.parent_id) EXECUTE FUNCTION identity_menu_tree();
"""
NO_TREES = """
DROP TRIGGER identity_menu_tree ON identity_menuitem;
DROP FUNCTION identity_menu_tree();
DROP TRIGGER identity_organisation_tree ON identity_organisation;
DROP FUNCTION identity_organisation_tree();
DROP FUNCTION identity_refuse(text, text);
"""

SELVES = """
ALTER TABLE identity_account_roles ADD CONSTRAINT identity_no_self_grant
    CHECK (granted_by <> 'staff:' || account_id) NOT VALID;
ALTER TABLE identity_account_roles VALIDATE CONSTRAINT identity_no_self_grant;
ALTER TABLE identity_accountpost ADD CONSTRAINT identity_no_self_binding
    CHECK (bound_by <> 'staff:' || account_id);
ALTER TABLE identity_substitution ADD CONSTRAINT identity_substitution_approved_by_another
    CHECK (approved_by NOT IN ('staff:' || absent_id, 'staff:' || substitute_id));
"""
NO_SELVES = """
ALTER TABLE identity_substitution DROP CONSTRAINT identity_substitution_approved_by_another;
ALTER TABLE identity_accountpost DROP CONSTRAINT identity_no_self_binding;
ALTER TABLE identity_account_roles DROP CONSTRAINT identity_no_self_grant;
"""

DUTIES = """
CREATE FUNCTION identity_duty_of_rights() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE duties text[];
BEGIN
    SELECT array_agg(DISTINCT point.duty) INTO duties FROM identity_functionpoint point
     WHERE point."right" = ANY(NEW.rights) AND point.duty <> '';
    IF cardinality(duties) > 1
    THEN PERFORM identity_refuse('identity_duties_exclude', 'rights of two administrations in one hand'); END IF;
    NEW.duty := coalesce(duties[1], '');
    RETURN NEW;
END $$;
CREATE TRIGGER identity_role_duty BEFORE INSERT OR UPDATE OF rights ON identity_role
    FOR EACH ROW EXECUTE FUNCTION identity_duty_of_rights();
CREATE TRIGGER identity_post_duty BEFORE INSERT OR UPDATE OF rights ON identity_post
    FOR EACH ROW EXECUTE FUNCTION identity_duty_of_rights();

CREATE FUNCTION identity_duties_of(account bigint) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT role.duty FROM identity_account_roles held JOIN identity_role role ON role.id = held.role_id
     WHERE held.account_id = account AND role.duty <> ''
    UNION
    SELECT post.duty FROM identity_accountpost bound JOIN identity_post post ON post.id = bound.post_id
     WHERE bound.account_id = account AND post.duty <> ''
    UNION
    SELECT role.duty FROM identity_accountpost bound JOIN identity_post_roles link ON link.post_id = bound.post_id
      JOIN identity_role role ON role.id = link.role_id WHERE bound.account_id = account AND role.duty <> ''
$$;

CREATE FUNCTION identity_one_duty(account bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- two at once could each give a duty that excludes the other's
    PERFORM 1 FROM identity_account WHERE id = account FOR NO KEY UPDATE;
    IF (SELECT count(*) FROM identity_duties_of(account)) > 1
    THEN PERFORM identity_refuse('identity_duties_exclude', 'rights of two administrations in one hand'); END IF;
END $$;

CREATE FUNCTION identity_duty_of_holder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM identity_one_duty(NEW.account_id);
    RETURN NULL;
END $$;
CREATE TRIGGER identity_accountrole_duty AFTER INSERT OR UPDATE ON identity_account_roles
    FOR EACH ROW EXECUTE FUNCTION identity_duty_of_holder();
CREATE TRIGGER identity_accountpost_duty AFTER INSERT OR UPDATE ON identity_accountpost
    FOR EACH ROW EXECUTE FUNCTION identity_duty_of_holder();

CREATE FUNCTION identity_duty_of_role_holders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM identity_one_duty(holder) FROM (
        SELECT account_id AS holder FROM identity_account_roles WHERE role_id = NEW.id
        UNION SELECT bound.account_id FROM identity_accountpost bound
          JOIN identity_post_roles link ON link.post_id = bound.post_id WHERE link.role_id = NEW.id
        ORDER BY holder) AS holders;
    RETURN NULL;
END $$;
CREATE TRIGGER identity_role_holders_duty AFTER UPDATE ON identity_role FOR EACH ROW
    WHEN (NEW.duty <> OLD.duty AND NEW.duty <> '') EXECUTE FUNCTION identity_duty_of_role_holders();

CREATE FUNCTION identity_duty_of_post_holders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM identity_one_duty(account_id) FROM (
        SELECT account_id FROM identity_accountpost
         WHERE post_id = CASE WHEN TG_TABLE_NAME = 'identity_post' THEN (to_jsonb(NEW) ->> 'id')::bigint
                              ELSE (to_jsonb(NEW) ->> 'post_id')::bigint END
         ORDER BY account_id) AS holders;
    RETURN NULL;
END $$;
CREATE TRIGGER identity_post_holders_duty AFTER UPDATE ON identity_post FOR EACH ROW
    WHEN (NEW.duty <> OLD.duty AND NEW.duty <> '') EXECUTE FUNCTION identity_duty_of_post_holders();
CREATE TRIGGER identity_post_roles_duty AFTER INSERT OR UPDATE ON identity_post_roles
    FOR EACH ROW EXECUTE FUNCTION identity_duty_of_post_holders();

CREATE FUNCTION identity_duty_of_substitute() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM (SELECT identity_duties_of(NEW.absent_id) UNION SELECT identity_duties_of(NEW.substitute_id)) AS both_) > 1
    THEN PERFORM identity_refuse('identity_duties_exclude', 'rights of two administrations in one hand'); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER identity_substitution_duty AFTER INSERT OR UPDATE ON identity_substitution FOR EACH ROW
    WHEN (NEW.ended_at IS NULL) EXECUTE FUNCTION identity_duty_of_substitute();
"""
NO_DUTIES = """
DROP TRIGGER identity_substitution_duty ON identity_substitution;
DROP FUNCTION identity_duty_of_substitute();
DROP TRIGGER identity_post_roles_duty ON identity_post_roles;
DROP TRIGGER identity_post_holders_duty ON identity_post;
DROP FUNCTION identity_duty_of_post_holders();
DROP TRIGGER identity_role_holders_duty ON identity_role;
DROP FUNCTION identity_duty_of_role_holders();
DROP TRIGGER identity_accountpost_duty ON identity_accountpost;
DROP TRIGGER identity_accountrole_duty ON identity_account_roles;
DROP FUNCTION identity_duty_of_holder();
DROP FUNCTION identity_one_duty(bigint);
DROP FUNCTION identity_duties_of(bigint);
DROP TRIGGER identity_post_duty ON identity_post;
DROP TRIGGER identity_role_duty ON identity_role;
DROP FUNCTION identity_duty_of_rights();
"""

GRANTS = """
CREATE FUNCTION identity_width(reach text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE reach WHEN 'all' THEN 5 WHEN 'division' THEN 4 WHEN 'org_and_below' THEN 3 WHEN 'org' THEN 2 ELSE 1 END
$$;

CREATE FUNCTION identity_governing(place text) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT id FROM identity_organisation
     WHERE governed AND id = ANY(string_to_array(trim(both '/' from place), '/')::bigint[])
     ORDER BY length(path) DESC LIMIT 1
$$;

CREATE FUNCTION identity_grant_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above identity_organisation%ROWTYPE;
    below identity_organisation%ROWTYPE;
    given identity_grant%ROWTYPE;
    stands_on bigint;
BEGIN
    SELECT * INTO above FROM identity_organisation WHERE id = NEW.giver_id;
    SELECT * INTO below FROM identity_organisation WHERE id = NEW.organisation_id;
    IF below.path NOT LIKE above.path || '_%'
    THEN PERFORM identity_refuse('identity_grant_not_below', 'a grant to an organisation that is not below'); END IF;
    NEW.org_path := below.path;
    NEW.division := below.division;
    stands_on := identity_governing(above.path);
    IF stands_on IS NULL AND NEW.source_id IS NULL THEN RETURN NEW; END IF;
    SELECT * INTO given FROM identity_grant WHERE id = NEW.source_id FOR SHARE;
    IF given.id IS NULL OR given.organisation_id IS DISTINCT FROM stands_on OR given.revoked_at IS NOT NULL
       OR NOT NEW.rights <@ given.rights OR identity_width(NEW.reach) > identity_width(given.reach)
       OR (given.ends_on IS NOT NULL AND (NEW.ends_on IS NULL OR NEW.ends_on > given.ends_on))
       OR NEW.starts_on < given.starts_on
    THEN PERFORM identity_refuse('identity_grant_wider', 'a grant wider than the one it stands on'); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER identity_grant_rule
    BEFORE INSERT OR UPDATE OF giver_id, organisation_id, source_id, rights, reach, starts_on, ends_on ON identity_grant
    FOR EACH ROW EXECUTE FUNCTION identity_grant_rule();

CREATE FUNCTION identity_grant_binds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE identity_organisation SET governed = true WHERE id = NEW.organisation_id AND NOT governed;
    RETURN NULL;
END $$;
CREATE TRIGGER identity_grant_binds AFTER INSERT ON identity_grant
    FOR EACH ROW EXECUTE FUNCTION identity_grant_binds();
"""
NO_GRANTS = """
DROP TRIGGER identity_grant_binds ON identity_grant;
DROP FUNCTION identity_grant_binds();
DROP TRIGGER identity_grant_rule ON identity_grant;
DROP FUNCTION identity_grant_rule();
DROP FUNCTION identity_governing(text);
DROP FUNCTION identity_width(text);
"""

# In the database's language, so that a request asks one statement whose plan is kept, whatever somebody holds.
ACTOR = """
CREATE FUNCTION identity_sets(who bigint, today date) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(json_build_object('rights', found.rights, 'reach', found.reach, 'reaches', found.reaches,
                             'divisions', found.divisions, 'fields', found.fields, 'paths', found.paths)), '[]')
      FROM (
        SELECT role.rights, role.reach, role.reaches, role.divisions, role.fields,
               CASE WHEN role.reach = 'chosen' OR role.reaches <> '{}' THEN
                    ARRAY(SELECT office.path FROM identity_role_organisations AS chosen
                            JOIN identity_organisation AS office ON office.id = chosen.organisation_id
                           WHERE chosen.role_id = role.id) END AS paths
          FROM identity_role AS role
         WHERE role.id IN (
               SELECT held.role_id FROM identity_account_roles AS held
                WHERE held.account_id = who AND (held.until IS NULL OR held.until >= today)
               UNION ALL
               SELECT link.role_id FROM identity_accountpost AS bound
                 JOIN identity_post_roles AS link ON link.post_id = bound.post_id
                WHERE bound.account_id = who AND (bound.until IS NULL OR bound.until >= today))
        UNION ALL
        SELECT post.rights, post.reach, post.reaches, post.divisions, post.fields,
               CASE WHEN post.reach = 'chosen' OR post.reaches <> '{}' THEN
                    ARRAY(SELECT office.path FROM identity_post_organisations AS chosen
                            JOIN identity_organisation AS office ON office.id = chosen.organisation_id
                           WHERE chosen.post_id = post.id) END
          FROM identity_accountpost AS bound JOIN identity_post AS post ON post.id = bound.post_id
         WHERE bound.account_id = who AND (bound.until IS NULL OR bound.until >= today)
           AND cardinality(post.rights) > 0
      ) AS found
$$;

CREATE FUNCTION identity_ceilings(place text, today date) RETURNS json LANGUAGE plpgsql STABLE AS $$
DECLARE bound_to bigint := identity_governing(place);
BEGIN
    IF bound_to IS NULL THEN RETURN NULL; END IF;
    RETURN (
        WITH RECURSIVE chain AS (
            SELECT id AS leaf, source_id, rights, reach,
                   revoked_at IS NULL AND starts_on <= today AND (ends_on IS NULL OR ends_on >= today) AS live
              FROM identity_grant WHERE organisation_id = bound_to AND revoked_at IS NULL
            UNION ALL
            SELECT chain.leaf, above.source_id, above.rights, above.reach,
                   above.revoked_at IS NULL AND above.starts_on <= today
                   AND (above.ends_on IS NULL OR above.ends_on >= today)
              FROM chain JOIN identity_grant AS above ON above.id = chain.source_id)
        SELECT coalesce(json_agg(links), '[]') FROM (
            SELECT json_agg(json_build_object('rights', rights, 'reach', reach)) AS links
              FROM chain GROUP BY leaf HAVING bool_and(live)) AS chains);
END $$;

CREATE FUNCTION identity_actor(who bigint, today date)
RETURNS TABLE (id bigint, name varchar, username varchar, organisation_id bigint, organisation varchar, path varchar,
               division varchar, absent_id bigint, absent_name varchar, sets json, ceilings json, suspended text[])
LANGUAGE plpgsql STABLE AS $$
BEGIN
    SELECT account.id, account.name, account.username, office.id, office.name, office.path, office.division
      INTO id, name, username, organisation_id, organisation, path, division
      FROM identity_account AS account JOIN identity_organisation AS office ON office.id = account.organisation_id
     WHERE account.id = who AND account.state = 'active' AND office.active;
    IF NOT FOUND THEN RETURN; END IF;
    -- looked for only by who acts for somebody: nearly nobody does
    IF EXISTS (SELECT 1 FROM identity_substitution AS standing WHERE standing.substitute_id = who AND standing.acting) THEN
        FOR absent_id, absent_name, organisation_id, organisation, path, division IN
            SELECT account.id, account.name, office.id, office.name, office.path, office.division
              FROM identity_substitution AS standing
              JOIN identity_account AS account ON account.id = standing.absent_id AND account.state = 'active'
              JOIN identity_organisation AS office ON office.id = account.organisation_id AND office.active
             WHERE standing.substitute_id = who AND standing.acting AND standing.approved_at IS NOT NULL
               AND standing.ended_at IS NULL AND today BETWEEN standing.starts_on AND standing.ends_on
        LOOP EXIT; END LOOP;
    END IF;
    sets := identity_sets(coalesce(absent_id, who), today);
    ceilings := identity_ceilings(path, today);
    suspended := ARRAY(SELECT unnest(application.rights) FROM identity_application AS application
                        WHERE application.state = 'suspended');
    RETURN NEXT;
END $$;
"""
NO_ACTOR = """
DROP FUNCTION identity_actor(bigint, date);
DROP FUNCTION identity_ceilings(text, date);
DROP FUNCTION identity_sets(bigint, date);
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_rights_as_rows")]

    operations = [
        migrations.RunSQL(TREES, NO_TREES),
        migrations.RunSQL(SELVES, NO_SELVES),
        migrations.RunSQL(DUTIES, NO_DUTIES),
        migrations.RunSQL(GRANTS, NO_GRANTS),
        migrations.RunSQL(ACTOR, NO_ACTOR),
    ]
