import { describe, expect, it } from 'vitest';
import type { Kind } from '../kinds.js';
import { align, type Alignable } from './align.js';
import type { Box } from '../road-book.js';
import { changesOf, countsOf } from './changes.js';

/** A box every 500 m to the north. */
const box = (at: number, kinds: Kind[] = ['WPM'], name: string | null = null): Box => ({
	box: at + 1,
	kinds,
	name,
	lat: 41.3 + at * 0.0045,
	lon: 19.8,
	open_radius_m: null,
	validation_radius_m: null,
	distance_km: at * 0.5,
	cap: null,
	danger: null,
	limit_kmh: null,
	duration_s: null,
	allowed_s: null,
	notes: null,
	roadbook: null,
});

const KINDS: Kind[] = ['WPM', 'WPS', 'WPC', 'WPV'];
const book = (length: number) => Array.from({ length }, (_, at) => box(at, [KINDS[at % 4] as Kind], `W${at}`));
const renumbered = (boxes: Box[]) => boxes.map((one, index) => ({ ...one, box: index + 1 }));
const counts = (before: Box[], after: Box[]) => countsOf(changesOf(before, after));

describe('changesOf', () => {
	it('finds nothing to do in the same list', () => {
		expect(counts(book(40), book(40))).toEqual({ created: 0, updated: 0, moved: 0, deleted: 0, unchanged: 40 });
	});

	it('creates one box at the front and moves none, whether boxes have names or not', () => {
		for (const before of [book(40), book(40).map((one) => ({ ...one, name: null, kinds: ['WPM' as Kind] }))]) {
			const front = { ...box(-1, ['WPM']), name: null };
			const changes = changesOf(before, renumbered([front, ...before]));
			expect(countsOf(changes)).toEqual({ created: 1, updated: 40, moved: 0, deleted: 0, unchanged: 0 });
			expect(changes[0]?.change).toBe('created');
			expect(changes.slice(1).every((one) => one.change === 'updated' && one.fields.join() === 'box')).toBe(true);
		}
	});

	it('matches boxes of one name by where they are', () => {
		const before = [0, 1, 2].map((at) => box(at, ['WPM'], 'Ford'));
		expect(align(before, [box(-1, ['WPM'], 'Ford'), ...before])[0]).toEqual({ old: null, new: 0 });
		expect(align(before, [...before, box(3, ['WPM'], 'Ford')])[3]).toEqual({ old: null, new: 3 });
	});

	it('does not take a number for a name', () => {
		const before = book(10).map((one) => ({ ...one, kinds: ['WPM' as Kind], name: String(one.box) }));
		const after = renumbered([box(-1), ...before]).map((one) => ({ ...one, name: String(one.box) }));
		expect(counts(before, after)).toMatchObject({ created: 1, moved: 0, deleted: 0 });
	});

	it('names a box that moved by the lost zero of its latitude, by how far', () => {
		const before = book(5);
		const after = book(5).map((one) => (one.name === 'W2' ? { ...one, lat: one.lat + 0.005 } : one));
		const moved = changesOf(before, after).filter(({ change }) => change !== 'unchanged');
		expect(moved).toEqual([expect.objectContaining({ change: 'updated', fields: [], moved_m: 555.3 })]);
	});

	it('matches boxes without names within 50 m and 200 m of the book, and no farther', () => {
		const moved = (metres: number, km: number) => [
			{ ...box(3), lat: box(3).lat + metres / 111_060, distance_km: 1.5 + km },
		];
		expect(counts([box(3)], moved(49, 0.199))).toMatchObject({ updated: 1, moved: 1, created: 0 });
		expect(counts([box(3)], moved(51, 0))).toMatchObject({ created: 1, deleted: 1 });
		expect(counts([box(3)], moved(0, 0.21))).toMatchObject({ created: 1, deleted: 1 });
	});

	it('makes another box of one whose kinds changed', () => {
		expect(counts([box(3, ['DN', 'DZ'])], [box(3, ['DZ', 'DN'])])).toMatchObject({ created: 0, updated: 1 });
		expect(counts([box(3, ['WPM'], 'A')], [box(3, ['WPE'], 'A')])).toMatchObject({ created: 1, deleted: 1 });
	});

	it('says which fields changed, whatever order the keys of JSON are in', () => {
		const before = { ...box(1), limit_kmh: 40, roadbook: { reset: { km: 0 }, markers: ['medical'] } };
		const same = { ...before, roadbook: { markers: ['medical'], reset: { km: 0 } } };
		const other = { ...before, limit_kmh: 30, validation_radius_m: 90, roadbook: null };
		expect(counts([before], [same])).toMatchObject({ unchanged: 1 });
		expect(changesOf([before], [other])[0]).toMatchObject({ fields: ['validation_radius_m', 'limit_kmh', 'roadbook'] });
	});

	it('takes no rounding for a move', () => {
		expect(counts([box(1)], [{ ...box(1), lat: box(1).lat + 1e-7 }])).toMatchObject({ unchanged: 1 });
		expect(counts([box(1)], [{ ...box(1), lat: box(1).lat + 1e-6 }])).toMatchObject({ moved: 1 });
	});

	it('keeps the order: 20 km taken out of a stage are deletions where they were', () => {
		const before = book(60);
		const after = renumbered([...before.slice(0, 10), ...before.slice(50)]);
		const changes = changesOf(before, after);
		expect(changes.map(({ change }) => change).join()).toBe(
			[...Array(10).fill('unchanged'), ...Array(40).fill('deleted'), ...Array(10).fill('updated')].join(),
		);
	});
});

/** Cost of the cheapest alignment by trying everything. */
function cheapest(before: Alignable[], after: Alignable[]): number {
	const [a, b] = [before[0], after[0]];
	if (!a || !b) return before.length + after.length;
	const edit = 1 + Math.min(cheapest(before.slice(1), after), cheapest(before, after.slice(1)));
	const near = Math.abs(a.lat - b.lat) < 0.0001;
	const match = a.kinds.join() !== b.kinds.join() ? 9 : a.name !== null && a.name === b.name ? 0 : near ? 1 : 9;
	return Math.min(edit, match + cheapest(before.slice(1), after.slice(1)));
}

describe('align', () => {
	it('finds the cheapest way, as trying everything does', () => {
		let seed = 7;
		const next = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
		const some = () =>
			Array.from({ length: next(6) }, () => box(next(4), [KINDS[next(2)] as Kind], [null, 'A', 'B'][next(3)]));

		for (let round = 0; round < 300; round++) {
			const [before, after] = [some(), some()];
			const total = align(before, after).reduce((sum, { old, new: now }) => {
				const [a, b] = [before[old ?? -1], after[now ?? -1]];
				return sum + (!a || !b ? 1 : a.name !== null && a.name === b.name ? 0 : 1);
			}, 0);
			expect(total).toBe(cheapest(before, after));
		}
	});

	it('matches 500 boxes with 500 in less than a second', () => {
		const started = performance.now();
		align(book(500), renumbered([box(-1), ...book(499)]));
		expect(performance.now() - started).toBeLessThan(1_000);
	});
});
