-- The ledger of applied files. Looked up first: IF NOT EXISTS asks for the right to create even when there is nothing to do.
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
			kind           text NOT NULL CHECK (kind IN ('numbered', 'repeatable')),
			applied_at     timestamptz NOT NULL DEFAULT now(),
			duration_ms    integer NOT NULL,
			runner_version text NOT NULL
		);
		COMMENT ON TABLE trm.migration_ledger IS 'one row per applied file of db-init/, written in that file''s transaction';
		COMMENT ON COLUMN trm.migration_ledger.sha256 IS 'of the file with every carriage return removed';
		COMMENT ON COLUMN trm.migration_ledger.kind IS 'numbered: applied once, never changed; repeatable (current/): applied again when it was edited';
	END IF;
	IF to_regclass('trm.made_objects') IS NULL THEN
		-- A collection or field that is deleted in the admin UI takes its triggers and constraints with it. The next schema apply
		-- makes the collection again, and the ledger has the files that made them: nothing else would ever say that they are gone.
		CREATE TABLE trm.made_objects (
			kind     text NOT NULL,
			name     text NOT NULL,
			on_table text NOT NULL,
			file     text NOT NULL,
			PRIMARY KEY (kind, name, on_table)
		);
		COMMENT ON TABLE trm.made_objects IS 'triggers, constraints and functions that the files of db-init/ made; the server does not serve without them';

		CREATE VIEW trm.present_objects AS
		SELECT 'trigger' AS kind, tgname::text AS name, relname::text AS on_table, tgenabled IN ('O', 'A') AS enabled
		FROM pg_trigger
		JOIN pg_class ON pg_class.oid = tgrelid
		JOIN pg_proc ON pg_proc.oid = tgfoid
		WHERE NOT tgisinternal AND pronamespace = 'trm'::regnamespace
		UNION ALL
		SELECT 'constraint', conname, relname, true
		FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
		WHERE connamespace = 'public'::regnamespace
		UNION ALL
		SELECT 'function', format('%s(%s)', proname, pg_get_function_identity_arguments(oid)), '', true
		FROM pg_proc WHERE pronamespace = 'trm'::regnamespace;

		-- state: missing, or disabled (a trigger that does not fire for ordinary sessions).
		CREATE VIEW trm.missing_objects AS
		SELECT kind, name, on_table, file, CASE WHEN enabled IS NULL THEN 'missing' ELSE 'disabled' END AS state
		FROM trm.made_objects LEFT JOIN trm.present_objects USING (kind, name, on_table)
		WHERE enabled IS NOT TRUE;
	END IF;
END
$$;
