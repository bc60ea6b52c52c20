import type { ActionEventParams, HookExtensionContext, Item, SchemaOverview } from '@directus/types';
import type { Knex } from 'knex';
import { administrator } from '../../extensions/trm/src/access/administrator.js';
import { SEED_COLLECTIONS, USERS, type SeedCollection } from './collections.js';
import type { Credentials } from './credentials.js';
import type { Seed, SeedRow } from './seed.js';
import { namingRow } from './refused-row.js';
import { writeUsers, type SeededUsers } from './users.js';

export interface CatalogueOptions {
	/** Overwrite what was edited since; otherwise an existing item is left as it is. */
	resetFields: boolean;
	/** What new users sign in with; null: nothing. */
	credentials: Credentials | null;
	print: (line: string) => void;
}

export interface CatalogueCounts {
	created: number;
	updated: number;
	/** Items that differ from the seed and were left alone. */
	edited: number;
	unchanged: number;
}

export interface WrittenCatalogue {
	counts: CatalogueCounts;
	users: SeededUsers;
	/** To be emitted after the commit. */
	actions: ActionEventParams[];
}

interface ItemsService {
	readByQuery(query: object): Promise<Item[]>;
	createOne(item: object, options: object): Promise<unknown>;
	updateOne(id: string, changes: object, options: object): Promise<unknown>;
}

/**
 * Writes the missing items through Directus's own services: validation, activity and revisions as for any other write.
 * Action hooks are collected instead of run, since nothing has happened until the caller's transaction commits.
 * @throws Error with file and line of the row that Directus or Postgres refused.
 */
export async function writeCatalogue(
	context: HookExtensionContext,
	transaction: Knex.Transaction,
	seed: Seed,
	options: CatalogueOptions,
): Promise<WrittenCatalogue> {
	const schema = await context.getSchema();
	const counts: CatalogueCounts = { created: 0, updated: 0, edited: 0, unchanged: 0 };
	const actions: ActionEventParams[] = [];
	// Where an item was made by hand, it has another id than the seed would have given it.
	const ids = new Map<SeedRow, string>();
	const onAction = (action: ActionEventParams): number => actions.push(action);
	let users: SeededUsers = { ids, created: [], kept: [] };

	for (const definition of SEED_COLLECTIONS) {
		const rows = seed.rows.get(definition.collection) ?? [];
		if (rows.length === 0) continue;

		if (definition.collection === USERS) {
			users = await writeUsers(context, transaction, schema, rows, options.credentials, onAction);
			users.ids.forEach((id, row) => ids.set(row, id));
			continue;
		}

		const service = serviceOf(context, definition.collection, transaction, schema);
		const existing = await existingItems(service, definition, rows, ids);
		const before = counts.created + counts.updated;

		for (const row of rows) {
			const item = itemOf(row, ids);
			const found = existing.find((other) => isSame(definition, other, row.id, item));
			ids.set(row, found === undefined ? row.id : String(found['id']));

			await namingRow(row, async () => {
				const mutation = { bypassEmitAction: onAction };

				if (found === undefined) {
					await service.createOne({ id: row.id, ...item }, mutation);
					counts.created++;
					return;
				}

				const changes = differences(found, item);
				if (Object.keys(changes).length === 0) {
					counts.unchanged++;
				} else if (options.resetFields) {
					await service.updateOne(String(found['id']), changes, mutation);
					counts.updated++;
				} else {
					counts.edited++;
				}
			});
		}

		const written = counts.created + counts.updated - before;
		if (written > 0) options.print(`${definition.collection}: ${written} of ${rows.length} written`);
	}

	return { counts, users, actions };
}

function serviceOf(
	context: HookExtensionContext,
	collection: string,
	knex: Knex,
	schema: SchemaOverview,
): ItemsService {
	if (schema.collections[collection] === undefined) {
		throw new Error(`collection ${collection} does not exist. Apply the schema first: trm schema apply`);
	}

	return new context.services.ItemsService(collection, {
		accountability: administrator,
		knex,
		schema,
	}) as unknown as ItemsService;
}

/** One query a collection, answering every item that may be one of the rows. */
async function existingItems(
	service: ItemsService,
	definition: SeedCollection,
	rows: SeedRow[],
	ids: Map<SeedRow, string>,
): Promise<Item[]> {
	// A row's key refers to collections written before its own, so the ids are known.
	const keys = definition.key.map((field) => ({
		[field]: { _in: [...new Set(rows.map((row) => itemOf(row, ids)[field]))] },
	}));

	return service.readByQuery({
		fields: ['id', ...Object.keys(definition.row.shape)],
		filter: { _or: [{ id: { _in: rows.map(({ id }) => id) } }, { _and: keys }] },
		limit: -1,
	});
}

/** The row as Directus takes it: ids where the file has labels. */
function itemOf(row: SeedRow, ids: Map<SeedRow, string>): Item {
	const references = Object.entries(row.references).map(([field, target]) => [field, ids.get(target) ?? target.id]);
	return { ...row.fields, ...Object.fromEntries(references) };
}

function isSame(definition: SeedCollection, existing: Item, id: string, item: Item): boolean {
	return existing['id'] === id || definition.key.every((field) => existing[field] === item[field]);
}

function differences(existing: Item, item: Item): Item {
	return Object.fromEntries(Object.entries(item).filter(([field, value]) => existing[field] !== value));
}
