-- The ledger of applied migrations. Looked up first: IF NOT EXISTS asks for the right to create even when there is nothing to do.
DO $$
BEGIN
	IF to_regnamespace('trm') IS NULL THEN
		CREATE SCHEMA trm;
		COMMENT ON SCHEMA trm IS 'internal tables; Directus inspects only public';
	END IF;
	IF to_regclass('trm.migration_ledger') IS NULL THEN
		CREATE TABLE trm.migration_ledger (
			filename       text PRIMARY KEY,
			sha256         text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
			applied_at     timestamptz NOT NULL DEFAULT now(),
			duration_ms    integer NOT NULL,
			runner_version text NOT NULL
		);
		COMMENT ON TABLE trm.migration_ledger IS 'one row per applied file of db-init/, written in that file''s transaction';
		COMMENT ON COLUMN trm.migration_ledger.sha256 IS 'of the file with every carriage return removed';
	END IF;
END
$$;
