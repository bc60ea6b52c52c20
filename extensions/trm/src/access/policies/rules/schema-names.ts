import type { Knex } from 'knex';
import type { SchemaOverview } from '@directus/types';

export type Field = SchemaOverview['collections'][string]['fields'][string];

/** What the names in the files are held against. */
export interface Names {
	schema: SchemaOverview;
	/** Collections without a table: they hold nothing, but a permission can name them. */
	folders: Set<string>;
	/** By `collection.field`: the only values that the field's form offers. */
	choices: Map<string, unknown[]>;
}

interface ChoiceRow {
	collection: string;
	field: string;
	options: { choices?: { value?: unknown }[]; allowOther?: boolean } | null;
}

export async function readNames(database: Knex, schema: SchemaOverview): Promise<Names> {
	const collections: string[] = await database('directus_collections').pluck('collection');
	const rows = await database<ChoiceRow>('directus_fields')
		.select('collection', 'field', 'options')
		.whereIn('interface', ['select-dropdown', 'select-radio']);

	return {
		schema,
		folders: new Set(collections.filter((name) => !Object.hasOwn(schema.collections, name))),
		choices: new Map(
			rows
				.filter(({ options }) => Array.isArray(options?.choices) && options.allowOther !== true)
				.map(({ collection, field, options }) => [
					`${collection}.${field}`,
					(options?.choices ?? []).map(({ value }) => value),
				]),
		),
	};
}

/** @returns undefined where the collection or the field does not exist. */
export function fieldOf({ schema }: Names, collection: string, name: string): Field | undefined {
	const fields = Object.hasOwn(schema.collections, collection) ? schema.collections[collection]?.fields : undefined;
	return fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** Where a field leads: to one item, to one item of several collections, or to a list of items. */
export type Relation =
	| { type: 'one'; collection: string }
	| { type: 'any'; collections: string[] }
	| { type: 'list'; collection: string };

/** @returns null where the field is no relation. */
export function relationOf({ schema }: Names, collection: string, field: string): Relation | null {
	for (const relation of schema.relations) {
		const { related_collection: related, meta } = relation;

		if (relation.collection === collection && relation.field === field) {
			if (related !== null) return { type: 'one', collection: related };
			return meta?.one_allowed_collections ? { type: 'any', collections: meta.one_allowed_collections } : null;
		}

		if (meta?.one_field === field && related === collection) return { type: 'list', collection: relation.collection };
	}

	return null;
}
