"""Nothing of a project is published while the district's latest opinion on it asks for corrections."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION supply_unit_review_returned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT result FROM supply_supplyreview WHERE project_id = NEW.project_id ORDER BY at DESC, id DESC LIMIT 1) = 'returned'
  THEN
    RAISE EXCEPTION 'the opinion on project % asks for corrections', NEW.project_id
      USING ERRCODE = '23514', CONSTRAINT = 'supply_unit_review_returned';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER supply_unit_review_returned BEFORE UPDATE OF published ON supply_unit FOR EACH ROW
  WHEN (NEW.published AND NOT OLD.published) EXECUTE FUNCTION supply_unit_review_returned();
"""

BACKWARD = """
DROP TRIGGER supply_unit_review_returned ON supply_unit;
DROP FUNCTION supply_unit_review_returned;
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0029_confirmed_facts")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
