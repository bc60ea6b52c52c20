import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { adminEmail, directusCli, root } from '../../tests/support/environment.js';
import { eventually, run, type Running } from '../../tests/support/processes.js';
import type { Scope } from './scope.js';
import type { Place } from './world.js';

/** Milliseconds between two looks at the outbox where nothing wakes whoever drains it. */
const POLL_INTERVAL = 20;

const programs = {
	relay: 'tests/support/relay-program.ts',
	bareLoop: 'bench/events/bare-loop.ts',
	arrivals: 'bench/events/arrivals.ts',
};

async function start(scope: Scope, args: string[], env: Record<string, string>): Promise<Running> {
	const running = run('node', args, { cwd: root, env });
	await scope.defer(() => running.end());
	return running;
}

async function startProgram(scope: Scope, name: keyof typeof programs, { env }: Place, nodeArgs: string[] = []) {
	const imports = join(root, 'bench/typescript-imports.mjs');
	const args = [...nodeArgs, '--import', imports, join(root, programs[name])];
	return start(scope, args, { ...env, EVENT_POLL_INTERVAL: `${POLL_INTERVAL}` });
}

/** @throws Error with what it has printed when it has ended. */
function mustRun({ child, output }: Running): void {
	if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended early:\n${output()}`);
}

/** Starts a relay without a Directus around it, and waits until it leads. @param profiles where it leaves a CPU profile */
export async function startRelay(scope: Scope, place: Place, profiles: string | null): Promise<void> {
	const profiling = profiles === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
	const relay = await startProgram(scope, 'relay', place, profiling);

	await eventually('the relay leads', async () => {
		mustRun(relay);
		const { rows } = await place.db.query<{ leader: string | null }>('SELECT leader FROM trm.event_stream_lag');
		return rows[0]?.leader?.endsWith(`:${relay.child.pid}`);
	});
}

/** Starts a program that prints `ready` when it is. */
export async function startReady(scope: Scope, name: 'bareLoop' | 'arrivals', place: Place): Promise<Running> {
	const running = await startProgram(scope, name, place);

	await eventually(`${name} is ready`, () => {
		mustRun(running);
		return running.output().includes('ready');
	});

	return running;
}

/** Starts a Directus and waits until it serves. @returns a static token of its administrator. */
export async function startDirectus(scope: Scope, { db, env, url }: Place): Promise<string> {
	const token = randomBytes(16).toString('hex');
	await db.query('UPDATE directus_users SET token = $1 WHERE email = $2', [token, adminEmail]);
	const directus = await start(scope, [directusCli, 'start'], env);

	await eventually('Directus serves', async () => {
		mustRun(directus);
		return fetch(`${url}/server/ping`).then(
			({ ok }) => ok,
			() => false,
		);
	});

	return token;
}
