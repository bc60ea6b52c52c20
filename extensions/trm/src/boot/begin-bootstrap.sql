-- Before Directus's bootstrap. On a database without Directus's tables: note that the first installation begins.
-- The note still there: that installation was interrupted, and its tables are dropped, unless they have been used since
-- (a bootstrap finished by hand). An unused installation has no row in any of the tables looked at.
-- Sets trm.bootstrap to "discarded" or nothing.
SELECT set_config('trm.bootstrap', '', false);

DO $$
DECLARE
	leftover text;
	used boolean;
BEGIN
	IF EXISTS (SELECT FROM trm.state WHERE key = 'bootstrap.installing') THEN
		FOREACH leftover IN ARRAY ARRAY['directus_activity', 'directus_collections', 'directus_files', 'directus_sessions'] LOOP
			CONTINUE WHEN to_regclass('public.' || leftover) IS NULL;
			EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', leftover) INTO used;
			IF used THEN
				DELETE FROM trm.state WHERE key = 'bootstrap.installing';
				RETURN;
			END IF;
		END LOOP;

		FOR leftover IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND starts_with(tablename, 'directus_') LOOP
			EXECUTE format('DROP TABLE public.%I CASCADE', leftover);
			PERFORM set_config('trm.bootstrap', 'discarded', false);
		END LOOP;
	END IF;
END
$$;

INSERT INTO trm.state (key, value) SELECT 'bootstrap.installing', 'true'
WHERE to_regclass('public.directus_collections') IS NULL ON CONFLICT (key) DO NOTHING;
