-- GPS fixes, written by the processor (INSERT … ON CONFLICT DO NOTHING), about one a second for each tracker.
-- The key is (device_id, ts): no surrogate column. device_id equals devices.imei.

CREATE TABLE public.positions (
	device_id   text NOT NULL,
	ts          timestamptz NOT NULL,
	latitude    double precision,
	longitude   double precision,
	altitude    real,
	angle       real,
	speed       real,
	satellites  smallint,
	priority    smallint,
	attributes  jsonb,
	received_at timestamptz NOT NULL DEFAULT now(),
	faulty      boolean NOT NULL DEFAULT false
);

COMMENT ON TABLE public.positions IS 'GPS fixes; written by the processor, hidden from Directus by DB_EXCLUDE_TABLES';
COMMENT ON COLUMN public.positions.device_id IS 'IMEI of the tracker, equals devices.imei';
COMMENT ON COLUMN public.positions.ts IS 'time of the fix as the tracker reported it, microseconds';
COMMENT ON COLUMN public.positions.latitude IS 'degrees, WGS 84';
COMMENT ON COLUMN public.positions.longitude IS 'degrees, WGS 84';
COMMENT ON COLUMN public.positions.altitude IS 'metres above mean sea level';
COMMENT ON COLUMN public.positions.angle IS 'heading in degrees, clockwise from north';
COMMENT ON COLUMN public.positions.faulty IS 'set by an operator through POST /positions/flag-faulty, never by the processor; a faulty fix is left out of everything computed';
COMMENT ON COLUMN public.positions.speed IS 'km/h as the tracker reported it; 0 is no proof of standing still';

-- Chunks of one day: a stage is a day, and a day is what an operator looks at.
DO $$
BEGIN
	IF EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN
		PERFORM public.create_hypertable('public.positions'::regclass, 'ts'::name,
			chunk_time_interval => interval '1 day', create_default_indexes => false);
	END IF;
END
$$;

CREATE UNIQUE INDEX positions_device_id_ts ON public.positions (device_id, ts);

-- Serves "the faulty fixes of a device": few rows, so a partial index stays small beside hundreds of millions of fixes.
CREATE INDEX positions_faulty ON public.positions (device_id, ts) WHERE faulty;
