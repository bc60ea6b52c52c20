-- position_flags.from and .to come from the keys or ranges in the same row, so that they cannot disagree with them,
-- and because Directus hands timestamps over in milliseconds while fixes have microseconds. Both are half-open [from, to).

CREATE FUNCTION trm.position_flags_set_window() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog
SET timezone = 'UTC'
AS $$
BEGIN
	IF json_typeof(NEW.keys::json) = 'array' AND json_array_length(NEW.keys::json) > 0 THEN
		SELECT min(key::timestamptz), max(key::timestamptz) + interval '1 microsecond'
		INTO NEW."from", NEW."to"
		FROM json_array_elements_text(NEW.keys::json) AS key;
	ELSIF json_typeof(NEW.ranges::json) = 'array' AND json_array_length(NEW.ranges::json) > 0 THEN
		SELECT min((range ->> 'from')::timestamptz), max((range ->> 'to')::timestamptz)
		INTO NEW."from", NEW."to"
		FROM json_array_elements(NEW.ranges::json) AS range;
	END IF;

	RETURN NEW;
END
$$;

CREATE TRIGGER trm_position_flags_set_window
	BEFORE INSERT ON public.position_flags
	FOR EACH ROW EXECUTE FUNCTION trm.position_flags_set_window();
