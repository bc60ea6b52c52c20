-- The only source of events. AFTER ROW triggers see whatever writes (API, raw SQL, imports, cascades) and share its
-- transaction, so an event exists exactly when its change does. The row's lock is held while its trigger fires: for one
-- row the outbox ids follow commit order.

-- SECURITY DEFINER: whoever may write a collection makes its events, and nobody needs a right on the outbox for it.
CREATE OR REPLACE FUNCTION trm.emit_row_change() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
	-- Directus writes these on every save; on their own they are no change.
	bookkeeping constant text[] := ARRAY['date_updated', 'user_updated'];
	-- What permissions compare (published.sql): it follows from other rows, and their events.
	derived constant text := 'published';
	verb text;
	before jsonb;
	after jsonb;
	data jsonb;
BEGIN
	IF TG_OP = 'INSERT' THEN
		verb := 'created';
		after := to_jsonb(NEW) - derived;
		data := jsonb_build_object('row', after);
	ELSIF TG_OP = 'DELETE' THEN
		verb := 'deleted';
		after := to_jsonb(OLD) - derived;
		data := jsonb_build_object('row', after);
	ELSE
		verb := 'updated';
		before := to_jsonb(OLD) - derived;
		after := to_jsonb(NEW) - derived;

		IF before - bookkeeping = after - bookkeeping THEN
			RETURN NULL;
		END IF;

		data := jsonb_build_object(
			'row', after,
			'changed', (
				SELECT jsonb_object_agg(key, jsonb_build_object('old', before -> key, 'new', value))
				FROM jsonb_each(after)
				WHERE value IS DISTINCT FROM before -> key
			)
		);
	END IF;

	INSERT INTO trm.event_outbox (type, subject, data)
	VALUES (format('trm.%s.%s', TG_TABLE_NAME, verb), format('%s/%s', TG_TABLE_NAME, after ->> 'id'), data);

	RETURN NULL;
END
$$;

-- One event for each device of a flag-faulty call. At most 1,000 keys travel: past that, from and to bound the fixes.
CREATE OR REPLACE FUNCTION trm.emit_positions_flagged() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
	most_keys constant integer := 1000;
	imei text;
	keys jsonb := NEW.keys::jsonb;
BEGIN
	SELECT devices.imei INTO STRICT imei FROM public.devices WHERE devices.id = NEW.device;

	INSERT INTO trm.event_outbox (type, subject, data)
	VALUES (
		'trm.positions.flagged',
		format('positions/%s', imei),
		jsonb_build_object(
			'request', NEW.request,
			'flag', NEW.id,
			'device_id', imei,
			'faulty', NEW.faulty,
			'reason', NEW.reason,
			'from', to_char(NEW."from", 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
			'to', to_char(NEW."to", 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
			'keys', CASE WHEN jsonb_typeof(keys) = 'array' AND jsonb_array_length(keys) <= most_keys THEN keys END,
			'ranges', NEW.ranges::jsonb,
			'matched', NEW.matched,
			'changed', NEW.changed,
			'user', NEW.user_created
		)
	);

	RETURN NULL;
END
$$;

-- The collections whose rows make events.
CREATE OR REPLACE FUNCTION trm.published_collections() RETURNS SETOF name
LANGUAGE sql
IMMUTABLE
SET search_path = pg_catalog
AS $$
	VALUES
		('organizations'), ('organization_users'), ('vehicles'), ('organization_vehicles'), ('devices'), ('organization_devices'),
		('events'), ('classes'), ('entries'), ('entry_crew'), ('entry_devices')
$$;

DO $$
DECLARE
	collection name;
BEGIN
	FOR collection IN SELECT trm.published_collections() LOOP
		EXECUTE format(
			'CREATE OR REPLACE TRIGGER trm_emit_row_change AFTER INSERT OR UPDATE OR DELETE ON public.%I
				FOR EACH ROW EXECUTE FUNCTION trm.emit_row_change()',
			collection
		);
	END LOOP;
END
$$;

CREATE OR REPLACE TRIGGER trm_emit_positions_flagged
	AFTER INSERT ON public.position_flags
	FOR EACH ROW EXECUTE FUNCTION trm.emit_positions_flagged();
