-- Whose row it is stands in the row itself, so that a permission compares one column. These keys keep it the parent's: a row can be of
-- no other organisation than what it belongs to, and follows it when that one changes hands. db-init/current/tenancy.sql fills it in.

ALTER TABLE public.events
	ADD CONSTRAINT events_id_organization_unique UNIQUE (id, organization);

ALTER TABLE public.classes
	ADD CONSTRAINT classes_organization_of_event
	FOREIGN KEY (event, organization) REFERENCES public.events (id, organization) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE public.entries
	ADD CONSTRAINT entries_id_organization_unique UNIQUE (id, organization),
	ADD CONSTRAINT entries_organization_of_event
	FOREIGN KEY (event, organization) REFERENCES public.events (id, organization) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE public.entry_crew
	ADD CONSTRAINT entry_crew_organization_of_entry
	FOREIGN KEY (entry, organization) REFERENCES public.entries (id, organization) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE public.entry_devices
	ADD CONSTRAINT entry_devices_organization_of_entry
	FOREIGN KEY (entry, organization) REFERENCES public.entries (id, organization) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE public.devices
	ADD CONSTRAINT devices_id_organization_unique UNIQUE (id, organization);

ALTER TABLE public.vehicles
	ADD CONSTRAINT vehicles_id_organization_unique UNIQUE (id, organization);

-- Who lends is who owns, and not who borrows. What is lent stays until it is given back.
ALTER TABLE public.organization_devices
	ADD CONSTRAINT organization_devices_lent_to_another CHECK (organization <> lender),
	ADD CONSTRAINT organization_devices_lender_owns
	FOREIGN KEY (device, lender) REFERENCES public.devices (id, organization) ON UPDATE CASCADE;

ALTER TABLE public.organization_vehicles
	ADD CONSTRAINT organization_vehicles_lent_to_another CHECK (organization <> lender),
	ADD CONSTRAINT organization_vehicles_lender_owns
	FOREIGN KEY (vehicle, lender) REFERENCES public.vehicles (id, organization) ON UPDATE CASCADE;

-- Somebody stands in a crew once: then "crews that name me" has each row once.
ALTER TABLE public.entry_crew
	ADD CONSTRAINT entry_crew_entry_user_unique UNIQUE (entry, "user");

-- Never empty. Not as NOT NULL in the snapshot: GraphQL would then ask its callers for what is filled in, and call it an unexpected error
-- where they leave out what they have to say.
ALTER TABLE public.devices ADD CONSTRAINT devices_organization_not_null CHECK (organization IS NOT NULL);
ALTER TABLE public.vehicles ADD CONSTRAINT vehicles_organization_not_null CHECK (organization IS NOT NULL);
ALTER TABLE public.classes ADD CONSTRAINT classes_organization_not_null CHECK (organization IS NOT NULL);
ALTER TABLE public.entries ADD CONSTRAINT entries_organization_not_null CHECK (organization IS NOT NULL);
ALTER TABLE public.entry_crew ADD CONSTRAINT entry_crew_organization_not_null CHECK (organization IS NOT NULL);
ALTER TABLE public.entry_devices ADD CONSTRAINT entry_devices_organization_not_null CHECK (organization IS NOT NULL);
ALTER TABLE public.position_flags ADD CONSTRAINT position_flags_organization_not_null CHECK (organization IS NOT NULL);
ALTER TABLE public.organization_devices ADD CONSTRAINT organization_devices_lender_not_null CHECK (lender IS NOT NULL);
ALTER TABLE public.organization_vehicles ADD CONSTRAINT organization_vehicles_lender_not_null CHECK (lender IS NOT NULL);

-- Who was there before the first membership has none.
UPDATE public.directus_users
SET member_of = '[null]', owns = '[null]', directs = '[null]', operates = '[null]', times = '[null]', tracks = '[null]';
