import { setTimeout as sleep } from 'node:timers/promises';
import { forgetRedis, rememberRedis, suffer } from './faults.js';
import type { WriteRecord } from './marks.js';
import { planRound } from './plan.js';
import { mustBeTakenOver } from './plan-faults.js';
import { FAILING_KINDS, type Write } from './plan-writes.js';
import { FAILURES, reconcile, type Evidence, type Findings } from './reconcile.js';
import { gatherEvidence, settle } from './settle.js';
import type { World } from './world.js';
import { API_WRITERS } from './writes-api.js';
import { SQL_WRITERS } from './writes-sql.js';

/** What one round did and found. */
export interface RoundReport {
	seed: string;
	/** as they were suffered */
	faults: string[];
	/** of these, such as ended without another replica's having taken the lead */
	stuck: string[];
	writes: WriteRecord[];
	/** rows that the round added to the outbox, and those of them that the relay made itself */
	events: number;
	relayEvents: number;
	redelivered: number;
	/** Directus ended by itself */
	crashes: number;
	seconds: number;
	/** of these, from the moment when all servers were up until everything was consumed */
	catchingUp: number;
	findings: Findings;
	hasFailed: boolean;
}

const WRITERS = { ...API_WRITERS, ...SQL_WRITERS };

/** @throws Error when something that must fail has been done: the campaign would not try what it says it tries. */
async function perform(world: World, write: Write): Promise<WriteRecord[]> {
	await sleep(write.at);
	const records = await WRITERS[write.kind](world, write, `${write.kind} ${write.tag}`);

	if (FAILING_KINDS.has(write.kind) && records.some(({ outcome }) => outcome === 'committed')) {
		throw new Error(`${write.kind} ${write.tag} was meant to fail and did not`);
	}

	return records;
}

const eventsOf = ({ outbox }: Evidence) => outbox.length;
const relayEventsOf = ({ outbox }: Evidence) => outbox.filter(({ type }) => type.startsWith('trm.stream.')).length;
const crashesOf = ({ replicas }: World) => replicas.reduce((sum, { crashes }) => sum + crashes, 0);

/** Plans a round, runs it, waits for calm and reconciles. @param before what was there. @throws Error when a server stays away. */
export async function runRound(world: World, seed: string, before: Evidence): Promise<[RoundReport, Evidence]> {
	const began = performance.now();
	const plan = planRound(seed);
	const { redelivered } = world.ledger;
	const crashes = crashesOf(world);

	await rememberRedis(world);
	const faults = Promise.all(plan.faults.map((fault) => suffer(world, fault, mustBeTakenOver(fault, plan.faults))));
	const writing = Promise.all(plan.writes.map((write) => perform(world, write)));
	const suffered = await faults;
	const writes = (await writing).flat();
	world.writes.push(...writes);

	const catchingUp = await settle(world);
	await forgetRedis(world);
	const evidence = await gatherEvidence(world);
	const findings = reconcile(evidence);

	const stuck = suffered.flatMap(({ stuck }) => stuck ?? []);

	const report = {
		seed,
		faults: suffered.map(({ text }) => text),
		stuck,
		writes,
		events: eventsOf(evidence) - eventsOf(before),
		relayEvents: relayEventsOf(evidence) - relayEventsOf(before),
		redelivered: world.ledger.redelivered - redelivered,
		crashes: crashesOf(world) - crashes,
		catchingUp,
		seconds: (performance.now() - began) / 1000,
		findings,
		hasFailed: stuck.length > 0 || FAILURES.some((failure) => findings[failure].length > 0),
	};

	return [report, evidence];
}
