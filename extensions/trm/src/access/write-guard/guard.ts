import type { Accountability, ApiExtensionContext, Filter, SchemaOverview } from '@directus/types';
import type { Knex } from 'knex';
import { stampOf } from '../../../../../packages/event-contract/collections.js';
import { forbidden } from '../../lib/errors.js';
import { isUuid } from '../../lib/uuid.js';
import { permissionsOf } from '../held-permissions.js';
import { normalForm } from '../normal-form.js';
import { referencesOf } from '../references.js';
import type { Row } from './payload.js';

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
 * @throws 403 when the payload points to a row that the caller may not read by rights of his own, or that does not exist. Which row he may
 * make or change, Directus decides by the organisation in it.
 */
export async function guardReferences(
	context: GuardContext,
	action: 'create' | 'update',
	collection: string,
	payload: Row,
): Promise<void> {
	// Only flag-faulty makes flags, of devices that it has looked at.
	if (!isGuarded(context) || collection === 'position_flags') return;

	const held = await permissionsOf(context.database, context.accountability, action, collection);
	// Directus itself refuses: it knows what to say.
	if (held.length === 0) return;

	// What is filled in (access/tenancy) is not the caller's to say; Directus compares it with his rights.
	const stamped = stampOf(collection)?.field;

	for (const { field, collection: target, key } of referencesOf(context.schema, collection, payload)) {
		if (field !== stamped && !(await isOwnToRead(context, target, key))) throw forbidden();
	}
}

/** Administrators may do all, and what has no accountability is the deployment's own work. */
function isGuarded(context: GuardContext): context is Guarded {
	return context.accountability !== null && context.accountability.admin !== true && context.schema !== null;
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
		if (await exists(context, null, collection, key, filter ?? {})) return true;
	}

	return false;
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
	if (fields?.[primary]?.type === 'uuid' && !isUuid(key)) return false;

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
