import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A child process with what it printed. */
export interface Running {
	child: ChildProcess;
	/** stdout and stderr so far, as they came */
	output(): string;
	/** Sends a signal, if the process still runs, and waits for its end. */
	end(signal?: NodeJS.Signals): Promise<number | null>;
}

export function run(command: string, args: string[], options: SpawnOptions): Running {
	const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
	let printed = '';

	child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
	child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));

	return {
		child,
		output: () => printed,
		async end(signal = 'SIGTERM') {
			if (child.exitCode === null && child.signalCode === null) {
				child.kill(signal);
				await once(child, 'exit');
			}

			return child.exitCode;
		},
	};
}

/** Runs a command to its end. */
export async function runToEnd(command: string, args: string[], options: SpawnOptions) {
	const running = run(command, args, options);
	const [code] = (await once(running.child, 'close')) as [number | null];
	return { code, output: running.output() };
}

/** How many ports each worker of vitest has to itself; the workers are numbered from 1 on, the set-up has none. */
const PORTS_PER_WORKER = 1_000;
const firstPort = 10_000 + PORTS_PER_WORKER * (Number(process.env['VITEST_POOL_ID'] ?? 0) % 10);
let nextPort = randomInt(PORTS_PER_WORKER);

/**
 * A TCP port that was free a moment ago and that nobody else takes: one below those that the kernel gives to outgoing
 * connections (32768 on) and those of the shell tests (20000 on), of this worker, and not the last one again.
 */
export async function freePort(): Promise<number> {
	for (let tries = 0; tries < PORTS_PER_WORKER; tries += 1) {
		const port = firstPort + (nextPort % PORTS_PER_WORKER);
		nextPort += 1;
		if (await isFree(port)) return port;
	}

	throw new Error(`All ports from ${firstPort} to ${firstPort + PORTS_PER_WORKER - 1} are taken.`);
}

async function isFree(port: number): Promise<boolean> {
	const server = createServer().listen(port, '127.0.0.1');

	try {
		await once(server, 'listening');
	} catch {
		return false;
	}

	server.close();
	await once(server, 'close');
	return true;
}

/** Several starts of Directus on two cores that others use too take a minute. It shows nothing of what is tested. */
const PATIENCE_MS = 90_000;

/**
 * Polls until `probe` gives something other than undefined, null or false.
 * @throws Error with `what` after `timeout` milliseconds.
 */
export async function eventually<T>(
	what: string,
	probe: () => Promise<T> | T,
	timeout = PATIENCE_MS,
): Promise<Exclude<T, undefined | null | false>> {
	// For a machine that has nothing else to do; one that is slow or busy may take a multiple.
	const deadline = Date.now() + 3 * timeout;

	for (;;) {
		const found = await probe();
		if (found !== undefined && found !== null && found !== false) {
			return found as Exclude<T, undefined | null | false>;
		}

		if (Date.now() > deadline) throw new Error(`not within ${3 * timeout} ms: ${what}`);
		await sleep(50);
	}
}
