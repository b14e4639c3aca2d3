"""What the database keeps by itself: denormalised columns of everything below a project, and counts of units."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION supply_project_fill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT org_path INTO NEW.org_path FROM supply_operator WHERE id = NEW.operator_id;
  RETURN NEW;
END $$;
CREATE TRIGGER supply_project_fill BEFORE INSERT OR UPDATE OF operator_id ON supply_project
  FOR EACH ROW EXECUTE FUNCTION supply_project_fill();

CREATE FUNCTION supply_estate_fill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT org_path, division INTO NEW.org_path, NEW.division FROM supply_project WHERE id = NEW.project_id;
  RETURN NEW;
END $$;
CREATE TRIGGER supply_estate_fill BEFORE INSERT OR UPDATE OF project_id ON supply_estate
  FOR EACH ROW EXECUTE FUNCTION supply_estate_fill();

CREATE FUNCTION supply_building_fill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT project_id, org_path, division INTO NEW.project_id, NEW.org_path, NEW.division
    FROM supply_estate WHERE id = NEW.estate_id;
  RETURN NEW;
END $$;
CREATE TRIGGER supply_building_fill BEFORE INSERT OR UPDATE OF estate_id ON supply_building
  FOR EACH ROW EXECUTE FUNCTION supply_building_fill();

CREATE FUNCTION supply_unit_fill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT b.estate_id, b.project_id, b.org_path, b.division, p.programme, e.name || ' ' || b.name || ' ' || NEW.room_no || '室'
    INTO NEW.estate_id, NEW.project_id, NEW.org_path, NEW.division, NEW.programme, NEW.address
    FROM supply_building b JOIN supply_estate e ON e.id = b.estate_id JOIN supply_project p ON p.id = b.project_id
   WHERE b.id = NEW.building_id;
  RETURN NEW;
END $$;
CREATE TRIGGER supply_unit_fill BEFORE INSERT OR UPDATE OF building_id, room_no ON supply_unit
  FOR EACH ROW EXECUTE FUNCTION supply_unit_fill();

CREATE FUNCTION supply_room_fill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT org_path, division INTO NEW.org_path, NEW.division FROM supply_unit WHERE id = NEW.unit_id;
  RETURN NEW;
END $$;
CREATE TRIGGER supply_room_fill BEFORE INSERT OR UPDATE OF unit_id ON supply_room
  FOR EACH ROW EXECUTE FUNCTION supply_room_fill();

-- Down the hierarchy: touching the parent's key makes the child's own trigger read the parent anew.
CREATE FUNCTION supply_operator_spread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN UPDATE supply_project SET operator_id = operator_id WHERE operator_id = NEW.id; RETURN NULL; END $$;
CREATE TRIGGER supply_operator_spread AFTER UPDATE ON supply_operator FOR EACH ROW
  WHEN (OLD.org_path IS DISTINCT FROM NEW.org_path) EXECUTE FUNCTION supply_operator_spread();

CREATE FUNCTION supply_project_spread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE supply_estate SET project_id = project_id WHERE project_id = NEW.id;
  IF OLD.programme IS DISTINCT FROM NEW.programme THEN
    UPDATE supply_unit SET building_id = building_id WHERE project_id = NEW.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER supply_project_spread AFTER UPDATE ON supply_project FOR EACH ROW
  WHEN ((OLD.org_path, OLD.division, OLD.programme) IS DISTINCT FROM (NEW.org_path, NEW.division, NEW.programme))
  EXECUTE FUNCTION supply_project_spread();

CREATE FUNCTION supply_estate_spread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE supply_building SET estate_id = estate_id WHERE estate_id = NEW.id;
  IF OLD.name IS DISTINCT FROM NEW.name THEN
    UPDATE supply_unit SET building_id = building_id WHERE building_id IN (SELECT id FROM supply_building WHERE estate_id = NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER supply_estate_spread AFTER UPDATE ON supply_estate FOR EACH ROW
  WHEN ((OLD.project_id, OLD.org_path, OLD.division, OLD.name) IS DISTINCT FROM (NEW.project_id, NEW.org_path, NEW.division, NEW.name))
  EXECUTE FUNCTION supply_estate_spread();

CREATE FUNCTION supply_building_spread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN UPDATE supply_unit SET building_id = building_id WHERE building_id = NEW.id; RETURN NULL; END $$;
CREATE TRIGGER supply_building_spread AFTER UPDATE ON supply_building FOR EACH ROW
  WHEN ((OLD.estate_id, OLD.project_id, OLD.org_path, OLD.division, OLD.name) IS DISTINCT FROM (NEW.estate_id, NEW.project_id, NEW.org_path, NEW.division, NEW.name))
  EXECUTE FUNCTION supply_building_spread();

CREATE FUNCTION supply_unit_spread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN UPDATE supply_room SET unit_id = unit_id WHERE unit_id = NEW.id; RETURN NULL; END $$;
CREATE TRIGGER supply_unit_spread AFTER UPDATE ON supply_unit FOR EACH ROW
  WHEN ((OLD.org_path, OLD.division) IS DISTINCT FROM (NEW.org_path, NEW.division))
  EXECUTE FUNCTION supply_unit_spread();

CREATE FUNCTION supply_count_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO supply_unitcount (project_id, status, units, floor_area, rent)
    SELECT project_id, status, count(*), sum(floor_area), sum(rent) FROM fresh GROUP BY 1, 2;
  RETURN NULL;
END $$;
CREATE TRIGGER supply_unit_inserted AFTER INSERT ON supply_unit REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION supply_count_inserted();

CREATE FUNCTION supply_count_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO supply_unitcount (project_id, status, units, floor_area, rent)
    SELECT project_id, status, -count(*), -sum(floor_area), -sum(rent) FROM gone GROUP BY 1, 2;
  RETURN NULL;
END $$;
CREATE TRIGGER supply_unit_deleted AFTER DELETE ON supply_unit REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION supply_count_deleted();

CREATE FUNCTION supply_count_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO supply_unitcount (project_id, status, units, floor_area, rent)
    SELECT project_id, status, sum(n), sum(n * floor_area), sum(n * rent)
      FROM (SELECT project_id, status, 1 AS n, floor_area, rent FROM fresh
            UNION ALL SELECT project_id, status, -1, floor_area, rent FROM gone) AS both_sides
     GROUP BY 1, 2 HAVING sum(n) <> 0 OR sum(n * floor_area) <> 0 OR sum(n * rent) <> 0;
  RETURN NULL;
END $$;
CREATE TRIGGER supply_unit_updated AFTER UPDATE ON supply_unit REFERENCING OLD TABLE AS gone NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION supply_count_updated();
"""

BACKWARD = """
DROP TRIGGER supply_unit_updated ON supply_unit; DROP TRIGGER supply_unit_deleted ON supply_unit;
DROP TRIGGER supply_unit_inserted ON supply_unit; DROP TRIGGER supply_unit_spread ON supply_unit;
DROP TRIGGER supply_building_spread ON supply_building; DROP TRIGGER supply_estate_spread ON supply_estate;
DROP TRIGGER supply_project_spread ON supply_project; DROP TRIGGER supply_operator_spread ON supply_operator;
DROP TRIGGER supply_room_fill ON supply_room; DROP TRIGGER supply_unit_fill ON supply_unit;
DROP TRIGGER supply_building_fill ON supply_building; DROP TRIGGER supply_estate_fill ON supply_estate;
DROP TRIGGER supply_project_fill ON supply_project;
DROP FUNCTION supply_count_updated, supply_count_deleted, supply_count_inserted, supply_unit_spread,
  supply_building_spread, supply_estate_spread, supply_project_spread, supply_operator_spread, supply_room_fill,
  supply_unit_fill, supply_building_fill, supply_estate_fill, supply_project_fill;
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
