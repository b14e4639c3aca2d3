"""What must never be of a unit that is given away: no order without the attribute, no change of nature in use."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION supply_redistribution_attribute() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM supply_unit u WHERE u.id = NEW.unit_id AND u.transferable) THEN
    RAISE EXCEPTION 'unit % has no redistribution attribute', NEW.unit_id
      USING ERRCODE = '23514', CONSTRAINT = 'supply_redistribution_attribute';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER supply_redistribution_attribute BEFORE INSERT ON supply_redistributionunit
  FOR EACH ROW EXECUTE FUNCTION supply_redistribution_attribute();

CREATE FUNCTION supply_unit_nature_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'unit % is supplied or used', OLD.id
    USING ERRCODE = '23514', CONSTRAINT = 'supply_unit_nature_used';
END $$;
CREATE TRIGGER supply_unit_nature_used BEFORE UPDATE OF own_programme ON supply_unit FOR EACH ROW
  WHEN (OLD.own_programme IS DISTINCT FROM NEW.own_programme
        AND OLD.status NOT IN ('unconfirmed', 'ready', 'reserved'))
  EXECUTE FUNCTION supply_unit_nature_used();
"""

BACKWARD = """
DROP TRIGGER supply_unit_nature_used ON supply_unit;
DROP TRIGGER supply_redistribution_attribute ON supply_redistributionunit;
DROP FUNCTION supply_unit_nature_used, supply_redistribution_attribute;
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0017_handing")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        AddConstraintNotValid(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "own_programme__in",
                        ["", "public_rental", "affordable_rental", "low_rent", "shared_ownership", "resettlement"],
                    )
                ),
                name="supply_unit_nature",
            ),
        ),
    ]
