"""A bed belongs where its room does, also after the room moved."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION supply_bed_fill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT org_path, division INTO NEW.org_path, NEW.division FROM supply_room WHERE id = NEW.room_id;
  RETURN NEW;
END $$;
CREATE TRIGGER supply_bed_fill BEFORE INSERT OR UPDATE OF room_id ON supply_bed
  FOR EACH ROW EXECUTE FUNCTION supply_bed_fill();
CREATE FUNCTION supply_room_spread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN UPDATE supply_bed SET room_id = room_id WHERE room_id = NEW.id; RETURN NULL; END $$;
CREATE TRIGGER supply_room_spread AFTER UPDATE ON supply_room FOR EACH ROW
  WHEN ((OLD.org_path, OLD.division) IS DISTINCT FROM (NEW.org_path, NEW.division))
  EXECUTE FUNCTION supply_room_spread();
"""
BACKWARD = """
DROP TRIGGER supply_room_spread ON supply_room; DROP TRIGGER supply_bed_fill ON supply_bed;
DROP FUNCTION supply_room_spread, supply_bed_fill;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0027_bed"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
