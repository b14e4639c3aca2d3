"""A unit that the city's talent-housing platform has stays locked until it is rolled back."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION supply_unit_talent_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM supply_talentunit WHERE unit_id = NEW.id AND push_state IN ('pushing', 'pushed')) THEN
    RAISE EXCEPTION 'unit % is with the talent platform', NEW.id
      USING ERRCODE = '23514', CONSTRAINT = 'supply_unit_talent_locked';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER supply_unit_talent_locked BEFORE UPDATE OF status ON supply_unit FOR EACH ROW
  WHEN (OLD.status = 'locked' AND NEW.status NOT IN ('locked', 'split', 'merged'))
  EXECUTE FUNCTION supply_unit_talent_locked();
"""

BACKWARD = """
DROP TRIGGER supply_unit_talent_locked ON supply_unit;
DROP FUNCTION supply_unit_talent_locked;
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0030_returned_review")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
