import type { Knex } from 'knex';
import { invalidPayload } from '../../lib/errors.js';

type Row = Record<string, unknown>;

/** As Postgres takes it, whatever its version. */
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Of no organisation: a permission refuses it like one of others, so that nobody learns which parents there are. */
const NOBODYS = '00000000-0000-0000-0000-000000000000';

interface Parent {
	/** that names the parent */
	field: string;
	collection: string;
	/** that is filled in with the parent's organisation */
	stamped: 'organization' | 'lender';
}

/** What each of these rows belongs to, and so takes its organisation from. db-init/current/tenancy.sql says the same to SQL. */
const PARENTS: Readonly<Record<string, Parent>> = {
	classes: { field: 'event', collection: 'events', stamped: 'organization' },
	entries: { field: 'event', collection: 'events', stamped: 'organization' },
	entry_crew: { field: 'entry', collection: 'entries', stamped: 'organization' },
	entry_devices: { field: 'entry', collection: 'entries', stamped: 'organization' },
	organization_devices: { field: 'device', collection: 'devices', stamped: 'lender' },
	organization_vehicles: { field: 'vehicle', collection: 'vehicles', stamped: 'lender' },
};

/**
 * Names the organisation of memberships that change, by which it is decided who may give which role.
 * @throws 400 for memberships in several organisations at once
 */
export async function stampMemberships(database: Knex, keys: readonly unknown[], payload: Row): Promise<Row> {
	const found = await organizationsOf(database, 'organization_users', 'organization', keys);
	if (found.length > 1)
		throw invalidPayload([{ path: '', message: 'change memberships of one organisation at a time' }]);
	return { ...payload, organization: found[0] ?? NOBODYS };
}

/**
 * Fills in the organisation of a row from its parent, before Directus holds the row against anybody's permissions. Whoever says another one
 * asks for a row of nobody.
 * @param keys of rows that change; none of a new row. A row that keeps its parent keeps its organisation.
 */
export async function stamp(
	database: Knex,
	collection: string,
	payload: Row,
	keys: readonly unknown[] | null,
): Promise<Row> {
	const parent = PARENTS[collection];
	if (parent === undefined) return payload;

	const { [parent.stamped]: said, ...own } = payload;
	const isKept = keys !== null && !(parent.field in own);
	if (isKept && said === undefined) return own;

	const known = isKept
		? await organizationsOf(database, collection, parent.stamped, keys)
		: [await organizationOf(database, parent.collection, own[parent.field])];
	const isMeant = said === undefined || said === null || known.every((organization) => organization === said);
	return { ...own, [parent.stamped]: isMeant ? (known[0] ?? NOBODYS) : NOBODYS };
}

async function organizationsOf(
	database: Knex,
	collection: string,
	column: string,
	keys: readonly unknown[],
): Promise<unknown[]> {
	const rows = database(collection).whereIn('id', keys.filter(isKey)).distinct<Row[]>(column);
	return (await rows).map((row) => row[column]);
}

/** @param value a key, or the parent itself, which is made with the row or changed by its key. */
async function organizationOf(database: Knex, collection: string, value: unknown): Promise<unknown> {
	if (typeof value === 'object' && value !== null) {
		const { id, ...row } = value as Row;
		if (id !== undefined) return organizationOf(database, collection, id);
		const { organization } = await stamp(database, collection, row, null);
		return isKey(organization) ? organization : NOBODYS;
	}

	return isKey(value)
		? ((await organizationsOf(database, collection, 'organization', [value]))[0] ?? NOBODYS)
		: NOBODYS;
}

/** Postgres would refuse to look for what is no key. */
const isKey = (value: unknown): value is string => UUID.test(String(value));
