import type { Accountability, ApiExtensionContext, FieldOverview, Filter, SchemaOverview } from '@directus/types';
import type { Knex } from 'knex';
import { forbidden, messageOf, requiredField } from '../../lib/errors.js';
import { permissionsOf, type HeldPermission } from '../held-permissions.js';
import { normalForm } from '../normal-form.js';
import { referencesOf } from '../references.js';
import { Undecidable, withCaller } from '../variables.js';
import { rowMatches, type ComingRow, type Exists, type Row } from './row-matches.js';

/** As Postgres writes it, whatever its version: keys that other programs made need not have one. */
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** What Directus hands to a filter hook, and its services. */
export interface GuardContext {
	database: Knex;
	schema: SchemaOverview | null;
	accountability: Accountability | null;
	services: ApiExtensionContext['services'];
}

interface Guarded extends GuardContext {
	schema: SchemaOverview;
	accountability: Accountability;
}

/**
 * @throws 403 when the payload points to a row that the caller may not read by rights of his own (or that does not exist), or
 * when the new row matches the filter of none of his permissions to create.
 */
export async function guardCreate(context: GuardContext, collection: string, payload: Row): Promise<void> {
	if (!isGuarded(context)) return;

	const held = await permissionsOf(context.database, context.accountability, 'create', collection);
	// Directus itself refuses: it knows what to say.
	if (held.length === 0) return;

	await requireReadable(context, collection, payload);
	const lacking = missingList(context, held, collection, payload);
	if (lacking !== null) {
		throw requiredField(
			lacking,
			`Say to whom it belongs in "${lacking}": without that nobody but an administrator may make it.`,
		);
	}

	await requireMatch(context, held, payload, (permission) => {
		return { collection, key: null, fields: { ...givenBy(context, collection), ...permission.presets, ...payload } };
	});
}

/**
 * @throws 403 when the payload points to a row that the caller may not read (or that does not exist), or when a row as
 * it will be matches the filter of none of his permissions to update.
 */
export async function guardUpdate(
	context: GuardContext,
	collection: string,
	keys: string[],
	payload: Row,
): Promise<void> {
	if (!isGuarded(context)) return;

	const held = await permissionsOf(context.database, context.accountability, 'update', collection);
	if (held.length === 0) return;

	await requireReadable(context, collection, payload);

	// Where no filter asks for a field that changes, Directus's own look at the row as it was says it all.
	if (!held.some(({ filter }) => fieldsAskedFor(filter).some((field) => field in payload))) return;

	for (const current of await readRows(context, collection, keys)) {
		const key = current[context.schema.collections[collection]?.primary ?? 'id'] as string;
		await requireMatch(context, held, payload, ({ presets }) => {
			return { collection, key, fields: { ...current, ...presets, ...payload } };
		});
	}
}

/** Administrators may do all, and what has no accountability is the deployment's own work. */
function isGuarded(context: GuardContext): context is Guarded {
	return context.accountability !== null && context.accountability.admin !== true && context.schema !== null;
}

async function requireReadable(context: Guarded, collection: string, payload: Row): Promise<void> {
	for (const { collection: target, key } of referencesOf(context.schema, collection, payload)) {
		if (!(await isOwnToRead(context, target, key))) throw forbidden();
	}
}

/**
 * Whether the caller may read the row by more than what everybody may: what is published is there to be looked at, and not
 * for others to build upon.
 */
async function isOwnToRead(context: Guarded, collection: string, key: string | number): Promise<boolean> {
	const held = await permissionsOf(context.database, context.accountability, 'read', collection);
	// Directus adds rights on its own collections that no table holds, and asks them all by itself.
	if (!held.some(({ everybodys }) => everybodys)) return exists(context, context.accountability, collection, key, {});

	for (const { filter } of held.filter(({ everybodys }) => !everybodys)) {
		const wanted = filterFor(context, collection, filter ?? {});
		if (await exists(context, null, collection, key, wanted)) return true;
	}

	return false;
}

async function requireMatch(
	context: Guarded,
	held: HeldPermission[],
	payload: Row,
	rowUnder: (permission: HeldPermission) => ComingRow,
): Promise<void> {
	const allowed = new Set<string>();

	for (const permission of held) {
		if (await matches(context, permission, rowUnder(permission))) permission.fields.forEach((f) => allowed.add(f));
	}

	if (!allowed.has('*') && (allowed.size === 0 || Object.keys(payload).some((field) => !allowed.has(field)))) {
		throw forbidden();
	}
}

/** What cannot be decided here counts as no match: a right that nobody could check is none. */
async function matches(context: Guarded, { filter }: HeldPermission, row: ComingRow): Promise<boolean> {
	const lookUp: Exists = (collection, key, wanted) => exists(context, null, collection, key, wanted);

	try {
		const wanted = filter === null ? null : filterFor(context, row.collection, filter);
		return await rowMatches(context.schema, lookUp, row, wanted);
	} catch (error) {
		throw refusalOf(error, row.collection);
	}
}

function filterFor({ accountability }: Guarded, collection: string, filter: Filter): Filter {
	try {
		return withCaller(filter, accountability);
	} catch (error) {
		throw refusalOf(error, collection);
	}
}

function refusalOf(error: unknown, collection: string): unknown {
	if (!(error instanceof Undecidable)) return error;
	return forbidden(`A permission on ${collection} cannot be checked before the write: ${messageOf(error)}.`);
}

/** @param accountability null asks the database alone, without anybody's rights. */
async function exists(
	{ services, schema, database }: Guarded,
	accountability: Accountability | null,
	collection: string,
	key: string | number,
	filter: Filter,
): Promise<boolean> {
	const { primary, fields } = schema.collections[collection] ?? {};
	if (primary === undefined) return false;
	// Postgres would refuse the question; no row has such a key.
	if (fields?.[primary]?.type === 'uuid' && !UUID.test(String(key))) return false;

	try {
		const service = new services.ItemsService(collection, { accountability, schema, knex: database });
		const rows = await service.readByQuery(
			{ fields: [primary], filter: { _and: [{ [primary]: { _eq: key } }, normalForm(filter)] }, limit: 1 },
			{ emitEvents: false },
		);
		return rows.length > 0;
	} catch (error) {
		// Directus's own answer to somebody without any right to read the collection.
		if ((error as { status?: number }).status === 403) return false;
		throw error;
	}
}

async function readRows({ services, schema, database }: Guarded, collection: string, keys: string[]): Promise<Row[]> {
	const service = new services.ItemsService(collection, { accountability: null, schema, knex: database });
	const fields = columnsOf(schema, collection).map(({ field }) => field);
	return service.readMany(keys, { fields, limit: -1 }, { emitEvents: false });
}

/** What a new row gets when the payload does not say otherwise. */
function givenBy({ schema, accountability }: Guarded, collection: string): Row {
	return Object.fromEntries(
		columnsOf(schema, collection).map(({ field, special, defaultValue }) => {
			return [field, special.includes('user-created') ? accountability.user : defaultValue];
		}),
	);
}

function columnsOf({ collections }: SchemaOverview, collection: string): FieldOverview[] {
	return Object.values(collections[collection]?.fields ?? {}).filter(({ alias }) => !alias);
}

/** A list of related items that all of these permissions ask for and the payload leaves empty. */
function missingList({ schema }: Guarded, held: HeldPermission[], collection: string, payload: Row): string | null {
	const lists = Object.values(schema.collections[collection]?.fields ?? {}).filter(({ alias }) => alias);
	const isAskedFor = (field: string) => held.every(({ filter }) => Object.keys(filter ?? {}).includes(field));
	return lists.find(({ field }) => isAskedFor(field) && isEmptyList(payload[field]))?.field ?? null;
}

/** As Directus takes lists: as one, or as changes to it. */
function isEmptyList(value: unknown): boolean {
	if (Array.isArray(value)) return value.length === 0;
	return Object.values(value ?? {}).flat().length === 0;
}

/** The fields of the row itself that a filter asks for. */
function fieldsAskedFor(filter: Filter | null): string[] {
	return Object.entries(filter ?? {}).flatMap(([name, condition]) =>
		name === '_and' || name === '_or' ? (condition as Filter[]).flatMap(fieldsAskedFor) : [name],
	);
}
