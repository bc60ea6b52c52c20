-- The way from parent to parent ends: rankings follow it upwards.
CREATE OR REPLACE FUNCTION trm.check_class_ancestors() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
BEGIN
	-- Two changes at once could close a circle that neither of them sees.
	PERFORM pg_advisory_xact_lock(hashtext('trm.class-ancestors'), hashtext(NEW.event::text));

	IF EXISTS (
		WITH RECURSIVE ancestors AS (
			SELECT NEW.parent AS id
			UNION
			SELECT class.parent FROM public.classes AS class JOIN ancestors ON ancestors.id = class.id
		)
		SELECT FROM ancestors WHERE id = NEW.id
	) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'check_violation',
			CONSTRAINT = 'classes_parent_is_no_descendant',
			TABLE = 'classes',
			MESSAGE = format('Class %s counts in itself: choose a parent that is not below it.', NEW.code);
	END IF;

	RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER trm_check_class_ancestors
	AFTER UPDATE OF parent ON public.classes
	FOR EACH ROW WHEN (NEW.parent IS NOT NULL)
	EXECUTE FUNCTION trm.check_class_ancestors();

-- A vehicle races in a class of its own kind, whichever of the three rows was changed last.
CREATE OR REPLACE FUNCTION trm.check_vehicle_fits_class() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
DECLARE
	unfit record;
BEGIN
	-- A concurrent change of either kind waits for this transaction, and then sees the entry.
	IF TG_TABLE_NAME = 'entries' THEN
		PERFORM FROM public.classes WHERE id = NEW.class FOR SHARE;
		PERFORM FROM public.vehicles WHERE id = NEW.vehicle FOR SHARE;
	END IF;

	SELECT entry.race_number, vehicle.kind AS vehicle_kind, class.kind AS class_kind, class.code
	INTO unfit
	FROM public.entries AS entry
	JOIN public.classes AS class ON class.id = entry.class
	JOIN public.vehicles AS vehicle ON vehicle.id = entry.vehicle
	WHERE vehicle.kind <> class.kind
		AND NEW.id = CASE TG_TABLE_NAME WHEN 'entries' THEN entry.id WHEN 'classes' THEN class.id ELSE vehicle.id END
	LIMIT 1;

	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'check_violation',
			CONSTRAINT = 'entries_vehicle_fits_class',
			TABLE = 'entries',
			MESSAGE = format('Entry %s: the vehicle is of kind %s and class %s of kind %s: choose a vehicle or a class of the same kind.',
				unfit.race_number, unfit.vehicle_kind, unfit.code, unfit.class_kind);
	END IF;

	RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER trm_check_vehicle_fits_class
	AFTER INSERT OR UPDATE OF class, vehicle ON public.entries
	FOR EACH ROW WHEN (NEW.vehicle IS NOT NULL)
	EXECUTE FUNCTION trm.check_vehicle_fits_class();

CREATE OR REPLACE TRIGGER trm_check_vehicle_fits_class
	AFTER UPDATE OF kind ON public.classes
	FOR EACH ROW WHEN (OLD.kind IS DISTINCT FROM NEW.kind)
	EXECUTE FUNCTION trm.check_vehicle_fits_class();

CREATE OR REPLACE TRIGGER trm_check_vehicle_fits_class
	AFTER UPDATE OF kind ON public.vehicles
	FOR EACH ROW WHEN (OLD.kind IS DISTINCT FROM NEW.kind)
	EXECUTE FUNCTION trm.check_vehicle_fits_class();
