-- Assignments and flags name a device, fixes its IMEI. After a change of the number, a user could make a new device with the old
-- number, and the fixes would be that one's: without the assignments which say whose they are, and without their flags.

-- An assignment or flag that is being inserted holds the device's row by its foreign key (FOR KEY SHARE), and a change of the IMEI
-- waits for it before this runs, since the IMEI is unique (FOR UPDATE); one that comes later waits for the change. Fixes hold
-- nothing: the first one of a device without assignments may arrive meanwhile, and nobody was kept from it.
CREATE OR REPLACE FUNCTION trm.devices_keep_imei() RETURNS trigger
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

CREATE OR REPLACE TRIGGER trm_devices_keep_imei
	BEFORE UPDATE ON public.devices
	FOR EACH ROW WHEN (OLD.imei IS DISTINCT FROM NEW.imei)
	EXECUTE FUNCTION trm.devices_keep_imei();
