import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../lib/log.js';
import type { Environment } from './settings.js';

const GRACE_MS = 3_000;
const LOOK_EVERY_MS = 100;

/** Process groups of their own: a container's runtime signals only its first process, and the boot has to end all of them. */
export class Children {
	#running: ChildProcess | null = null;
	#isEnding = false;

	/** @param log takes each line of stdout; null: print only when it fails. @returns the exit status; never, once end() was called */
	async run(command: string, args: string[], env: Environment, log: Log | null): Promise<number> {
		if (this.#isEnding) return new Promise(() => undefined);
		const stdio: StdioOptions = ['ignore', 'pipe', log === null ? 'pipe' : 'inherit'];
		const child = spawn(command, args, { env, stdio, detached: true });
		this.#running = child;
		const printed: Buffer[] = [];
		if (log !== null && child.stdout) createInterface(child.stdout).on('line', (line) => log.info(line));
		else for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => printed.push(chunk));

		try {
			const [status, reason] = (await once(child, 'close')) as [number | null, string | null];
			if (this.#isEnding) return new Promise(() => undefined);
			if (status !== 0) process.stderr.write(Buffer.concat(printed));
			if (reason !== null) process.stderr.write(`${command} was ended by ${reason}\n`);
			return status ?? 1;
		} finally {
			this.#running = null;
		}
	}

	/** Ends the running one with all that it has started: SIGTERM, and SIGKILL to what is left after three seconds. */
	async end(): Promise<void> {
		this.#isEnding = true;
		const group = this.#running?.pid;
		if (group === undefined || !signal(group, 'SIGTERM')) return;
		const deadline = Date.now() + GRACE_MS;
		while (Date.now() < deadline && signal(group, 0)) await sleep(LOOK_EVERY_MS);
		signal(group, 'SIGKILL');
	}
}

/** @returns false where no process of the group is left */
function signal(group: number, name: NodeJS.Signals | 0): boolean {
	try {
		return process.kill(-group, name);
	} catch {
		return false;
	}
}
