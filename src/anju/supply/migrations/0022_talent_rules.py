"""What must never be of talent housing: a linked batch deleted, a mark under another project's batch, a pushed unit split."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION supply_talentbatch_linked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM supply_talentunit WHERE batch_id = OLD.id) THEN
    RAISE EXCEPTION 'talent batch % has units', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'supply_talentbatch_linked';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER supply_talentbatch_linked BEFORE DELETE ON supply_talentbatch
  FOR EACH ROW EXECUTE FUNCTION supply_talentbatch_linked();

CREATE FUNCTION supply_talentbatch_marks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM supply_talentunit WHERE batch_id = NEW.id AND active) THEN
    RAISE EXCEPTION 'talent batch % has marks in force', NEW.id
      USING ERRCODE = '23514', CONSTRAINT = 'supply_talentbatch_marks';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER supply_talentbatch_marks BEFORE UPDATE OF state ON supply_talentbatch FOR EACH ROW
  WHEN (NEW.state = 'ended') EXECUTE FUNCTION supply_talentbatch_marks();

-- the batch stays as it is until the mark is committed, so that nobody ends it meanwhile
CREATE FUNCTION supply_talentunit_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  batch supply_talentbatch;
  unit supply_unit;
BEGIN
  SELECT * INTO batch FROM supply_talentbatch WHERE id = NEW.batch_id FOR SHARE;
  SELECT * INTO unit FROM supply_unit WHERE id = NEW.unit_id;
  IF unit.project_id <> batch.project_id THEN
    RAISE EXCEPTION 'unit % is not of the project of talent batch %', NEW.unit_id, NEW.batch_id
      USING ERRCODE = '23514', CONSTRAINT = 'supply_talentunit_project';
  END IF;
  IF batch.state <> 'open' THEN
    RAISE EXCEPTION 'talent batch % is over', NEW.batch_id
      USING ERRCODE = '23514', CONSTRAINT = 'supply_talentunit_ended';
  END IF;
  IF unit.status IN ('split', 'merged') THEN
    RAISE EXCEPTION 'unit % is no more', NEW.unit_id
      USING ERRCODE = '23514', CONSTRAINT = 'supply_talentunit_gone';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER supply_talentunit_fits BEFORE INSERT OR UPDATE OF batch_id, unit_id, active ON supply_talentunit
  FOR EACH ROW WHEN (NEW.active) EXECUTE FUNCTION supply_talentunit_fits();

CREATE FUNCTION supply_talentunit_pushed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'unit % is with the talent platform', OLD.unit_id
    USING ERRCODE = '23514', CONSTRAINT = 'supply_talentunit_pushed';
END $$;
CREATE TRIGGER supply_talentunit_pushed BEFORE DELETE ON supply_talentunit FOR EACH ROW
  WHEN (OLD.push_state IN ('pushing', 'pushed')) EXECUTE FUNCTION supply_talentunit_pushed();

CREATE FUNCTION supply_unit_talent_pushed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM supply_talentunit WHERE unit_id = NEW.id AND push_state IN ('pushing', 'pushed')) THEN
    RAISE EXCEPTION 'unit % is with the talent platform', NEW.id
      USING ERRCODE = '23514', CONSTRAINT = 'supply_unit_talent_pushed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER supply_unit_talent_pushed BEFORE UPDATE OF status ON supply_unit FOR EACH ROW
  WHEN (NEW.status IN ('split', 'merged') AND OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION supply_unit_talent_pushed();
"""

BACKWARD = """
DROP TRIGGER supply_unit_talent_pushed ON supply_unit;
DROP TRIGGER supply_talentunit_pushed ON supply_talentunit;
DROP TRIGGER supply_talentunit_fits ON supply_talentunit;
DROP TRIGGER supply_talentbatch_marks ON supply_talentbatch;
DROP TRIGGER supply_talentbatch_linked ON supply_talentbatch;
DROP FUNCTION supply_unit_talent_pushed, supply_talentunit_pushed, supply_talentunit_fits, supply_talentbatch_marks,
  supply_talentbatch_linked;
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0021_talent")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
