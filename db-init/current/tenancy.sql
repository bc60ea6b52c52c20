-- Fills in whose row it is: the organisation of what the row belongs to, whatever the statement says. The bundle does the same before
-- Directus looks at permissions (access/tenancy); this is for SQL, for cascades, and for a parent that changed hands meanwhile.

-- Arguments: the column to fill in, the column that names the parent, the parent's table.
CREATE OR REPLACE FUNCTION trm.stamp_organization() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
	row jsonb := to_jsonb(NEW);
	found uuid;
BEGIN
	EXECUTE format('SELECT organization FROM public.%I WHERE id = $1', TG_ARGV[2])
	INTO found USING (row ->> TG_ARGV[1])::uuid;
	-- Where there is no parent, the foreign key refuses the row and names the field; an empty column would not.
	found := coalesce(found, '00000000-0000-0000-0000-000000000000');
	RETURN jsonb_populate_record(NEW, jsonb_build_object(TG_ARGV[0], found));
END
$$;

CREATE OR REPLACE TRIGGER trm_a_stamp_organization
	BEFORE INSERT OR UPDATE OF event, organization ON public.classes
	FOR EACH ROW EXECUTE FUNCTION trm.stamp_organization('organization', 'event', 'events');

CREATE OR REPLACE TRIGGER trm_a_stamp_organization
	BEFORE INSERT OR UPDATE OF event, organization ON public.entries
	FOR EACH ROW EXECUTE FUNCTION trm.stamp_organization('organization', 'event', 'events');

CREATE OR REPLACE TRIGGER trm_a_stamp_organization
	BEFORE INSERT OR UPDATE OF entry, organization ON public.entry_crew
	FOR EACH ROW EXECUTE FUNCTION trm.stamp_organization('organization', 'entry', 'entries');

CREATE OR REPLACE TRIGGER trm_a_stamp_organization
	BEFORE INSERT OR UPDATE OF entry, organization ON public.entry_devices
	FOR EACH ROW EXECUTE FUNCTION trm.stamp_organization('organization', 'entry', 'entries');

CREATE OR REPLACE TRIGGER trm_a_stamp_lender
	BEFORE INSERT OR UPDATE OF device, lender ON public.organization_devices
	FOR EACH ROW EXECUTE FUNCTION trm.stamp_organization('lender', 'device', 'devices');

CREATE OR REPLACE TRIGGER trm_a_stamp_lender
	BEFORE INSERT OR UPDATE OF vehicle, lender ON public.organization_vehicles
	FOR EACH ROW EXECUTE FUNCTION trm.stamp_organization('lender', 'vehicle', 'vehicles');

-- What a member may do, by his role: the organisation where it suffices, else null. A permission asks for one of these columns.
CREATE OR REPLACE FUNCTION trm.set_member_rights() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
BEGIN
	NEW.owns := CASE WHEN NEW.role = 'owner' THEN NEW.organization END;
	NEW.directs := CASE WHEN NEW.role IN ('owner', 'race_director') THEN NEW.organization END;
	NEW.operates := CASE WHEN NEW.role IN ('owner', 'race_director', 'operator') THEN NEW.organization END;
	NEW.times := CASE WHEN NEW.role IN ('owner', 'race_director', 'timekeeper') THEN NEW.organization END;
	NEW.tracks := CASE WHEN NEW.role IN ('owner', 'race_director', 'operator', 'timekeeper') THEN NEW.organization END;
	RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER trm_set_member_rights
	BEFORE INSERT OR UPDATE ON public.organization_users
	FOR EACH ROW EXECUTE FUNCTION trm.set_member_rights();

-- An entry races with vehicles and trackers that its organisation owns or has been lent. Ending a loan leaves what was assigned before:
-- it is history. Arguments: the column, what it names, and where loans of it stand.
CREATE OR REPLACE FUNCTION trm.check_owned_or_lent() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
	used uuid := to_jsonb(NEW) ->> TG_ARGV[0];
	owner uuid;
	borrowed boolean;
BEGIN
	-- A transaction that ends the loan or changes the owner waits for this one, or this one for it.
	EXECUTE format('SELECT organization FROM public.%I WHERE id = $1 FOR KEY SHARE', TG_ARGV[1]) INTO owner USING used;

	-- One that does not exist is refused by its foreign key.
	IF owner IS NULL OR owner = NEW.organization THEN
		RETURN NULL;
	END IF;

	EXECUTE format('SELECT true FROM public.%I WHERE %I = $1 AND organization = $2 FOR KEY SHARE', TG_ARGV[2], TG_ARGV[0])
	INTO borrowed USING used, NEW.organization;

	IF borrowed IS NULL THEN
		-- As if it did not exist: whose it is, is not for the caller.
		RAISE EXCEPTION USING
			ERRCODE = 'foreign_key_violation',
			CONSTRAINT = format('%s_%s_foreign', TG_TABLE_NAME, TG_ARGV[0]),
			TABLE = TG_TABLE_NAME,
			MESSAGE = format('insert or update on table "%s" violates foreign key constraint "%s_%s_foreign"',
				TG_TABLE_NAME, TG_TABLE_NAME, TG_ARGV[0]),
			DETAIL = format('Key (%s)=(%s) is not present in table "%s".', TG_ARGV[0], used, TG_ARGV[1]);
	END IF;

	RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER trm_check_vehicle_owned_or_lent_insert
	AFTER INSERT ON public.entries
	FOR EACH ROW WHEN (NEW.vehicle IS NOT NULL)
	EXECUTE FUNCTION trm.check_owned_or_lent('vehicle', 'vehicles', 'organization_vehicles');

CREATE OR REPLACE TRIGGER trm_check_vehicle_owned_or_lent
	AFTER UPDATE ON public.entries
	FOR EACH ROW WHEN (
		NEW.vehicle IS NOT NULL AND (NEW.vehicle IS DISTINCT FROM OLD.vehicle OR NEW.organization <> OLD.organization)
	)
	EXECUTE FUNCTION trm.check_owned_or_lent('vehicle', 'vehicles', 'organization_vehicles');

CREATE OR REPLACE TRIGGER trm_check_device_owned_or_lent_insert
	AFTER INSERT ON public.entry_devices
	FOR EACH ROW EXECUTE FUNCTION trm.check_owned_or_lent('device', 'devices', 'organization_devices');

CREATE OR REPLACE TRIGGER trm_check_device_owned_or_lent
	AFTER UPDATE ON public.entry_devices
	FOR EACH ROW WHEN (NEW.device <> OLD.device OR NEW.organization <> OLD.organization)
	EXECUTE FUNCTION trm.check_owned_or_lent('device', 'devices', 'organization_devices');

-- The endpoint says for whom it flags; a purge or a test by SQL that does not, flags for the owner of the tracker.
CREATE OR REPLACE FUNCTION trm.flag_for_owner() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
	NEW.organization := coalesce(NEW.organization, (SELECT organization FROM public.devices WHERE id = NEW.device));
	RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER trm_a_flag_for_owner
	BEFORE INSERT ON public.position_flags
	FOR EACH ROW EXECUTE FUNCTION trm.flag_for_owner();
