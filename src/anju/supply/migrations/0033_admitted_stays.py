"""A room of the set-up list that was admitted as a unit stays in the list."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION supply_setupunit_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'set-up unit % is admitted', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'supply_setupunit_kept';
END $$;
CREATE TRIGGER supply_setupunit_kept BEFORE DELETE ON supply_setupunit FOR EACH ROW
  WHEN (OLD.state = 'admitted') EXECUTE FUNCTION supply_setupunit_kept();
"""

BACKWARD = """
DROP TRIGGER supply_setupunit_kept ON supply_setupunit;
DROP FUNCTION supply_setupunit_kept;
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0032_measured_apart")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
