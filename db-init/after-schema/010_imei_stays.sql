SET LOCAL lock_timeout = '5s';

-- Assignments and flags name a device, fixes its IMEI. Whoever gave a device another number could make a new one with the old
-- number, and the fixes would be that one's: without the assignments which say whose they are, and without their flags.

-- An assignment or flag that is being inserted holds the device's row by its foreign key (FOR KEY SHARE), and a change of the IMEI
-- waits for it before this runs, since the IMEI is unique (FOR UPDATE); one that comes later waits for the change. Fixes hold
-- nothing: the first one of a device without assignments may arrive meanwhile, and nobody was kept from it.
CREATE FUNCTION trm.devices_keep_imei() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
BEGIN
	-- Elsewhere the snapshot is older than what was waited for.
	IF current_setting('transaction_isolation') <> 'read committed' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			TABLE = TG_TABLE_NAME,
			COLUMN = 'imei',
			MESSAGE = 'devices: an IMEI is changed with the isolation level READ COMMITTED only';
	END IF;

	IF EXISTS (SELECT FROM public.entry_devices WHERE device = OLD.id)
		OR EXISTS (SELECT FROM public.position_flags WHERE device = OLD.id)
		OR EXISTS (SELECT FROM public.positions WHERE device_id = OLD.imei)
	THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			TABLE = TG_TABLE_NAME,
			COLUMN = 'imei',
			MESSAGE = 'devices: the IMEI stays once the tracker was assigned, was flagged or has sent fixes, which would be '
				'another''s otherwise: make a new device with the other IMEI, and retire this one';
	END IF;

	RETURN NEW;
END
$$;

CREATE TRIGGER trm_devices_keep_imei
	BEFORE UPDATE ON public.devices
	FOR EACH ROW WHEN (OLD.imei IS DISTINCT FROM NEW.imei)
	EXECUTE FUNCTION trm.devices_keep_imei();

-- What 001-009 and this file make. A later file that makes or removes such an object replaces this function with the new list.
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
		('constraint', 'position_flags_window_years_1970_to_2100', 'position_flags', '007_years_1970_to_2100.sql'),
		('trigger', 'trm_announce_shared_state', 'directus_access', '009_shared_state_notices.sql'),
		('trigger', 'trm_announce_shared_state', 'directus_permissions', '009_shared_state_notices.sql'),
		('trigger', 'trm_announce_shared_state', 'directus_policies', '009_shared_state_notices.sql'),
		('trigger', 'trm_announce_shared_state', 'directus_roles', '009_shared_state_notices.sql'),
		('trigger', 'trm_announce_shared_state', 'directus_collections', '009_shared_state_notices.sql'),
		('trigger', 'trm_announce_shared_state', 'directus_fields', '009_shared_state_notices.sql'),
		('trigger', 'trm_announce_shared_state', 'directus_relations', '009_shared_state_notices.sql'),
		('trigger', 'trm_devices_keep_imei', 'devices', '010_imei_stays.sql')
$$;
