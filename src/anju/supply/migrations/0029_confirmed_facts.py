"""Who changes layout, floor area or rent of a confirmed unit that is not published takes its confirmation away."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION supply_unit_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.confirmed := false;
  IF NEW.status = 'ready' THEN NEW.status := 'unconfirmed'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER supply_unit_facts BEFORE UPDATE OF layout, floor_area, rent ON supply_unit FOR EACH ROW
  WHEN (NEW.confirmed AND NOT NEW.published
        AND (OLD.layout, OLD.floor_area, OLD.rent) IS DISTINCT FROM (NEW.layout, NEW.floor_area, NEW.rent))
  EXECUTE FUNCTION supply_unit_facts();
"""

BACKWARD = """
DROP TRIGGER supply_unit_facts ON supply_unit;
DROP FUNCTION supply_unit_facts;
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0028_bed_triggers")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
