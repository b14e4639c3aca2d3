"""What the database keeps of a unit's life: its code, where it belongs after a move, families of split units, counts."""

import re
from importlib import import_module

from django.db import migrations

FORWARD = r"""
-- One unit, one code: seven letters that look unordered and a check letter, so that one typed wrongly is found out.
CREATE SEQUENCE supply_public_code;
CREATE FUNCTION supply_public_code(serial bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  letters constant text := '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
  rest bigint := (serial * 12345678917 + 987654321) % 27512614111;
  made text := '';
  total integer := 0;
  digit integer;
BEGIN
  FOR place IN 1..7 LOOP
    digit := rest % 31;
    made := made || substr(letters, digit + 1, 1);
    total := total + place * digit;
    rest := rest / 31;
  END LOOP;
  RETURN made || substr(letters, total % 31 + 1, 1);
END $$;

CREATE FUNCTION supply_unit_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.public_code := coalesce(NEW.public_code, supply_public_code(nextval('supply_public_code')));
  NEW.confirmed := NEW.status <> 'unconfirmed';
  NEW.published := NEW.status IN ('vacant', 'held', 'let', 'leaving', 'repair', 'locked');
  RETURN NEW;
END $$;
CREATE TRIGGER supply_unit_new BEFORE INSERT ON supply_unit FOR EACH ROW EXECUTE FUNCTION supply_unit_new();

CREATE FUNCTION supply_unit_code_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.public_code := coalesce(OLD.public_code, NEW.public_code); RETURN NEW; END $$;
CREATE TRIGGER supply_unit_code_stays BEFORE UPDATE OF public_code ON supply_unit
  FOR EACH ROW EXECUTE FUNCTION supply_unit_code_stays();

-- Where a unit belongs: with its building, unless it was redistributed; of its project's programme, unless changed.
CREATE OR REPLACE FUNCTION supply_unit_fill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT b.estate_id, b.project_id, b.org_path, b.division, p.programme, e.name || ' ' || b.name || ' ' || NEW.room_no || '室'
    INTO NEW.estate_id, NEW.project_id, NEW.org_path, NEW.division, NEW.programme, NEW.address
    FROM supply_building b JOIN supply_estate e ON e.id = b.estate_id JOIN supply_project p ON p.id = b.project_id
   WHERE b.id = NEW.building_id;
  IF NEW.lent_path <> '' THEN
    NEW.org_path := NEW.lent_path; NEW.division := NEW.lent_division;
  END IF;
  IF NEW.own_programme <> '' THEN NEW.programme := NEW.own_programme; END IF;
  RETURN NEW;
END $$;
DROP TRIGGER supply_unit_fill ON supply_unit;
CREATE TRIGGER supply_unit_fill BEFORE INSERT OR UPDATE OF building_id, room_no, lent_path, lent_division, own_programme
  ON supply_unit FOR EACH ROW EXECUTE FUNCTION supply_unit_fill();

CREATE FUNCTION supply_unit_family() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM supply_unit p WHERE p.id = NEW.parent_id AND p.status = 'split' AND p.parent_id IS NULL
                  AND p.building_id = NEW.building_id)
     OR EXISTS (SELECT 1 FROM supply_unit c WHERE c.parent_id = NEW.id) THEN
    RAISE EXCEPTION 'unit % cannot be a part of %', NEW.id, NEW.parent_id
      USING ERRCODE = '23514', CONSTRAINT = 'supply_unit_family';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER supply_unit_family BEFORE INSERT OR UPDATE OF parent_id, building_id ON supply_unit FOR EACH ROW
  WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION supply_unit_family();

CREATE FUNCTION supply_unit_split_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM supply_unit c WHERE c.parent_id = NEW.id AND c.status <> 'merged') THEN
    RAISE EXCEPTION 'unit % still has parts', NEW.id USING ERRCODE = '23514', CONSTRAINT = 'supply_unit_split_kept';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER supply_unit_split_kept BEFORE UPDATE OF status ON supply_unit FOR EACH ROW
  WHEN (OLD.status = 'split' AND NEW.status <> 'split') EXECUTE FUNCTION supply_unit_split_kept();

-- Counts, by what reports and the publication page ask; units that were split or merged away are not counted.
CREATE OR REPLACE FUNCTION supply_count_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO supply_unitcount (project_id, status, programme, division, layout, units, floor_area, rent)
    SELECT project_id, status, programme, division, layout, count(*), sum(floor_area), sum(rent) FROM fresh
     WHERE status NOT IN ('split', 'merged') GROUP BY 1, 2, 3, 4, 5;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION supply_count_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO supply_unitcount (project_id, status, programme, division, layout, units, floor_area, rent)
    SELECT project_id, status, programme, division, layout, -count(*), -sum(floor_area), -sum(rent) FROM gone
     WHERE status NOT IN ('split', 'merged') GROUP BY 1, 2, 3, 4, 5;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION supply_count_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO supply_unitcount (project_id, status, programme, division, layout, units, floor_area, rent)
    SELECT project_id, status, programme, division, layout, sum(n), sum(n * floor_area), sum(n * rent)
      FROM (SELECT project_id, status, programme, division, layout, 1 AS n, floor_area, rent FROM fresh
            UNION ALL SELECT project_id, status, programme, division, layout, -1, floor_area, rent FROM gone) AS both_sides
     WHERE status NOT IN ('split', 'merged')
     GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0 OR sum(n * floor_area) <> 0 OR sum(n * rent) <> 0;
  RETURN NULL;
END $$;

-- What can be let, brought up to date at the commit: writers wait for each other there only, one after another, and so
-- in no order that could hold them up for ever. A project and layout that has no number yet is counted; differences
-- that this transaction has written before are then in it already.
CREATE FUNCTION supply_rentable_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  counted constant text := coalesce(current_setting('anju.rentable_counted', true), '');
  key constant text := ';' || NEW.project_id || '/' || NEW.layout || '=';
BEGIN
  IF current_setting('anju.folding', true) = 'on' THEN RETURN NULL; END IF;
  IF NEW.id <= substring(counted FROM key || '(\d+)')::bigint THEN RETURN NULL; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('supply_rentable'));
  UPDATE supply_rentable SET units = units + NEW.units WHERE project_id = NEW.project_id AND layout = NEW.layout;
  IF NOT FOUND THEN
    INSERT INTO supply_rentable (project_id, layout, units)
      SELECT NEW.project_id, NEW.layout, count(*) FROM supply_unit
       WHERE project_id = NEW.project_id AND layout = NEW.layout AND status = 'vacant';
    PERFORM set_config('anju.rentable_counted', counted || key || (SELECT max(id) FROM supply_unitcount), true);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER supply_rentable_keep AFTER INSERT ON supply_unitcount DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.status = 'vacant' AND NEW.units <> 0) EXECUTE FUNCTION supply_rentable_keep();
"""

BACKWARD = """
DROP TRIGGER supply_rentable_keep ON supply_unitcount;
DROP TRIGGER supply_unit_split_kept ON supply_unit; DROP TRIGGER supply_unit_family ON supply_unit;
DROP TRIGGER supply_unit_code_stays ON supply_unit; DROP TRIGGER supply_unit_new ON supply_unit;
DROP FUNCTION supply_rentable_keep, supply_unit_split_kept, supply_unit_family, supply_unit_code_stays, supply_unit_new;
DROP FUNCTION supply_public_code(bigint);
DROP SEQUENCE supply_public_code;
DROP TRIGGER supply_unit_fill ON supply_unit;
CREATE TRIGGER supply_unit_fill BEFORE INSERT OR UPDATE OF building_id, room_no ON supply_unit
  FOR EACH ROW EXECUTE FUNCTION supply_unit_fill();
"""


def former(*names: str) -> str:
    """The functions as the first triggers had them."""
    text = import_module("anju.supply.migrations.0002_triggers").FORWARD
    found = [re.search(rf"CREATE FUNCTION {name}\(.*?END \$\$;", text, re.DOTALL) for name in names]
    return "\n".join(one[0].replace("CREATE", "CREATE OR REPLACE", 1) for one in found if one)


class Migration(migrations.Migration):
    dependencies = [("supply", "0007_life_constraints_hold")]
    operations = [
        migrations.RunSQL(
            FORWARD,
            BACKWARD
            + former("supply_unit_fill", "supply_count_inserted", "supply_count_deleted", "supply_count_updated"),
        )
    ]
