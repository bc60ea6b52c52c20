-- position_flags is the audit of POST /positions/flag-faulty, and each row makes an event: what anyone else wrote here
-- would be a false one. That endpoint, and a DBA who purges by hand, set trm.flagging = 'on' for their transaction.

CREATE OR REPLACE FUNCTION trm.position_flags_guard() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
BEGIN
	IF current_setting('trm.flagging', true) IS DISTINCT FROM 'on' THEN
		IF TG_OP = 'UPDATE' THEN
			-- A deleted user leaves his place empty (ON DELETE SET NULL).
			IF to_jsonb(NEW) - ARRAY['user_created', 'user_updated'] = to_jsonb(OLD) - ARRAY['user_created', 'user_updated']
				AND (NEW.user_created IS NULL OR NEW.user_created = OLD.user_created)
				AND (NEW.user_updated IS NULL OR NEW.user_updated = OLD.user_updated)
			THEN
				RETURN NEW;
			END IF;
		END IF;

		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			TABLE = TG_TABLE_NAME,
			MESSAGE = 'position_flags records what POST /positions/flag-faulty did: flag or unflag there; '
				'no item is created, changed or deleted by hand';
	END IF;

	RETURN coalesce(NEW, OLD);
END
$$;

-- Triggers fire in the order of their names: this one before the window is set.
CREATE OR REPLACE TRIGGER trm_position_flags_guard
	BEFORE INSERT OR UPDATE OR DELETE ON public.position_flags
	FOR EACH ROW EXECUTE FUNCTION trm.position_flags_guard();

-- position_flags.from and .to come from the keys or ranges in the same row, so that they cannot disagree with them,
-- and because Directus hands timestamps over in milliseconds while fixes have microseconds. Both are half-open [from, to).
-- Consumers compare these texts with each other: only the canonical form of timestamps passes.

CREATE OR REPLACE FUNCTION trm.position_flags_set_window() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog
SET timezone = 'UTC'
AS $$
DECLARE
	canonical constant text := '^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$';
	given json := coalesce(NEW.keys, NEW.ranges);
	valid boolean;
BEGIN
	IF (NEW.keys IS NULL) = (NEW.ranges IS NULL) THEN
		RAISE EXCEPTION 'position_flags: give exactly one of keys and ranges' USING ERRCODE = 'invalid_datetime_format';
	END IF;

	-- One after the other: SQL does not promise to stop at the first condition that fails.
	valid := json_typeof(given) = 'array';
	IF valid THEN
		valid := json_array_length(given) > 0;
	END IF;

	IF valid AND NEW.keys IS NOT NULL THEN
		valid := NOT EXISTS (SELECT FROM json_array_elements_text(given) AS key WHERE (key ~ canonical) IS NOT TRUE);
	ELSIF valid THEN
		valid := NOT EXISTS (
			SELECT FROM json_array_elements(given) AS range
			WHERE (
				range ->> 'from' ~ canonical AND range ->> 'to' ~ canonical
				AND (range ->> 'from') COLLATE "C" < (range ->> 'to') COLLATE "C"
			) IS NOT TRUE
		);
	END IF;

	IF NOT valid THEN
		RAISE EXCEPTION 'position_flags: keys are a list of timestamps and ranges a list of {from, to} with from before to, '
			'all as in 2026-06-07T08:00:00.123456Z' USING ERRCODE = 'invalid_datetime_format';
	END IF;

	IF NEW.keys IS NOT NULL THEN
		SELECT min(key::timestamptz), max(key::timestamptz) + interval '1 microsecond'
		INTO NEW."from", NEW."to"
		FROM json_array_elements_text(given) AS key;
	ELSE
		SELECT min((range ->> 'from')::timestamptz), max((range ->> 'to')::timestamptz)
		INTO NEW."from", NEW."to"
		FROM json_array_elements(given) AS range;
	END IF;

	RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER trm_position_flags_set_window
	BEFORE INSERT ON public.position_flags
	FOR EACH ROW EXECUTE FUNCTION trm.position_flags_set_window();
