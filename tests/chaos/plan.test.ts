import { describe, expect, it } from 'vitest';
import { seedOfRound } from './dice.js';
import { planRound, WRITING_TIME } from './plan.js';
import { FAULTS, mustBeTakenOver, victimOf, type Fault, type FaultKind } from './plan-faults.js';
import { FAILING_KINDS, WRITE_KINDS } from './plan-writes.js';

const plans = Array.from({ length: 400 }, (_, index) => planRound(`seed-${index}`));
const allFaults = plans.flatMap(({ faults }) => faults);

describe('the plan of a round', () => {
	it('is the same for the same seed, and another for another', () => {
		expect(planRound('a')).toEqual(planRound('a'));
		expect(planRound('a').writes.map(({ at }) => at)).not.toEqual(planRound('b').writes.map(({ at }) => at));
		expect(planRound('a').faults).not.toEqual(planRound('b').faults);
	});

	it('is pure data', () => {
		expect(JSON.parse(JSON.stringify(planRound('a')))).toEqual(planRound('a'));
	});

	it('has one to three faults, of every kind in many rounds, on the leader and on the other', () => {
		for (const { faults } of plans) expect([1, 2, 3]).toContain(faults.length);
		expect(new Set(allFaults.map(({ kind }) => kind))).toEqual(new Set(Object.keys(FAULTS)));
		expect(new Set(allFaults.map(({ side }) => side))).toEqual(new Set(['leader', 'other']));
	});

	it('has faults that strike at once, and never two at once of the same thing', () => {
		let together = 0;

		for (const { faults } of plans) {
			for (const [index, a] of faults.entries()) {
				for (const b of faults.slice(index + 1)) {
					if (b.at > a.at + a.lasts) continue;
					together += 1;
					expect(victimOf(a)).not.toBe(victimOf(b));
				}
			}
		}

		expect(together).toBeGreaterThan(plans.length / 10);
	});

	it('lets a leader hang long enough to be replaced, but not often, and never for longer than 15 seconds', () => {
		const long = allFaults.filter(({ lasts }) => lasts > 10_000);
		const mayBeLong = Object.keys(FAULTS).filter((kind) => 'long' in FAULTS[kind as FaultKind]);

		expect(long.length).toBeGreaterThan(0);
		expect(long.length).toBeLessThan(plans.length / 8);
		expect(mayBeLong).toEqual(expect.arrayContaining(long.map(({ kind }) => kind)));
		expect(Math.max(...allFaults.map(({ lasts }) => lasts))).toBeLessThan(15_000);
	});

	it('asks for another leader where a fault of the leader alone lasts long enough for one', () => {
		const long: Fault = { at: 500, lasts: 11_000, kind: 'freeze', side: 'leader' };
		const flush: Fault = { at: 2_000, lasts: 0, kind: 'redis_flush', side: 'leader' };

		expect(mustBeTakenOver(long, [long])).toBe(true);
		expect(mustBeTakenOver({ ...long, lasts: 9_000 }, [{ ...long, lasts: 9_000 }])).toBe(false);
		expect(mustBeTakenOver({ ...long, side: 'other' }, [])).toBe(false);
		expect(mustBeTakenOver(long, [long, flush])).toBe(false);
		expect(plans.some(({ faults }) => faults.some((fault) => mustBeTakenOver(fault, faults)))).toBe(true);
	});

	it('writes in every way, also such as must fail, while the faults last', () => {
		for (const { writes, faults } of plans) {
			const end = Math.max(WRITING_TIME, ...faults.map(({ at, lasts }) => at + lasts));

			expect(new Set(writes.map(({ kind }) => kind))).toEqual(new Set(WRITE_KINDS));
			expect(writes.every(({ at }) => at >= 0 && at <= end)).toBe(true);
			expect(writes.filter(({ at }) => at > end / 2).length).toBeGreaterThan(writes.length / 4);
		}

		expect([...FAILING_KINDS].every((kind) => WRITE_KINDS.includes(kind))).toBe(true);
	});

	it('gives each write of a run a tag of its own', () => {
		const tags = plans.flatMap((_, index) => planRound(seedOfRound('run', index + 1)).writes.map(({ tag }) => tag));
		expect(new Set(tags).size).toBe(tags.length);
	});
});

describe('the seeds of a run', () => {
	it('differ, and the first is the run itself, so that a failing round is replayed by its own', () => {
		const seeds = Array.from({ length: 200 }, (_, index) => seedOfRound('run', index + 1));
		expect(new Set(seeds).size).toBe(seeds.length);
		expect(seedOfRound(seeds[7] as string, 1)).toBe(seeds[7]);
	});
});
