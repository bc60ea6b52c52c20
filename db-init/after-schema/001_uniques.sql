-- Uniques over several columns, which Directus cannot express (a single column carries is_unique in the snapshot).
-- The first column of each is the parent, so these indexes also serve "all … of this parent" and its cascade.

ALTER TABLE public.organization_users
	ADD CONSTRAINT organization_users_organization_user_unique UNIQUE (organization, "user");

ALTER TABLE public.organization_vehicles
	ADD CONSTRAINT organization_vehicles_organization_vehicle_unique UNIQUE (organization, vehicle);

ALTER TABLE public.organization_devices
	ADD CONSTRAINT organization_devices_organization_device_unique UNIQUE (organization, device);

ALTER TABLE public.events
	ADD CONSTRAINT events_organization_slug_unique UNIQUE (organization, slug);

ALTER TABLE public.classes
	ADD CONSTRAINT classes_event_code_unique UNIQUE (event, code);

ALTER TABLE public.entries
	ADD CONSTRAINT entries_event_race_number_unique UNIQUE (event, race_number);

-- One row of the audit for each device of a call.
ALTER TABLE public.position_flags
	ADD CONSTRAINT position_flags_request_device_unique UNIQUE (request, device);
