import type { Accountability, ApiExtensionContext, Filter, SchemaOverview } from '@directus/types';
import type { Knex } from 'knex';
import { forbidden } from '../shared/errors.js';
import type { HeldPermission } from '../shared/held-permissions.js';
import { normalForm } from '../shared/normal-form.js';
import { withCaller } from '../shared/variables.js';
import type { OutsideView } from './outside-view.js';

/** A change or deletion that Directus has allowed and is about to make. */
interface Allowed {
	keys: (string | number)[];
	/** that are changed; none for a deletion */
	fields: string[];
	/** the permissions by which it was allowed */
	held: HeldPermission[];
	isDone?: true;
}

/** Which of them the requests under way have, by who makes them and by action and collection. */
export type OpenWrites = Map<Accountability, Map<string, Allowed[]>>;

/** What Directus notes of each item written, in the transaction that writes it. */
export interface Activity {
	action: string;
	collection: string;
	item: string | number;
	user: string | null;
}

type Look = Pick<ApiExtensionContext, 'services'> & { schema: SchemaOverview; outside: OutsideView };

/** @param fields that are changed; none for a deletion */
export function noteAllowed(open: OpenWrites, caller: Accountability, name: string, allowed: Allowed): void {
	const writes = open.get(caller);
	writes?.set(name, [...(writes.get(name) ?? []), allowed]);
}

/**
 * Directus looks whether a write is allowed, and then writes: in between somebody else may have changed the item, such as promoted the member
 * whom this request is about to demote. Here it is written, not yet committed, and nobody else can change it; so the other sessions still
 * see the very item that is overwritten, and it must still be one that the caller may write.
 * @throws 403, which takes the write back, where it no longer is.
 */
export async function lookAgain(
	open: OpenWrites,
	look: Look,
	{ action, collection, item, user }: Activity,
): Promise<void> {
	for (const [caller, writes] of open) {
		if (caller.user !== user) continue;

		for (const write of writes.get(`${action} ${collection}`) ?? []) {
			if (write.isDone || !write.keys.some((key) => String(key) === String(item))) continue;
			write.isDone = true;
			if (!(await isStillAllowed(look, caller, collection, write))) throw forbidden();
		}
	}
}

async function isStillAllowed(
	look: Look,
	caller: Accountability,
	collection: string,
	write: Allowed,
): Promise<boolean> {
	const { keys, fields, held } = write;
	const given = new Map(keys.map((key) => [String(key), new Set<string>()]));

	await look.outside.see(async (session) => {
		for (const permission of held) {
			const filter = withCaller(permission.filter ?? {}, caller);
			for (const key of await matching(look, session, collection, keys, filter)) {
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
	const primary = schema.collections[collection]?.primary ?? 'id';
	const service = new services.ItemsService(collection, { accountability: null, schema, knex: session });
	const wanted = { _and: [{ [primary]: { _in: keys } }, normalForm(filter)] } as Filter;
	const rows = await service.readByQuery({ fields: [primary], filter: wanted, limit: -1 }, { emitEvents: false });
	return rows.map((row) => String(row[primary]));
}
