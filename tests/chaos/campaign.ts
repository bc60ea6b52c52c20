import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedOfRound } from './dice.js';
import { FAILING_KINDS, WRITE_KINDS } from './plan-writes.js';
import { FAILURES, type Evidence } from './reconcile.js';
import { keep, lineOf, linesOfFailure, linesOfReplay, logsOf } from './report.js';
import { runRound, type RoundReport } from './round.js';
import { PostgresServer } from './servers.js';
import { gatherEvidence, settle } from './settle.js';
import { World } from './world.js';

/**
 * The chaos campaign: ROUNDS rounds (10) of random writes and faults, all drawn from SEED, or each from one of several,
 * as in SEED=a,b,c. The last line is one JSON object; the exit status is 1 when a round has failed. EXTENSIONS_PATH runs another bundle.
 */
const [run, ...furtherSeeds] = (process.env['SEED'] ?? randomBytes(4).toString('hex')).split(',') as [
	string,
	...string[],
];
const rounds = Number(process.env['ROUNDS'] ?? (furtherSeeds.length > 0 ? furtherSeeds.length + 1 : 10));

const total = {
	seed: run,
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

/** Of each kind that is meant to be committed, until one has been. A kind that never is tests nothing. */
const untried = new Set<string>(WRITE_KINDS.filter((kind) => !FAILING_KINDS.has(kind)));

/** In so many rounds each kind of write succeeds, whatever the faults. */
const ENOUGH_ROUNDS = 5;

function add({ writes, findings, ...report }: RoundReport): void {
	for (const { what, outcome } of writes) if (outcome === 'committed') untried.delete(what.split(' ')[0] as string);
	const count = (outcome: string) => writes.filter((write) => write.outcome === outcome).length;

	total.events += report.events;
	total.relay_events += report.relayEvents;
	total.redelivered += report.redelivered;
	total.slowest_catching_up_s = Math.max(total.slowest_catching_up_s, Number(report.catchingUp.toFixed(1)));
	total.stuck += report.stuck.length;
	total.directus_crashes += report.crashes;
	total.writes_committed += count('committed');
	total.writes_rolled_back += count('rolled back');
	total.writes_unknown += count('unknown');
	for (const failure of FAILURES) total[failure] += findings[failure].length;
}

const directory = process.env['TRM_TEST_RUN'] ?? (await mkdtemp(join(tmpdir(), 'trm-chaos-')));
let postgres: PostgresServer | null = null;
let world: World | null = null;

async function newWorld(): Promise<[World, Evidence]> {
	world = await World.make(postgres as PostgresServer);
	await settle(world);
	return [world, await gatherEvidence(world)];
}

/** @returns null when what comes next needs a new world. */
async function attempt(round: number, current: World, before: Evidence): Promise<Evidence | null> {
	const seed = furtherSeeds[round - 2] ?? seedOfRound(run, round);
	const name = `${round}/${rounds}`;
	total.rounds += 1;

	try {
		const [report, evidence] = await runRound(current, seed, before);
		add(report);
		console.log(lineOf(name, report));
		if (!report.hasFailed) return evidence;

		await keep(current, seed, report, evidence);
		console.log(linesOfFailure(report, logsOf(seed)).join('\n'));
	} catch (error) {
		if (isInterrupted) throw error;
		await keep(current, seed, null, null);
		console.log([`FAILED ${name} seed ${seed} · ${String(error)}`, ...linesOfReplay(seed, logsOf(seed))].join('\n'));
	}

	total.rounds_failed += 1;
	total.failed_seeds.push(seed);
	return null;
}

async function campaign(): Promise<void> {
	console.log(`chaos: ${rounds} rounds of seed ${run}`);
	postgres = await PostgresServer.make(join(directory, 'chaos'));
	await postgres.boot();
	let [current, evidence] = await newWorld();

	for (let round = 1; round <= rounds; round += 1) {
		const after = await attempt(round, current, evidence);

		if (after !== null) {
			evidence = after;
		} else if (round < rounds) {
			// What is lost stays lost: the next round begins with an empty outbox.
			await current.stop();
			[current, evidence] = await newWorld();
		}
	}
}

let ending: Promise<void> | null = null;
let isInterrupted = false;

/** Ends all servers and removes what they wrote. Once, whoever asks. */
function end(): Promise<void> {
	ending ??= (async () => {
		await world?.stop().catch(() => undefined);
		await postgres?.remove();
		await rm(join(directory, 'chaos'), { recursive: true, force: true });
		if (process.env['TRM_TEST_RUN'] === undefined) await rm(directory, { recursive: true, force: true });
	})();

	return ending;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.once(signal, () => {
		isInterrupted = true;
		void end().finally(() => process.exit(130));
	});
}

try {
	await campaign();
} catch (error) {
	// Servers that are being ended fail.
	if (!isInterrupted) throw error;
} finally {
	await end();
}

if (isInterrupted) process.exit(130);

const isIdle = total.rounds >= ENOUGH_ROUNDS && untried.size > 0;
if (isIdle) console.log(`FAILED: no write of these kinds was ever committed: ${[...untried].join(', ')}`);

console.log(JSON.stringify(total));
process.exit(total.rounds_failed > 0 || isIdle ? 1 : 0);
