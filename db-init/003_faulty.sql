-- An operator marks a bad fix faulty through POST /positions/flag-faulty; the processor never writes this column.

ALTER TABLE public.positions ADD COLUMN faulty boolean NOT NULL DEFAULT false;

COMMENT ON COLUMN public.positions.faulty IS 'set by an operator; a faulty fix is left out of everything computed';

-- Serves "the faulty fixes of a device": few rows, so a partial index stays small beside hundreds of millions of fixes.
CREATE INDEX positions_faulty ON public.positions (device_id, ts) WHERE faulty;
