import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './environment.js';
import { eventually, freePort, run, type Running } from './processes.js';
import type { Stack } from './stack.js';

/** A boot through the production entrypoint on a stack's database: one more replica, which need not come up. */
export interface Replica {
	url: string;
	boot: Running;
	/** Waits until it serves. @throws Error with its log where the boot ends before. */
	serving(): Promise<void>;
	end(): Promise<void>;
}

/** @param env what distinguishes its image from this checkout, such as DB_INIT_PATH */
export async function startReplica(stack: Stack, env: Record<string, string> = {}): Promise<Replica> {
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	// Two pm2 in one home would take each other for their own.
	const home = await mkdtemp(join(tmpdir(), 'trm-replica-'));

	const boot = run('bash', [join(root, 'entrypoint.sh')], {
		cwd: root,
		env: { ...stack.env, PORT: String(port), PUBLIC_URL: url, PM2_HOME: home, ...env },
	});

	return {
		url,
		boot,
		async serving() {
			await eventually(
				'the replica serves',
				async () => {
					if (boot.child.exitCode !== null)
						throw new Error(`the boot ended with ${boot.child.exitCode}:\n${boot.output()}`);
					return fetch(`${url}/server/ping`).then(
						({ ok }) => ok,
						() => false,
					);
				},
				120_000,
			);
		},
		async end() {
			await boot.end();
			await rm(home, { recursive: true, force: true });
		},
	};
}
