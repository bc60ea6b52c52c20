import type pg from 'pg';

/** Rights as text, such as "SELECT, INSERT (event, id)", with what they are on. */
export type Rights = Record<string, string[]>;

const THINGS = `
	-- What an extension brings is everybody's, the catalog of TimescaleDB too. That of PostGIS lies in public.
	WITH schemas AS (
		SELECT oid, nspname FROM pg_namespace
		WHERE nspname !~ '^(pg_|information_schema$)'
			AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_namespace'::regclass AND objid = pg_namespace.oid AND deptype = 'e')
	),
	relations AS (
		SELECT c.oid, c.relkind, format('%I.%I', n.nspname, c.relname) AS name
		FROM pg_class c JOIN schemas n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
	),
	held AS (
		SELECT 'database' AS name, p AS privilege, place, NULL AS columns
		FROM unnest(ARRAY['CONNECT', 'TEMPORARY', 'CREATE']) WITH ORDINALITY AS privileges (p, place)
		WHERE has_database_privilege($1, current_database(), p)
		UNION ALL
		SELECT 'schema ' || nspname, p, place, NULL
		FROM schemas, unnest(ARRAY['USAGE', 'CREATE']) WITH ORDINALITY AS privileges (p, place)
		WHERE has_schema_privilege($1, oid, p)
		UNION ALL
		SELECT 'sequence ' || name, p, place, NULL
		FROM relations, unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) WITH ORDINALITY AS privileges (p, place)
		WHERE relkind = 'S' AND has_sequence_privilege($1, oid, p)
		UNION ALL
		SELECT name, p, place, NULL
		FROM relations,
			unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) WITH ORDINALITY AS privileges (p, place)
		WHERE relkind <> 'S' AND has_table_privilege($1, oid, p)
		UNION ALL
		SELECT name, p, place, string_agg(attname, ', ' ORDER BY attname)
		FROM relations JOIN pg_attribute ON attrelid = oid AND attnum > 0 AND NOT attisdropped,
			unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) WITH ORDINALITY AS privileges (p, place)
		WHERE relkind <> 'S'
			AND NOT has_table_privilege($1, oid, p) AND has_column_privilege($1, oid, attnum, p)
		GROUP BY name, p, place
		UNION ALL
		SELECT 'function ' || p.oid::regprocedure, 'EXECUTE', 1, NULL
		FROM pg_proc p JOIN schemas n ON n.oid = p.pronamespace
		WHERE has_function_privilege($1, p.oid, 'EXECUTE')
			AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
	)
	SELECT name, string_agg(privilege || coalesce(' (' || columns || ')', ''), ', ' ORDER BY place) AS rights
	FROM held GROUP BY name ORDER BY name COLLATE "C"`;

/**
 * Everything that a role may do with this database's own things, by the rights: what has the same ones stands together.
 * Names and columns are in alphabetical order; those of public have no schema.
 */
export async function rightsOf(db: Pick<pg.ClientBase, 'query'>, role: string): Promise<Rights> {
	const { rows } = await db.query<{ name: string; rights: string }>(THINGS, [role]);
	const found: Rights = {};
	for (const { name, rights } of rows) (found[rights] ??= []).push(name.replace(/^(sequence )?public\./, '$1'));
	return found;
}

/** What the two roles may do with positions. */
export const RIGHTS_ON_POSITIONS = {
	trm_processor: [
		'SELECT, INSERT (altitude, angle, attributes, device_id, latitude, longitude, priority, received_at, satellites, speed, ts)',
	],
	trm_directus: ['SELECT, UPDATE (faulty)'],
};

/** @returns the same of a database, as it is. */
export async function rightsOnPositions(database: pg.Pool | pg.Client): Promise<Record<string, string[]>> {
	const roles = Object.keys(RIGHTS_ON_POSITIONS);
	const rights = await Promise.all(roles.map((role) => rightsOf(database, role)));
	const namesOf = (one: Rights) => Object.keys(one).filter((right) => one[right]?.includes('positions'));
	return Object.fromEntries(roles.map((role, index) => [role, namesOf(rights[index] ?? {})]));
}
