-- The Postgres extensions that everything after this relies on.
-- PostGIS and btree_gist are required; TimescaleDB is used where the server has it loaded.

DO $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'postgis') THEN
		RAISE EXCEPTION 'PostGIS is not installed on this Postgres server'
			USING HINT = 'Install it beside the server (Debian: postgresql-NN-postgis-3) or use an image that carries it.';
	END IF;
END
$$;

CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Creating timescaledb on a server that lists it without preloading it ends the session with FATAL, so look first. Only a superuser
-- may read shared_preload_libraries; this setting of the loader is there for everybody, and only where it is preloaded.
DO $$
BEGIN
	IF EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN
		RETURN;
	ELSIF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb') THEN
		RAISE NOTICE 'TimescaleDB is not available here: positions will be a plain table.';
	ELSIF NOT EXISTS (SELECT FROM pg_settings WHERE name = 'timescaledb.disable_load') THEN
		RAISE WARNING 'TimescaleDB is installed but not in shared_preload_libraries: positions will be a plain table.';
	ELSE
		CREATE EXTENSION timescaledb;
	END IF;
END
$$;
