-- Whether everybody may see an organisation or a vehicle, because of a published event. It stands in the row, so that the permission
-- compares one column (snapshots/access.yaml); behind lists of events and entries Directus would join all of them for each question.

-- The states that access.yaml shows to everybody.
CREATE OR REPLACE FUNCTION trm.is_public(status text) RETURNS boolean
LANGUAGE sql
IMMUTABLE
AS $$
	SELECT status IN ('published', 'live', 'provisional', 'official', 'archived')
$$;

CREATE OR REPLACE FUNCTION trm.has_public_event(organization_id uuid) RETURNS boolean
LANGUAGE sql
STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
	SELECT EXISTS (SELECT FROM events WHERE organization = organization_id AND trm.is_public(status))
$$;

CREATE OR REPLACE FUNCTION trm.is_in_public_event(vehicle_id uuid) RETURNS boolean
LANGUAGE sql
STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
	SELECT EXISTS (
		SELECT FROM entries JOIN events ON events.id = entries.event
		WHERE entries.vehicle = vehicle_id AND trm.is_public(events.status)
	)
$$;

-- What a statement writes into the column does not count. Not as NOT NULL in the snapshot: GraphQL would ask its callers for it.
CREATE OR REPLACE FUNCTION trm.set_published() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		NEW.published := false;
	ELSIF TG_TABLE_NAME = 'organizations' THEN
		NEW.published := trm.has_public_event(NEW.id);
	ELSE
		NEW.published := trm.is_in_public_event(NEW.id);
	END IF;

	RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER trm_set_published
	BEFORE INSERT OR UPDATE OF published ON public.organizations
	FOR EACH ROW EXECUTE FUNCTION trm.set_published();

CREATE OR REPLACE TRIGGER trm_set_published
	BEFORE INSERT OR UPDATE OF published ON public.vehicles
	FOR EACH ROW EXECUTE FUNCTION trm.set_published();

-- The rows are locked first, in order of their keys: the next statement sees what those had committed who held them.
CREATE OR REPLACE FUNCTION trm.refresh_published_vehicles(vehicle_ids uuid[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
	IF cardinality(vehicle_ids) > 0 THEN
		PERFORM FROM vehicles WHERE id = ANY (vehicle_ids) ORDER BY id FOR NO KEY UPDATE;
		UPDATE vehicles SET published = NULL
		WHERE id = ANY (vehicle_ids) AND published IS DISTINCT FROM trm.is_in_public_event(id);
	END IF;
END
$$;

CREATE OR REPLACE FUNCTION trm.note_public_events() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
	organizers uuid[];
	turned uuid[];
BEGIN
	-- The vehicles of a deleted event are noted with its entries.
	CASE TG_OP
		WHEN 'INSERT' THEN organizers := ARRAY(SELECT organization FROM after WHERE trm.is_public(status));
		WHEN 'DELETE' THEN organizers := ARRAY(SELECT organization FROM before WHERE trm.is_public(status));
		ELSE
			organizers := ARRAY(
				SELECT unnest(ARRAY[before.organization, after.organization])
				FROM before JOIN after USING (id)
				WHERE (trm.is_public(before.status), before.organization) <> (trm.is_public(after.status), after.organization)
			);
			turned := ARRAY(
				SELECT id FROM before JOIN after USING (id) WHERE trm.is_public(before.status) <> trm.is_public(after.status)
			);
	END CASE;

	IF cardinality(organizers) > 0 THEN
		PERFORM FROM organizations WHERE id = ANY (organizers) ORDER BY id FOR NO KEY UPDATE;
		UPDATE organizations SET published = NULL
		WHERE id = ANY (organizers) AND published IS DISTINCT FROM trm.has_public_event(id);
	END IF;

	IF cardinality(turned) > 0 THEN
		PERFORM trm.refresh_published_vehicles(
			ARRAY(SELECT DISTINCT vehicle FROM entries WHERE event = ANY (turned) AND vehicle IS NOT NULL)
		);
	END IF;

	RETURN NULL;
END
$$;

-- Before an entry names its event and vehicle: the event's status stays until the entry is committed, and two entries that publish the
-- same vehicle wait for one another here. Later both would share its lock (trm_check_vehicle_fits_class), and neither could go on.
CREATE OR REPLACE FUNCTION trm.hold_publishing() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
	PERFORM FROM events WHERE id = NEW.event FOR SHARE;
	PERFORM FROM vehicles
	WHERE id = NEW.vehicle AND published IS NOT TRUE
		AND EXISTS (SELECT FROM events WHERE events.id = NEW.event AND trm.is_public(events.status))
	FOR NO KEY UPDATE;
	RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER trm_hold_publishing
	BEFORE INSERT OR UPDATE OF event, vehicle ON public.entries
	FOR EACH ROW WHEN (NEW.vehicle IS NOT NULL)
	EXECUTE FUNCTION trm.hold_publishing();

CREATE OR REPLACE FUNCTION trm.note_public_entries() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
	named uuid[];
BEGIN
	CASE TG_OP
		-- One that is published stays so: nobody can change it while trm_check_vehicle_fits_class shares its lock. To lock it here for
		-- a change would be a deadlock of two entries that take the same vehicle.
		WHEN 'INSERT' THEN
			named := ARRAY(
				SELECT DISTINCT vehicle.id
				FROM after JOIN events ON events.id = after.event JOIN vehicles AS vehicle ON vehicle.id = after.vehicle
				WHERE trm.is_public(events.status) AND vehicle.published IS NOT TRUE
			);
		WHEN 'DELETE' THEN named := ARRAY(SELECT DISTINCT vehicle FROM before WHERE vehicle IS NOT NULL);
		ELSE
			named := ARRAY(
				SELECT before.vehicle
				FROM before JOIN after USING (id)
				WHERE (before.event, before.vehicle) IS DISTINCT FROM (after.event, after.vehicle) AND before.vehicle IS NOT NULL
				UNION
				SELECT vehicle.id
				FROM after JOIN events ON events.id = after.event JOIN vehicles AS vehicle ON vehicle.id = after.vehicle
				WHERE trm.is_public(events.status) AND vehicle.published IS NOT TRUE
			);
	END CASE;

	PERFORM trm.refresh_published_vehicles(named);
	RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION trm.note_no_entries() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
	UPDATE organizations SET published = NULL WHERE published;
	UPDATE vehicles SET published = NULL WHERE published;
	RETURN NULL;
END
$$;

-- A trigger with tables of its rows takes one kind of statement, and no list of columns.
DO $$
DECLARE
	noted record;
BEGIN
	FOR noted IN
		SELECT * FROM (VALUES ('events', 'note_public_events'), ('entries', 'note_public_entries')) AS tables (name, function)
		CROSS JOIN (VALUES
			('INSERT', 'REFERENCING NEW TABLE AS after'),
			('DELETE', 'REFERENCING OLD TABLE AS before'),
			('UPDATE', 'REFERENCING OLD TABLE AS before NEW TABLE AS after')
		) AS kinds (statement, rows)
		UNION ALL
		SELECT unnest(ARRAY['events', 'entries']), 'note_no_entries', 'TRUNCATE', ''
	LOOP
		EXECUTE format(
			'CREATE OR REPLACE TRIGGER trm_%s_%s AFTER %s ON public.%I %s FOR EACH STATEMENT EXECUTE FUNCTION trm.%I()',
			noted.function, lower(noted.statement), noted.statement, noted.name, noted.rows, noted.function
		);
	END LOOP;
END
$$;

-- Rows from before the column.
UPDATE public.organizations SET published = NULL WHERE published IS DISTINCT FROM trm.has_public_event(id);
UPDATE public.vehicles SET published = NULL WHERE published IS DISTINCT FROM trm.is_in_public_event(id);
