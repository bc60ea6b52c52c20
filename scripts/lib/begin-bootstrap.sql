-- Before Directus's bootstrap. On a database without Directus's tables: note that the first installation begins.
-- The note still there: that installation was interrupted before any server ran on it, so what there is of it goes.
-- RETURNING tells the boot, which logs it.
DO $$
DECLARE
	leftover text;
BEGIN
	IF EXISTS (SELECT FROM trm.state WHERE key = 'bootstrap.installing') THEN
		FOR leftover IN
			SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
			WHERE schemaname = 'public' AND starts_with(tablename, 'directus_')
		LOOP
			EXECUTE 'DROP TABLE ' || leftover || ' CASCADE';
		END LOOP;
	END IF;
END
$$;
UPDATE trm.state SET updated_at = now() WHERE key = 'bootstrap.installing' RETURNING 'discarded';
INSERT INTO trm.state (key, value) SELECT 'bootstrap.installing', 'true'
WHERE to_regclass('public.directus_collections') IS NULL ON CONFLICT (key) DO NOTHING;
