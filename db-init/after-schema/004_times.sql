ALTER TABLE public.position_flags
	ADD CONSTRAINT position_flags_to_after_from CHECK ("from" < "to" AND isfinite("from") AND isfinite("to"));

-- A fix lies in these years (timestamp.ts of the bundle), and so does what it is compared with. Postgres also holds infinity, the
-- year 12026 and 44 BC, which most programs that read an event or ask the API cannot. The comparisons refuse both infinities; null passes.

ALTER TABLE public.events
	ADD CONSTRAINT events_start_date_years_1970_to_2100
	CHECK (start_date BETWEEN date '1970-01-01' AND date '2100-12-31'),
	ADD CONSTRAINT events_end_date_years_1970_to_2100
	CHECK (end_date BETWEEN date '1970-01-01' AND date '2100-12-31');

ALTER TABLE public.entry_devices
	ADD CONSTRAINT entry_devices_assigned_from_years_1970_to_2100
	CHECK (
		assigned_from >= timestamptz '1970-01-01 00:00:00Z' AND assigned_from < timestamptz '2101-01-01 00:00:00Z'
	),
	ADD CONSTRAINT entry_devices_assigned_to_years_1970_to_2100
	CHECK (
		assigned_to >= timestamptz '1970-01-01 00:00:00Z' AND assigned_to < timestamptz '2101-01-01 00:00:00Z'
	);

-- The window of a fix ends a microsecond after it: the very last one's with the first instant of 2101.
ALTER TABLE public.position_flags
	ADD CONSTRAINT position_flags_window_years_1970_to_2100
	CHECK (
		"from" >= timestamptz '1970-01-01 00:00:00Z' AND "to" <= timestamptz '2101-01-01 00:00:00Z'
	);
