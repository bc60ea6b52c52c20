import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../support/environment.js';
import { planRound } from './plan.js';
import { FAILURES, type Evidence } from './reconcile.js';
import type { RoundReport } from './round.js';
import type { World } from './world.js';

/** How many findings of each sort are printed; all are in the file. */
const PRINTED = 5;

const outcomes = ({ writes }: RoundReport) =>
	(['committed', 'rolled back', 'unknown'] as const)
		.map((outcome) => `${writes.filter((write) => write.outcome === outcome).length} ${outcome}`)
		.join(', ');

/** One line for a reader who watches. */
export function lineOf(round: string, report: RoundReport): string {
	const { seed, faults, events, relayEvents, redelivered, crashes, seconds, catchingUp, hasFailed } = report;

	return [
		`${hasFailed ? 'FAILED' : 'ok'} ${round} seed ${seed}`,
		faults.join(' + '),
		`writes: ${outcomes(report)}`,
		`${events} events${relayEvents > 0 ? ` (${relayEvents} of the relay)` : ''}, ${redelivered} came again`,
		...(crashes > 0 ? [`Directus ended by itself ${crashes} times`] : []),
		`${seconds.toFixed(1)} s, ${catchingUp.toFixed(1)} of them to catch up`,
	].join(' · ');
}

/** What a failing round found, and how to have it again. */
export function linesOfFailure({ seed, findings, stuck }: RoundReport, logs: string): string[] {
	const lines = FAILURES.flatMap((failure) => {
		const found = findings[failure];
		const more = found.length > PRINTED ? [`  … and ${found.length - PRINTED} more`] : [];
		return found.length === 0
			? []
			: [`  ${failure}: ${found.length}`, ...found.slice(0, PRINTED).map((line) => `    ${line}`), ...more];
	});

	return [...lines, ...stuck.map((line) => `  stuck: ${line}`), ...linesOfReplay(seed, logs)];
}

export const linesOfReplay = (seed: string, logs: string): string[] => [
	`  logs: ${logs}`,
	`  again: SEED=${seed} ROUNDS=1 npm run test:chaos`,
];

/** Where what is known of a failing round is kept. */
export const logsOf = (seed: string): string =>
	join(process.env['TRM_STATE_DIR'] ?? join(root, '.local'), 'log', `chaos-${seed}`);

/** Everything that a failing round leaves to be looked at. */
export async function keep(
	world: World,
	seed: string,
	report: RoundReport | null,
	evidence: Evidence | null,
): Promise<void> {
	const folder = logsOf(seed);
	const asJson = (value: unknown) => JSON.stringify(value, null, '\t');

	const files: Record<string, string> = {
		'plan.json': asJson(planRound(seed)),
		'report.json': asJson(report),
		'outbox.json': asJson(evidence?.outbox ?? null),
		'stream.json': asJson(evidence?.stream ?? null),
		'handled.json': asJson(world.ledger.handled),
		'handed-over.json': asJson(world.handedOver.handled),
		'postgres.log': await world.postgres.log(),
		'redis.log': world.redisServer.log(),
		...Object.fromEntries(world.replicas.map((replica) => [`${replica.name}.log`, replica.log()])),
	};

	await mkdir(folder, { recursive: true });
	await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
}
