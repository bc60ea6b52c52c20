import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
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

/** A TCP port that was free a moment ago. */
export async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as { port: number };
	server.close();
	await once(server, 'close');
	return port;
}

/**
 * Polls until `probe` gives something other than undefined, null or false.
 * @throws Error with `what` after `timeout` milliseconds.
 */
export async function eventually<T>(
	what: string,
	probe: () => Promise<T> | T,
	timeout = 30_000,
): Promise<Exclude<T, undefined | null | false>> {
	const deadline = Date.now() + timeout;

	for (;;) {
		const found = await probe();
		if (found !== undefined && found !== null && found !== false) {
			return found as Exclude<T, undefined | null | false>;
		}

		if (Date.now() > deadline) throw new Error(`not within ${timeout} ms: ${what}`);
		await sleep(50);
	}
}
