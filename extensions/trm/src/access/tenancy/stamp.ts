import type { Knex } from 'knex';
import { stampOf } from '../../../../../packages/event-contract/collections.js';
import { invalidPayload } from '../../lib/errors.js';
import { isUuid } from '../../lib/uuid.js';

type Row = Record<string, unknown>;

/** No organisation has it: a permission refuses it like that of others, so that nobody learns which parents there are. */
const NOBODYS = '00000000-0000-0000-0000-000000000000';

/**
 * Names the organisation of memberships that change, by which it is decided who may give which role. A caller who names another one, to
 * move them, asks for memberships of nobody.
 * @throws 400 for memberships in several organisations at once
 */
export async function stampMemberships(database: Knex, keys: readonly unknown[], payload: Row): Promise<Row> {
	const found = await organizationsOf(database, 'organization_users', 'organization', keys);
	if (found.length > 1)
		throw invalidPayload([{ path: '', message: 'change memberships of one organisation at a time' }]);
	return { ...payload, organization: agreed(found, payload['organization']) };
}

/**
 * Fills in the organisation of a row from its parent, before Directus holds the row against the caller's permissions. A caller who names
 * another one asks for a row of nobody.
 * @param keys of rows that change; none of a new row. A row that keeps its parent keeps its organisation.
 */
export async function stamp(
	database: Knex,
	collection: string,
	payload: Row,
	keys: readonly unknown[] | null,
): Promise<Row> {
	const stamped = stampOf(collection);
	if (stamped === undefined) return payload;
	const { field, parent } = stamped;

	const { [field]: said, ...own } = payload;
	const isKept = keys !== null && !(parent in own);
	if (isKept && (said ?? null) === null) return own;

	const known = isKept
		? await organizationsOf(database, collection, field, keys)
		: [await organizationOf(database, stamped.collection, own[parent])];
	return { ...own, [field]: agreed(known, said) };
}

/** @param said by the caller; left out or empty it means the known one */
function agreed(known: unknown[], said: unknown): unknown {
	const isMeant = (said ?? null) === null || known.every((organization) => organization === said);
	return isMeant ? (known[0] ?? NOBODYS) : NOBODYS;
}

/** "Save as Copy" of the app names the organisation as an item of which it knows the key only; a permission compares keys. */
export function byKey(payload: Row): Row {
	const { organization } = payload;
	if (typeof organization !== 'object' || organization === null) return payload;
	const { id, ...more } = organization as Row;
	return isUuid(id) && Object.keys(more).length === 0 ? { ...payload, organization: id } : payload;
}

async function organizationsOf(
	database: Knex,
	collection: string,
	column: string,
	keys: readonly unknown[],
): Promise<unknown[]> {
	const rows = database(collection).whereIn('id', keys.filter(isUuid)).distinct<Row[]>(column);
	return (await rows).map((row) => row[column]);
}

/** @param value a key, or the parent itself, which is made with the row or changed by its key. */
async function organizationOf(database: Knex, collection: string, value: unknown): Promise<unknown> {
	if (typeof value === 'object' && value !== null) {
		const { id, ...row } = value as Row;
		if (id !== undefined) return organizationOf(database, collection, id);
		const { organization } = await stamp(database, collection, row, null);
		return isUuid(organization) ? organization : NOBODYS;
	}

	return isUuid(value)
		? ((await organizationsOf(database, collection, 'organization', [value]))[0] ?? NOBODYS)
		: NOBODYS;
}
