-- Every replica keeps rights and collections in memory, and without a Redis of Directus's own none learns of what was
-- changed on another, or by SQL: a right that was taken away would hold there until the next start. Each listens to this.
-- NOTIFY orders commits over the whole database; these tables change with the configuration, not during a race.

CREATE OR REPLACE FUNCTION trm.announce_shared_state() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
BEGIN
	PERFORM pg_notify('trm_shared_state', '');
	RETURN NULL;
END
$$;

DO $$
DECLARE
	shared text;
BEGIN
	FOREACH shared IN ARRAY ARRAY[
		'directus_access', 'directus_permissions', 'directus_policies', 'directus_roles',
		'directus_collections', 'directus_fields', 'directus_relations'
	] LOOP
		EXECUTE format(
			'CREATE OR REPLACE TRIGGER trm_announce_shared_state AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.%I
				FOR EACH STATEMENT EXECUTE FUNCTION trm.announce_shared_state()',
			shared
		);
	END LOOP;
END
$$;
