SET LOCAL lock_timeout = '5s';

-- A fix lies in these years (timestamp.ts of the bundle), and so does what it is compared with. Postgres also holds infinity, the
-- year 12026 and 44 BC, which most programs that read an event or ask the API cannot. The comparisons refuse both infinities; null passes.
-- NOT VALID: a database that holds such a value boots all the same, and whoever next changes that row has to correct it.

ALTER TABLE public.events
	ADD CONSTRAINT events_start_date_years_1970_to_2100
	CHECK (start_date BETWEEN date '1970-01-01' AND date '2100-12-31') NOT VALID,
	ADD CONSTRAINT events_end_date_years_1970_to_2100
	CHECK (end_date BETWEEN date '1970-01-01' AND date '2100-12-31') NOT VALID;

ALTER TABLE public.entry_devices
	ADD CONSTRAINT entry_devices_assigned_from_years_1970_to_2100
	CHECK (
		assigned_from >= timestamptz '1970-01-01 00:00:00Z' AND assigned_from < timestamptz '2101-01-01 00:00:00Z'
	) NOT VALID,
	ADD CONSTRAINT entry_devices_assigned_to_years_1970_to_2100
	CHECK (
		assigned_to >= timestamptz '1970-01-01 00:00:00Z' AND assigned_to < timestamptz '2101-01-01 00:00:00Z'
	) NOT VALID;

-- The window of a fix ends a microsecond after it: the very last one's with the first instant of 2101.
ALTER TABLE public.position_flags
	ADD CONSTRAINT position_flags_window_years_1970_to_2100
	CHECK (
		"from" >= timestamptz '1970-01-01 00:00:00Z' AND "to" <= timestamptz '2101-01-01 00:00:00Z'
	) NOT VALID;

-- What 001-005 and this file make. A later file that makes or removes such an object replaces this function with the new list.
CREATE OR REPLACE FUNCTION trm.expected_after_schema_objects()
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
		('trigger', 'trm_check_vehicle_fits_class', 'vehicles', '005_event_integrity.sql'),
		('constraint', 'events_start_date_years_1970_to_2100', 'events', '007_years_1970_to_2100.sql'),
		('constraint', 'events_end_date_years_1970_to_2100', 'events', '007_years_1970_to_2100.sql'),
		('constraint', 'entry_devices_assigned_from_years_1970_to_2100', 'entry_devices', '007_years_1970_to_2100.sql'),
		('constraint', 'entry_devices_assigned_to_years_1970_to_2100', 'entry_devices', '007_years_1970_to_2100.sql'),
		('constraint', 'position_flags_window_years_1970_to_2100', 'position_flags', '007_years_1970_to_2100.sql')
$$;
