import type { Stack } from '../../support/stack.js';
import { COLLECTIONS } from '../rows.js';

/** Whatever an attack could change that is not the attacker's own, by a name for each row. */
export type Fingerprint = Map<string, string>;

/** Columns that a mere request sets, or a change to one's own row that changes nothing. */
const RESTLESS = `- 'last_access' - 'last_page' - 'times_used' - 'date_updated' - 'user_updated'`;

const TABLES = [
	...COLLECTIONS,
	'directus_users',
	'directus_roles',
	'directus_policies',
	'directus_permissions',
	'directus_access',
	'directus_settings',
	'directus_files',
	'directus_folders',
	'directus_flows',
	'directus_operations',
	'directus_dashboards',
	'directus_panels',
	'directus_shares',
	'directus_versions',
	'directus_translations',
	'directus_presets',
	'directus_notifications',
	'directus_comments',
	'directus_extensions',
	'directus_deployments',
	'directus_relations',
];

/** Rows of the model itself: they have no id that lasts. */
const MODEL = ['directus_collections', 'directus_fields'];

/** Everything of everybody: the attacks of a group leave no trace, so that all of it is as it was. */
export async function takeFingerprint({ db }: Stack): Promise<Fingerprint> {
	const rows = TABLES.map(
		(table) => `SELECT '${table} ' || id AS name, md5((to_jsonb(t) ${RESTLESS})::text) AS hash FROM ${table} t`,
	);
	const model = MODEL.map(
		(table) => `SELECT '${table}', md5(string_agg(t::text, ',' ORDER BY t::text)) FROM ${table} t`,
	);
	const fixes = `SELECT 'fixes of ' || device_id, md5(string_agg(t::text, ',' ORDER BY ts)) FROM positions t GROUP BY device_id`;

	const found = await db.query<{ name: string; hash: string }>([...rows, ...model, fixes].join(' UNION ALL '));
	return new Map(found.rows.map(({ name, hash }) => [name, hash]));
}

/** @returns what differs, in words. */
export function differences(before: Fingerprint, after: Fingerprint): string[] {
	const names = new Set([...before.keys(), ...after.keys()]);

	return [...names].flatMap((name) => {
		if (before.get(name) === after.get(name)) return [];
		if (!before.has(name)) return [`${name} was made`];
		return [after.has(name) ? `${name} was changed` : `${name} was deleted`];
	});
}
