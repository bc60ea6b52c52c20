import type { Accountability, SchemaOverview } from '@directus/types';
import { forbidden, invalidPayload } from '../../lib/errors.js';
import { manyToOne, oneToMany } from '../references.js';

export type Row = Record<string, unknown>;

/** What a payload is for. */
export interface Written {
	schema: SchemaOverview;
	accountability: Accountability | null;
	collection: string;
	/** of the items that it changes; undefined for a creation */
	keys: (string | number)[] | undefined;
}

const isKey = (value: unknown) => typeof value === 'string' || typeof value === 'number';
const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Directus takes what stands for related items as it comes, and fails on what is neither an item nor a key.
 * @throws 400 for a payload with such.
 */
export function checkRelated({ schema, collection }: Written, payload: Row): void {
	for (const [field, value] of Object.entries(payload)) {
		if (value === null || value === undefined) continue;

		const list = oneToMany(schema, collection, field);
		const primary = list && schema.collections[list.collection]?.primary;
		const isWrong = list
			? !isListOfRelated(value, primary ?? 'id')
			: manyToOne(schema, collection, field) !== undefined && !isKey(value) && !isRow(value);
		if (isWrong)
			throw invalidPayload([{ path: field, message: 'takes items, their keys, or create, update and delete' }]);
	}
}

/** A list of items and keys, or `{create, update, delete}` with a list for each. */
function isListOfRelated(value: unknown, primary: string): boolean {
	if (Array.isArray(value)) return value.every((one) => isKey(one) || isRow(one));
	if (!isRow(value)) return false;

	const { create = [], update = [], delete: gone = [], ...others } = value;
	return (
		Object.keys(others).length === 0 &&
		[create, update, gone].every(Array.isArray) &&
		(create as unknown[]).every(isRow) &&
		(update as unknown[]).every((one) => isRow(one) && isKey(one[primary])) &&
		(gone as unknown[]).every(isKey)
	);
}

/**
 * Keys are given by the server: one that a caller chooses moves a sequence to its end, or tells which keys there are.
 * @throws 403 for a key that a caller without administrator rights chooses, in Directus's words for an item that does not exist.
 */
export function checkKey({ schema, accountability, collection, keys }: Written, payload: Row): void {
	const primary = schema.collections[collection]?.primary;
	if (accountability === null || accountability.admin === true || primary === undefined) return;

	const { [primary]: chosen, ...others } = payload;
	const isOwn = keys?.length === 1 && String(keys[0]) === String(chosen);
	if (chosen === undefined || chosen === null || isOwn) return;

	const fields = Object.keys(others).map((field) => `"${field}"`);
	const what =
		fields.length === 0
			? 'permission to perform "update" for'
			: `permissions to perform "update" for the field(s) ${fields.join(', ')} in`;
	throw forbidden(`You don't have ${what} collection "${collection}" or it does not exist.`);
}

/**
 * What is left empty in a form or a spreadsheet is no text: where one is required it is missing.
 * @returns the row with null in place of blank texts.
 */
export function withoutBlankTexts({ collection }: Written, payload: Row): Row {
	// Directus's own tables have texts of Directus's own.
	if (collection.startsWith('directus_')) return payload;
	return Object.fromEntries(
		Object.entries(payload).map(([field, value]) => [
			field,
			typeof value === 'string' && value.trim() === '' ? null : value,
		]),
	);
}

/** Characters of one value, as JSON where it is no text: the longest that the app writes are the columns of a table. */
const LONGEST_VALUE = 20_000;

/**
 * What one may write, others have to read: megabytes in each of a thousand rows would be an answer that takes the server down.
 * @throws 400 for a value of a caller without administrator rights that is too long.
 */
export function checkSizes({ schema, accountability, collection }: Written, payload: Row): void {
	if (accountability === null || accountability.admin === true) return;

	for (const [field, value] of Object.entries(payload)) {
		// Related items are looked at by themselves.
		if (manyToOne(schema, collection, field) !== undefined || oneToMany(schema, collection, field)) continue;
		if (LISTS_OF_KEYS.has(`${collection}.${field}`)) continue;
		const length = typeof value === 'string' ? value.length : (JSON.stringify(value)?.length ?? 0);
		if (length > LONGEST_VALUE) {
			throw invalidPayload([{ path: field, message: `takes at most ${LONGEST_VALUE} characters` }]);
		}
	}
}

/** What flag-faulty writes, which has limits of its own. */
const LISTS_OF_KEYS = new Set(['position_flags.keys', 'position_flags.ranges']);
