-- A tracker serves one entry at a time: a fix belongs to whoever carried the device at that moment.
-- Half-open, so an assignment may start at the very moment the previous one ends; no end means until further notice.

-- First the order of the bounds: an empty range overlaps nothing and would slip past the exclusion.
ALTER TABLE public.entry_devices
	ADD CONSTRAINT entry_devices_assigned_to_after_from CHECK (assigned_to > assigned_from);

-- Its GiST index leads with device, and so also serves the look-up and the foreign key of entry_devices.device.
ALTER TABLE public.entry_devices
	ADD CONSTRAINT entry_devices_one_entry_per_device
	EXCLUDE USING gist (device WITH =, tstzrange(assigned_from, assigned_to, '[)') WITH &&);
