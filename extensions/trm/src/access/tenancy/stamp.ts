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
	const known = keys.filter((key) => UUID.test(String(key)));
	const found = await database('organization_users')
		.whereIn('id', known as string[])
		.distinct('organization');
	if (found.length > 1)
		throw invalidPayload([{ path: '', message: 'change memberships of one organisation at a time' }]);
	return { ...payload, organization: found[0]?.organization ?? NOBODYS };
}

/**
 * Fills in the organisation of a row from its parent, before Directus holds the row against anybody's permissions. What the caller says of
 * it does not count.
 * @param isNew a row that keeps its parent keeps its organisation
 */
export async function stamp(database: Knex, collection: string, payload: Row, isNew: boolean): Promise<Row> {
	const parent = PARENTS[collection];
	if (parent === undefined) return payload;

	const { [parent.stamped]: _, ...own } = payload;
	if (!isNew && !(parent.field in own)) return own;
	return { ...own, [parent.stamped]: await organizationOf(database, parent.collection, own[parent.field]) };
}

/** @param value a key, or the parent itself, which is made with the row or changed by its key. */
async function organizationOf(database: Knex, collection: string, value: unknown): Promise<unknown> {
	if (typeof value === 'object' && value !== null) {
		const { id, ...row } = value as Row;
		if (id !== undefined) return organizationOf(database, collection, id);
		const made = await stamp(database, collection, row, true);
		return made['organization'] ?? NOBODYS;
	}

	// Postgres would refuse to look for what is no key.
	if (!UUID.test(String(value))) return NOBODYS;
	const found = await database(collection).where({ id: value }).first('organization');
	return found?.organization ?? NOBODYS;
}
