import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Boot, bootedDatabase } from '../support/boot.js';
import { eventually } from '../support/processes.js';
import { dropDatabase } from '../support/templates.js';

const work = mkdtempSync(join(tmpdir(), 'trm-ends-'));
let database: string;
const boots: Boot[] = [];

/** Preloaded into every node of a boot; only the server is a worker of a cluster. */
const DIE = `
const { DIE_AFTER, DIE_WITH } = process.env;
const die = () => {
	process.stderr.write('here is the reason\\n');
	setTimeout(() => process.exit(Number(DIE_WITH)), 50);
};
if (require('node:cluster').isWorker && DIE_AFTER === 'serving') {
	const send = process.send;
	process.send = (message, ...rest) => {
		if (message === 'ready') setTimeout(die, 500);
		return send.call(process, message, ...rest);
	};
} else if (require('node:cluster').isWorker && DIE_AFTER) {
	setTimeout(die, 1000 * Number(DIE_AFTER));
}`;

beforeAll(() => writeFileSync(join(work, 'die.cjs'), DIE));
afterAll(() => rmSync(work, { recursive: true }));

beforeEach(async () => {
	database = await bootedDatabase();
});

afterEach(async () => {
	for (const boot of boots.splice(0)) await boot.end();
	await dropDatabase(database);
});

async function start(env: Record<string, string> = {}): Promise<Boot> {
	const boot = await Boot.start(database, env);
	boots.push(boot);
	return boot;
}

/** A server that ends by itself after so long, or as soon as it serves. */
const dying = (after: string, status: number, env: Record<string, string> = {}) =>
	start({ ...env, DIE_AFTER: after, DIE_WITH: `${status}`, NODE_OPTIONS: `--require ${join(work, 'die.cjs')}` });

/** pm2 has lines of its own, more of them where it is slow. */
const lastLines = ({ log }: Boot) => log.trim().split('\n').slice(-10).join('\n');

describe('a server that ends by itself ends the container, not with 0, with the reason in its last lines', () => {
	it('at once, after 1, 3.1 and 20 seconds, and as soon as it serves', async () => {
		const all = await Promise.all(['0', '1', '3.1', '20', 'serving'].map((after) => dying(after, 78)));

		for (const boot of all) {
			expect(await boot.status()).toBe(78);
			expect(lastLines(boot)).toContain('here is the reason');
		}
	});

	it('with 0, and killed', async () => {
		const zero = await dying('0.1', 0);
		expect(await zero.status()).toBe(1);
		expect(lastLines(zero)).toContain('here is the reason');

		const boot = await (await start()).serves();
		const pid = boot.process.child.pid as number;
		const [worker] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
		process.kill(Number(worker), 'SIGKILL');
		expect(await boot.status()).toBe(1);
		expect(lastLines(boot)).toContain('exited with code [0] via signal [SIGKILL]');
	});

	it('for a wrong setting, a Redis that is none and a port that is taken', async () => {
		const settings = [
			['EVENT_RETENTION', '14'],
			['REDIS', 'nonsense'],
		] as const;

		for (const [name, value] of settings) {
			const boot = await start({ [name]: value });
			expect(await boot.status()).toBe(78);
			expect(lastLines(boot)).toContain(name);
		}

		const first = await (await start()).serves();
		const second = await start({ PORT: `${first.port}` });
		expect(await second.status()).not.toBe(0);
		expect(lastLines(second)).toContain(`${first.port}`);
		expect((await fetch(`http://127.0.0.1:${first.port}/server/ping`)).status).toBe(200);
		expect(await first.end()).toBe(0);
	});
});

it('with PM2_AUTO_RESTART=true it is started again instead', async () => {
	const boot = await dying('serving', 1, { PM2_AUTO_RESTART: 'true' });
	await eventually('it starts twice', () => boot.log.split('here is the reason').length > 2);
});
