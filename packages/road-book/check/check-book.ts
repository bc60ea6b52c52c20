import type { DefaultRadii } from '../kinds.js';
import type { Findings } from '../problem.js';
import type { RoadBook } from '../road-book.js';
import { checkDuplicates } from './duplicates.js';
import { checkPlaces } from './places.js';
import { checkRadii } from './radii.js';
import { checkSequence } from './sequence.js';

/** What is odd about a book as a whole. Works on any book: an imported one, or one that was edited since. */
export function* checkBook(book: RoadBook, findings: Findings, defaults: DefaultRadii = {}): Generator<void, void> {
	checkSequence(book.waypoints, findings);
	checkDuplicates(book.waypoints, findings);
	checkRadii(book.waypoints, defaults, findings);
	yield;
	yield* checkPlaces(book, findings);
}
