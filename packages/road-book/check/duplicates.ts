import { distance_m, isAtZero } from '../geo/distance.js';
import type { Findings } from '../problem.js';
import type { Waypoint } from '../road-book.js';

/** Two boxes so near each other, of the same kinds and one after the other, are one. */
const SAME_PLACE_M = 1;

/** Numbers that two boxes have, and boxes that follow each other with the same kinds in one place. */
export function checkDuplicates(boxes: Waypoint[], findings: Findings): void {
	const numbers = new Map<number, Waypoint>();

	for (const [index, box] of boxes.entries()) {
		const first = numbers.get(box.box);
		const previous = boxes[index - 1];

		if (first) {
			const where = first.line === null ? '' : ` (line ${first.line})`;
			findings.warn('DUPLICATE_BOX', `Another box has the number ${box.box}${where}.`, box.line, box.box);
		} else if (previous && isSame(previous, box)) {
			findings.warn('DUPLICATE_BOX', `The box repeats box ${previous.box}, in the same place.`, box.line, box.box);
		}

		numbers.set(box.box, first ?? box);
	}
}

const isSame = (a: Waypoint, b: Waypoint): boolean =>
	!isAtZero(a) &&
	a.name === b.name &&
	a.kinds.length === b.kinds.length &&
	a.kinds.every((kind) => b.kinds.includes(kind)) &&
	distance_m(a, b) <= SAME_PLACE_M;
