import type { Accountability, ApiExtensionContext, Filter, PermissionsAction, SchemaOverview } from '@directus/types';
import { validatePayload } from '@directus/utils';
import type { Knex } from 'knex';
import { forbidden } from '../../lib/errors.js';
import { readPermissions } from '../held-permissions.js';
import { normalForm } from '../normal-form.js';
import type { OutsideView } from './outside-view.js';

/** A change or deletion that Directus is about to allow and make. */
interface Allowed {
	caller: Accountability;
	keys: (string | number)[];
	/** that are changed; none for a deletion */
	fields: string[];
	isDone?: true;
}

/**
 * The writes of requests under way, by their user and by action and collection. Not by request: GraphQL's resolvers keep the accountability of
 * the first one.
 */
export class OpenWrites {
	readonly #ofUsers = new Map<
		string,
		{ requests: number; allowed: Map<string, Allowed[]>; creators: Map<string, Accountability[]> }
	>();

	begin(user: string): void {
		const open = this.#ofUsers.get(user) ?? { requests: 0, allowed: new Map(), creators: new Map() };
		open.requests += 1;
		this.#ofUsers.set(user, open);
	}

	end(user: string): void {
		const open = this.#ofUsers.get(user);
		if (open === undefined) return;
		open.requests -= 1;
		if (open.requests === 0) this.#ofUsers.delete(user);
	}

	has(user: string | null): user is string {
		return user !== null && this.#ofUsers.has(user);
	}

	/** @param name of the action and collection: `update entries` */
	note(user: string, name: string, allowed: Allowed): void {
		const open = this.#ofUsers.get(user)?.allowed;
		open?.set(name, [...(open.get(name) ?? []), allowed]);
	}

	noteCreation(caller: Accountability, collection: string): void {
		const open = this.#ofUsers.get(caller.user ?? '')?.creators;
		open?.set(collection, [...(open.get(collection) ?? []), caller]);
	}

	/** One of those that were noted, first come first taken: the new item's key was not known then, and each is looked at once. */
	takeCreation(user: string, collection: string): Accountability | undefined {
		return this.#ofUsers.get(user)?.creators.get(collection)?.shift();
	}

	/** The last one of the item; it and those before it, which failed, are not given out again. */
	take(user: string, name: string, item: string): Allowed | undefined {
		const found = (this.#ofUsers.get(user)?.allowed.get(name) ?? []).filter(
			({ keys, isDone }) => !isDone && keys.some((key) => String(key) === item),
		);
		found.forEach((allowed) => (allowed.isDone = true));
		return found.at(-1);
	}
}

/** What Directus notes of each item written, in the transaction that writes it. */
export interface Activity {
	action: string;
	collection: string;
	item: string | number;
	user: string | null;
}

type Look = Pick<ApiExtensionContext, 'services'> & { schema: SchemaOverview; outside: OutsideView };

/**
 * Directus looks whether a write is allowed, and then writes: in between somebody else may have changed the item, such as promoted the member
 * whom this request is about to demote. Here it is written, not yet committed, and nobody else can change it; so the other sessions still
 * see the very item that is overwritten, and it must still be one that the caller may write; what is written must still be what he may write.
 * A creation may have waited for a lock while the caller lost the right to it.
 * @throws 403, which takes the write back, where it no longer is.
 */
export async function lookAgain(
	open: OpenWrites,
	look: Look,
	session: Knex,
	{ action, collection, item, user }: Activity,
): Promise<void> {
	if (!open.has(user)) return;

	if (action === 'create') {
		const creator = open.takeCreation(user, collection);
		if (creator !== undefined && !(await mayStillCreate(look, session, creator, collection, item))) throw forbidden();
		return;
	}

	const allowed = open.take(user, `${action} ${collection}`, String(item));
	if (allowed === undefined) return;
	const isAllowed =
		(await isStillAllowed(look, action, collection, allowed)) &&
		(action !== 'update' || (await isStillValid(look, session, collection, allowed)));
	if (!isAllowed) throw forbidden();
}

/** What was written, against the validations as they are now: the caller may have lost the organisation into which he moves the rows. */
async function isStillValid(
	{ schema }: Look,
	session: Knex,
	collection: string,
	{ caller, keys, fields }: Allowed,
): Promise<boolean> {
	const held = await readPermissions(session, caller, 'update', collection);
	const validations = held.flatMap(({ validation }) => (validation === null ? [] : [validation]));
	if (validations.length === 0) return true;

	const rows: Record<string, unknown>[] = await session(collection).whereIn(primaryOf(schema, collection), keys);
	// As Directus: of the row only what the payload holds, and all of them have to be met.
	const written = rows.map((row) => Object.fromEntries(fields.map((field) => [field, row[field]])));
	return written.every((row) => validations.every((validation) => validatePayload(validation, row).length === 0));
}

const primaryOf = ({ collections }: SchemaOverview, collection: string) => collections[collection]?.primary ?? 'id';

async function mayStillCreate(
	{ schema }: Look,
	session: Knex,
	creator: Accountability,
	collection: string,
	item: string | number,
): Promise<boolean> {
	const held = await readPermissions(session, creator, 'create', collection);
	const row = await session(collection)
		.where({ [primaryOf(schema, collection)]: item })
		.first();
	// As Directus: all of them have to be met.
	const unmet = held.flatMap(({ validation }) => (validation === null ? [] : validatePayload(validation, row)));
	return held.length > 0 && unmet.length === 0;
}

async function isStillAllowed(
	look: Look,
	action: string,
	collection: string,
	{ caller, keys, fields }: Allowed,
): Promise<boolean> {
	const given = new Map(keys.map((key) => [String(key), new Set<string>()]));

	await look.outside.see(async (session) => {
		// By what the caller may do now: a right that he lost meanwhile is none.
		for (const permission of await readPermissions(session, caller, action as PermissionsAction, collection)) {
			for (const key of await matching(look, session, collection, keys, permission.filter ?? {})) {
				permission.fields.forEach((field) => given.get(key)?.add(field));
				given.get(key)?.add('');
			}
		}
	});

	return [...given.values()].every((of) => of.has('') && (of.has('*') || fields.every((field) => of.has(field))));
}

async function matching(
	{ services, schema }: Look,
	session: Knex,
	collection: string,
	keys: (string | number)[],
	filter: Filter,
): Promise<string[]> {
	const primary = primaryOf(schema, collection);
	const service = new services.ItemsService(collection, { accountability: null, schema, knex: session });
	const wanted = { _and: [{ [primary]: { _in: keys } }, normalForm(filter)] } as Filter;
	const rows = await service.readByQuery({ fields: [primary], filter: wanted, limit: -1 }, { emitEvents: false });
	return rows.map((row) => String(row[primary]));
}
