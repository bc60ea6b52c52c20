import { distance_m } from '../geo/distance.js';
import type { Waypoint } from '../road-book.js';

/**
 * Matches an old list of boxes with a new one, by the cheapest way to make one of the other: an edit distance after Wagner and
 * Fischer, "The String-to-String Correction Problem", Journal of the ACM 21 (1974). It renumbers nothing: a box inserted at the
 * front is one creation, although every number after it changes.
 */

/** Same name and kinds. */
const SAME = 0;
/** Same kinds, near each other on the ground and in the book. */
const NEAR = 1;
const INSERT_OR_DELETE = 1;

const NEAR_M = 50;
const NEAR_BOOK_KM = 0.2;

/** Between equally cheap ways the one that moves least decides. A unit of cost is more than 500 boxes can move round the globe. */
const UNIT_M = 1e11;

/** What decides whether two boxes are the same. */
export type Alignable = Pick<Waypoint, 'kinds' | 'name' | 'lat' | 'lon' | 'distance_km'>;

/** Indices of a box in both lists; null where it is in one only. */
export interface Match {
	old: number | null;
	new: number | null;
}

/** In the order of the new list; a deleted box stands where it was. */
export function align(before: readonly Alignable[], after: readonly Alignable[]): Match[] {
	const width = after.length + 1;
	const costs = new Float64Array((before.length + 1) * width);
	const keysBefore = before.map(keysOf);
	const keysAfter = after.map(keysOf);
	const cost = (i: number, j: number): number => costs[i * width + j] as number;

	const matched = (i: number, j: number): number =>
		costOf(before[i] as Alignable, after[j] as Alignable, keysBefore[i] as Keys, keysAfter[j] as Keys);

	for (let i = 0; i <= before.length; i++) {
		for (let j = 0; j <= after.length; j++) {
			if (i === 0 || j === 0) {
				costs[i * width + j] = (i + j) * INSERT_OR_DELETE * UNIT_M;
				continue;
			}

			const edit = Math.min(cost(i - 1, j), cost(i, j - 1)) + INSERT_OR_DELETE * UNIT_M;
			costs[i * width + j] = Math.min(edit, cost(i - 1, j - 1) + matched(i - 1, j - 1));
		}
	}

	const matches: Match[] = [];
	let [i, j] = [before.length, after.length];

	while (i > 0 || j > 0) {
		if (i > 0 && j > 0 && cost(i, j) === cost(i - 1, j - 1) + matched(i - 1, j - 1))
			matches.push({ old: --i, new: --j });
		else if (j > 0 && cost(i, j) === cost(i, j - 1) + INSERT_OR_DELETE * UNIT_M) matches.push({ old: null, new: --j });
		else matches.push({ old: --i, new: null });
	}

	return matches.reverse();
}

interface Keys {
	kinds: string;
	/** Nothing where the name is only a number: that changes with each insertion. */
	name: string | null;
}

const keysOf = ({ kinds, name }: Alignable): Keys => ({
	kinds: kinds.toSorted().join(),
	name: name === null || /^\s*\d*\s*$/.test(name) ? null : name,
});

/** Infinity: they are two boxes. */
function costOf(old: Alignable, box: Alignable, oldKeys: Keys, keys: Keys): number {
	if (oldKeys.kinds !== keys.kinds) return Infinity;
	const sameName = oldKeys.name !== null && oldKeys.name === keys.name;
	// A tenth of a degree is 11 km of latitude: far from near, and it saves the cosines.
	if (!sameName && Math.abs(old.lat - box.lat) > 0.1) return Infinity;

	const moved = distance_m(old, box);
	if (sameName) return SAME * UNIT_M + moved;
	const known = old.distance_km !== null && box.distance_km !== null;
	const inBook = known ? Math.abs((old.distance_km as number) - (box.distance_km as number)) : 0;
	return moved <= NEAR_M && inBook <= NEAR_BOOK_KM ? NEAR * UNIT_M + moved : Infinity;
}
