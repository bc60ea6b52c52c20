import { distance_m } from '../geo/distance.js';
import type { Box } from '../road-book.js';
import { align } from './align.js';

/** Fields of a box that an import sets, apart from its place. */
const FIELDS = [
	'box',
	'kinds',
	'name',
	'open_radius_m',
	'validation_radius_m',
	'distance_km',
	'cap',
	'danger',
	'limit_kmh',
	'duration_s',
	'allowed_s',
	'notes',
	'roadbook',
] as const;

export type Field = (typeof FIELDS)[number];

export type Change<Old extends Box, New extends Box> =
	| { change: 'created'; new: New }
	| { change: 'deleted'; old: Old }
	/** `moved_m`: 0 where it stays; `fields`: what else differs */
	| { change: 'updated'; old: Old; new: New; fields: Field[]; moved_m: number }
	| { change: 'unchanged'; old: Old; new: New };

/** What an import does to each box, in the order of the new list; a deleted box stands where it was. */
export function changesOf<Old extends Box, New extends Box>(
	before: readonly Old[],
	after: readonly New[],
): Change<Old, New>[] {
	return align(before, after).map((match): Change<Old, New> => {
		const old = match.old === null ? null : (before[match.old] as Old);
		const box = match.new === null ? null : (after[match.new] as New);
		if (old === null) return { change: 'created', new: box as New };
		if (box === null) return { change: 'deleted', old };

		// To a decimetre: less is the rounding of coordinates.
		const moved_m = Math.round(distance_m(old, box) * 10) / 10;
		const fields = FIELDS.filter((field) => !isEqual(old[field], box[field]));
		const same = moved_m === 0 && fields.length === 0;
		return same ? { change: 'unchanged', old, new: box } : { change: 'updated', old, new: box, fields, moved_m };
	});
}

/** How many boxes are created, updated, moved (which are updated too), deleted or unchanged. */
export function countsOf(changes: readonly Change<Box, Box>[]) {
	const count = (kind: string) => changes.filter(({ change }) => change === kind).length;

	return {
		created: count('created'),
		updated: count('updated'),
		moved: changes.filter((one) => one.change === 'updated' && one.moved_m > 0).length,
		deleted: count('deleted'),
		unchanged: count('unchanged'),
	};
}

/** JSON values; the keys of objects may stand in any order, because Postgres sorts them. */
function isEqual(a: unknown, b: unknown): boolean {
	if (a === b || (a == null && b == null)) return true;
	if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
	const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
	return [...keys].every((key) => isEqual(Reflect.get(a, key), Reflect.get(b, key)));
}
