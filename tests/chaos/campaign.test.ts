import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportCounts } from '../support/report-counts.js';
import { seedOfRound } from './dice.js';
import type { Evidence } from './reconcile.js';
import { keep, lineOf, linesOfFailure, linesOfReplay, logsOf } from './report.js';
import { runRound } from './round.js';
import { PostgresServer } from './servers.js';
import { gatherEvidence, settle } from './settle.js';
import { Totals } from './totals.js';
import { World } from './world.js';

/**
 * ROUNDS rounds (6) of random writes and faults, all drawn from SEED, or each from one of several, as in SEED=a,b,c.
 * EXTENSIONS_PATH runs another bundle.
 */
const given = process.env['SEED']?.split(',') ?? [];
const run = given[0] ?? randomBytes(4).toString('hex');
const rounds = given.length > 1 ? given.length : Number(process.env['ROUNDS'] ?? 6);
const seeds = Array.from({ length: rounds }, (_, n) => given[n] ?? seedOfRound(run, n + 1));

/** In so many rounds each kind of write succeeds, whatever the faults. */
const ENOUGH_ROUNDS = 5;

const totals = new Totals(run);
let directory: string;
let postgres: PostgresServer;
/** null after a round that failed: what is lost stays lost, and the next one begins with an empty outbox. */
let world: World | null = null;
let before: Evidence;

beforeAll(async () => {
	directory = process.env['TRM_TEST_RUN'] ?? (await mkdtemp(join(tmpdir(), 'trm-chaos-')));
	postgres = await PostgresServer.make(join(directory, 'chaos'));
	await postgres.boot();
});

afterAll(async ({}, suite) => {
	reportCounts(suite, totals.counts);
	await world?.stop();
	await postgres?.remove();
	await rm(join(directory, 'chaos'), { recursive: true, force: true });
	if (process.env['TRM_TEST_RUN'] === undefined) await rm(directory, { recursive: true, force: true });
});

async function currentWorld(): Promise<World> {
	if (world !== null) return world;
	const made = await World.make(postgres);
	world = made;
	await settle(made);
	before = await gatherEvidence(made);
	return made;
}

/** @throws Error when something is lost, comes twice or in another order, or a server stays away. */
async function attempt(seed: string, name: string): Promise<void> {
	const current = await currentWorld();
	const [report, evidence] = await runRound(current, seed, before).catch(async (error: unknown) => {
		await keep(current, seed, null, null);
		throw new Error([String(error), ...linesOfReplay(seed, logsOf(seed))].join('\n'), { cause: error });
	});

	totals.add(report);
	console.log(lineOf(name, report));
	before = evidence;
	if (!report.hasFailed) return;
	await keep(current, seed, report, evidence);
	throw new Error(linesOfFailure(report, logsOf(seed)).join('\n'));
}

describe(`chaos of seed ${run}`, () => {
	it.each(seeds.map((seed, n) => [`${n + 1}/${rounds}`, seed] as const))('round %s, seed %s', async (name, seed) => {
		totals.counts.rounds += 1;

		try {
			await attempt(seed, name);
		} catch (error) {
			totals.addFailure(seed);
			await world?.stop().catch(() => undefined);
			world = null;
			throw error;
		}
	});

	if (rounds >= ENOUGH_ROUNDS) {
		it('commits writes of each kind that is meant to be committed', () => {
			expect([...totals.untried]).toEqual([]);
		});
	}
});
