import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../support/environment.js';
import { runToEnd } from '../support/processes.js';
import { onServer } from '../support/templates.js';

const dryRun = (env: Record<string, string> = {}) =>
	runToEnd(join(root, 'scripts/ci/snapshot-dry-run.sh'), [], { env: { ...process.env, ...env } });

/** What it has left on the server. */
const databases = () => onServer(`SELECT datname FROM pg_database WHERE datname LIKE 'trm\\_dry\\_run\\_%'`);

it('finds nothing left to apply, and leaves nothing behind', async () => {
	const { code, output } = await dryRun();
	expect(output).toContain('nothing is left to apply');
	expect(code).toBe(0);
	expect(await databases()).toEqual([]);
});

it('fails on a migration that contradicts the snapshot', async () => {
	const directory = await mkdtemp(join(tmpdir(), 'trm-dry-run-'));

	try {
		const migrations = join(directory, 'db-init');
		await cp(join(root, 'db-init'), migrations, { recursive: true });
		await appendFile(
			join(migrations, 'after-schema/900_contradiction.sql'),
			`ALTER TABLE vehicles ALTER COLUMN make SET DEFAULT 'none';\n`,
		);
		const { code, output } = await dryRun({ DB_INIT_PATH: migrations });
		expect(output).toContain('something is left to apply');
		expect(code).toBe(1);
		expect(await databases()).toEqual([]);
	} finally {
		await rm(directory, { recursive: true, force: true });
	}
});

it('refuses to guess a server', async () => {
	const { code, output } = await dryRun({ TEST_PG_URL: '' });
	expect([code, output]).toEqual([78, expect.stringContaining('TEST_PG_URL is missing')]);
});
