import { randomUUID } from 'node:crypto';
import { COLLECTIONS as PUBLISHED } from '../../packages/event-contract/collections.js';
import type { Stack } from '../support/stack.js';
import { queryFlagging } from '../support/flagging.js';

export type Row = Record<string, unknown>;

/** The collections of the snapshot, parents first. */
export const COLLECTIONS = [...PUBLISHED, 'position_flags'] as const;

/** A row goes in after those that it refers to. */
const TABLES = [
	'directus_roles',
	'directus_policies',
	'directus_permissions',
	'directus_users',
	'directus_access',
	'directus_folders',
	'directus_files',
	'directus_dashboards',
	'directus_panels',
	'directus_flows',
	'directus_operations',
	'directus_translations',
	'directus_presets',
	'directus_notifications',
	...COLLECTIONS,
	'directus_comments',
	'directus_shares',
	'directus_versions',
	'directus_activity',
	'directus_revisions',
] as const;

export type Table = (typeof TABLES)[number];

/** Ids of tables that count: far above what the tests let Directus give out. */
let counter = 1_000_000;
export const newNumber = () => ++counter;

/** Rows that are inserted all at once, past the API: a row for each try that could change one. */
export class Batch {
	readonly #rows = new Map<Table, Row[]>();

	/** @returns the row's id: a UUID unless one is given. */
	add(table: Table, row: Row): string {
		const id = row['id'] ?? randomUUID();
		const rows = this.#rows.get(table) ?? [];
		rows.push({ ...row, id });
		this.#rows.set(table, rows);
		return String(id);
	}

	async insert(stack: Stack): Promise<void> {
		for (const table of TABLES) {
			// What a row does not name keeps its default, so rows that name the same go in together.
			for (const [columns, rows] of groupByColumns(this.#rows.get(table) ?? [])) {
				const sql = `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1)`;
				await queryFlagging(stack, sql, [JSON.stringify(rows)]);
			}
		}
	}
}

function groupByColumns(rows: Row[]): Map<string, Row[]> {
	const groups = new Map<string, Row[]>();

	for (const row of rows) {
		const columns = Object.keys(row)
			.map((column) => `"${column}"`)
			.join(', ');
		groups.set(columns, [...(groups.get(columns) ?? []), row]);
	}

	return groups;
}

/** What follows from loans, crews and events, which other cells change meanwhile. */
const DERIVED = `'{borrowed_vehicles, borrowed_devices, rides, drives, published}'::text[]`;

/** @returns rows by id as the database has them, as text; what is not there is missing. */
export async function readRows({ db }: Stack, table: string, ids: string[]): Promise<Map<string, string>> {
	const { rows } = await db.query<{ id: string; row: string }>(
		`SELECT id::text, (to_jsonb(t) - 'last_access' - 'last_page' - ${DERIVED})::text AS row FROM ${table} t
		 WHERE id::text = ANY($1)`,
		[ids],
	);

	return new Map(rows.map(({ id, row }) => [id, row]));
}
