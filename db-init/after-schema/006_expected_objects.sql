-- A collection or field that is deleted in the admin UI takes its triggers and constraints with it. The next schema apply
-- recreates the collection, and the ledger has the files that made them: nothing would ever bring them back, or say so.

-- What 001-005 make. A later file that makes or removes such an object replaces this function with the new list.
CREATE FUNCTION trm.expected_after_schema_objects()
RETURNS TABLE (kind text, name text, on_table text, file text)
LANGUAGE sql
IMMUTABLE
SET search_path = pg_catalog
AS $$
	VALUES
		('constraint', 'organization_users_organization_user_unique', 'organization_users', '001_uniques.sql'),
		('constraint', 'organization_vehicles_organization_vehicle_unique', 'organization_vehicles', '001_uniques.sql'),
		('constraint', 'organization_devices_organization_device_unique', 'organization_devices', '001_uniques.sql'),
		('constraint', 'events_organization_slug_unique', 'events', '001_uniques.sql'),
		('constraint', 'classes_event_code_unique', 'classes', '001_uniques.sql'),
		('constraint', 'entries_event_race_number_unique', 'entries', '001_uniques.sql'),
		('constraint', 'position_flags_request_device_unique', 'position_flags', '001_uniques.sql'),
		('constraint', 'entry_devices_assigned_to_after_from', 'entry_devices', '002_device_assignment.sql'),
		('constraint', 'entry_devices_one_entry_per_device', 'entry_devices', '002_device_assignment.sql'),
		('constraint', 'position_flags_to_after_from', 'position_flags', '003_position_flags.sql'),
		('trigger', 'trm_position_flags_guard', 'position_flags', '003_position_flags.sql'),
		('trigger', 'trm_position_flags_set_window', 'position_flags', '003_position_flags.sql'),
		('trigger', 'trm_emit_row_change', 'organizations', '004_event_triggers.sql'),
		('trigger', 'trm_emit_row_change', 'organization_users', '004_event_triggers.sql'),
		('trigger', 'trm_emit_row_change', 'vehicles', '004_event_triggers.sql'),
		('trigger', 'trm_emit_row_change', 'organization_vehicles', '004_event_triggers.sql'),
		('trigger', 'trm_emit_row_change', 'devices', '004_event_triggers.sql'),
		('trigger', 'trm_emit_row_change', 'organization_devices', '004_event_triggers.sql'),
		('trigger', 'trm_emit_row_change', 'events', '004_event_triggers.sql'),
		('trigger', 'trm_emit_row_change', 'classes', '004_event_triggers.sql'),
		('trigger', 'trm_emit_row_change', 'entries', '004_event_triggers.sql'),
		('trigger', 'trm_emit_row_change', 'entry_crew', '004_event_triggers.sql'),
		('trigger', 'trm_emit_row_change', 'entry_devices', '004_event_triggers.sql'),
		('trigger', 'trm_emit_positions_flagged', 'position_flags', '004_event_triggers.sql'),
		('constraint', 'events_end_date_not_before_start_date', 'events', '005_event_integrity.sql'),
		('constraint', 'events_timezone_known', 'events', '005_event_integrity.sql'),
		('constraint', 'classes_parent_is_another', 'classes', '005_event_integrity.sql'),
		('constraint', 'classes_id_event_unique', 'classes', '005_event_integrity.sql'),
		('constraint', 'classes_parent_of_same_event', 'classes', '005_event_integrity.sql'),
		('constraint', 'entries_class_of_same_event', 'entries', '005_event_integrity.sql'),
		('trigger', 'trm_check_class_ancestors', 'classes', '005_event_integrity.sql'),
		('trigger', 'trm_check_vehicle_fits_class', 'entries', '005_event_integrity.sql'),
		('trigger', 'trm_check_vehicle_fits_class', 'classes', '005_event_integrity.sql'),
		('trigger', 'trm_check_vehicle_fits_class', 'vehicles', '005_event_integrity.sql')
$$;

-- state: missing, or disabled (a trigger that does not fire for ordinary sessions).
CREATE FUNCTION trm.missing_after_schema_objects()
RETURNS TABLE (kind text, name text, on_table text, file text, state text)
LANGUAGE sql
STABLE
SET search_path = pg_catalog
AS $$
	SELECT
		expected.kind, expected.name, expected.on_table, expected.file,
		CASE WHEN tg.oid IS NULL THEN 'missing' ELSE 'disabled' END
	FROM trm.expected_after_schema_objects() AS expected
	LEFT JOIN pg_class AS rel
		ON rel.relnamespace = 'public'::regnamespace AND rel.relname = expected.on_table AND rel.relkind IN ('r', 'p')
	LEFT JOIN pg_trigger AS tg
		ON expected.kind = 'trigger' AND tg.tgrelid = rel.oid AND tg.tgname = expected.name AND NOT tg.tgisinternal
	LEFT JOIN pg_constraint AS con
		ON expected.kind = 'constraint' AND con.conrelid = rel.oid AND con.conname = expected.name
	WHERE con.oid IS NULL AND (tg.oid IS NULL OR tg.tgenabled NOT IN ('O', 'A'))
	ORDER BY expected.file, expected.on_table, expected.name
$$;

-- Makes the triggers of 004 that are gone, where their table is there: every change without them would be lost to the events.
-- One that is disabled was disabled by somebody, and is left to him.
-- @returns the tables that were given one.
CREATE FUNCTION trm.ensure_event_triggers()
RETURNS SETOF text
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
DECLARE
	missing record;
BEGIN
	FOR missing IN
		SELECT objects.name, objects.on_table
		FROM trm.missing_after_schema_objects() AS objects
		WHERE objects.file = '004_event_triggers.sql' AND objects.state = 'missing'
			AND to_regclass(format('public.%I', objects.on_table)) IS NOT NULL
	LOOP
		IF missing.name = 'trm_emit_positions_flagged' THEN
			EXECUTE format(
				'CREATE TRIGGER trm_emit_positions_flagged AFTER INSERT ON public.%I
					FOR EACH ROW EXECUTE FUNCTION trm.emit_positions_flagged()',
				missing.on_table
			);
		ELSE
			EXECUTE format(
				'CREATE TRIGGER trm_emit_row_change AFTER INSERT OR UPDATE OR DELETE ON public.%I
					FOR EACH ROW EXECUTE FUNCTION trm.emit_row_change()',
				missing.on_table
			);
		END IF;

		RETURN NEXT missing.on_table;
	END LOOP;
END
$$;

-- For a database that lost some before this file came; step 3 has been before it.
DO $$
BEGIN
	PERFORM trm.ensure_event_triggers();
END
$$;
