"""Each change of a unit is noted for every system that follows it; the data hub follows all units."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION supply_unit_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO supply_unitdue (system, unit_id, code) SELECT 'data_hub', id, code FROM touched;
  INSERT INTO supply_unitdue (system, unit_id, code)
    SELECT told.system, touched.id, touched.code FROM touched JOIN supply_unitpush told ON told.unit_id = touched.id
     WHERE told.active AND told.system <> 'data_hub';
  RETURN NULL;
END $$;
CREATE TRIGGER supply_unit_due_new AFTER INSERT ON supply_unit REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION supply_unit_due();
CREATE TRIGGER supply_unit_due_changed AFTER UPDATE ON supply_unit REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION supply_unit_due();
CREATE TRIGGER supply_unit_due_gone AFTER DELETE ON supply_unit REFERENCING OLD TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION supply_unit_due();
"""

BACKWARD = """
DROP TRIGGER supply_unit_due_new ON supply_unit; DROP TRIGGER supply_unit_due_changed ON supply_unit;
DROP TRIGGER supply_unit_due_gone ON supply_unit;
DROP FUNCTION supply_unit_due;
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0010_pushes")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
