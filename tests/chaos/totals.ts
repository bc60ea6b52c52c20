import { FAILING_KINDS, WRITE_KINDS } from './plan-writes.js';
import { FAILURES } from './reconcile.js';
import type { RoundReport } from './round.js';

/** The sums of a campaign. */
export class Totals {
	readonly counts = {
		seed: '',
		rounds: 0,
		rounds_failed: 0,
		events: 0,
		relay_events: 0,
		redelivered: 0,
		writes_committed: 0,
		writes_rolled_back: 0,
		writes_unknown: 0,
		lost: 0,
		duplicated: 0,
		reordered: 0,
		phantoms: 0,
		mistaken: 0,
		stuck: 0,
		directus_crashes: 0,
		/** from the moment when all servers are up */
		slowest_catching_up_s: 0,
		failed_seeds: [] as string[],
	};

	/** Kinds of writes that are meant to be committed, until one has been. A kind that never is tests nothing. */
	readonly untried = new Set<string>(WRITE_KINDS.filter((kind) => !FAILING_KINDS.has(kind)));

	constructor(seed: string) {
		this.counts.seed = seed;
	}

	add({ writes, findings, ...report }: RoundReport): void {
		const { counts } = this;
		for (const { what, outcome } of writes)
			if (outcome === 'committed') this.untried.delete(what.split(' ')[0] as string);
		const count = (outcome: string) => writes.filter((write) => write.outcome === outcome).length;

		counts.events += report.events;
		counts.relay_events += report.relayEvents;
		counts.redelivered += report.redelivered;
		counts.slowest_catching_up_s = Math.max(counts.slowest_catching_up_s, Number(report.catchingUp.toFixed(1)));
		counts.stuck += report.stuck.length;
		counts.directus_crashes += report.crashes;
		counts.writes_committed += count('committed');
		counts.writes_rolled_back += count('rolled back');
		counts.writes_unknown += count('unknown');
		for (const failure of FAILURES) counts[failure] += findings[failure].length;
	}

	addFailure(seed: string): void {
		this.counts.rounds_failed += 1;
		this.counts.failed_seeds.push(seed);
	}
}
