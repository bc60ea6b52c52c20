import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';
import { root } from './environment.js';
import { startStack, type Stack } from './stack.js';

/** What single files need, and no other notices. */
const env = {
	CORS_ENABLED: 'true',
	CORS_ORIGIN: 'https://app.example.org,regex:\\.trusted\\.example$',
	FILES_MAX_UPLOAD_SIZE: '400kb',
	// A slow machine takes seconds for a list, and what grows with the square takes hours.
	DB_OPTIONS: '-c statement_timeout=60s',
};

const served = test.extend('stack', { scope: 'worker' }, async ({}, { onCleanup }) => {
	const uploads = await mkdtemp(join(tmpdir(), 'trm-uploads-'));
	const stack = await startStack({ env: { ...env, STORAGE_LOCAL_ROOT: uploads } });

	onCleanup(async () => {
		await stack.stop();
		await rm(uploads, { recursive: true, force: true });
	});

	return stack;
});

/**
 * For a whole test file: the one stack of this worker of vitest, with no organisation, tracker or fix. Users, policies and files of
 * the files before are still there, and so are their events: count what a test adds.
 */
export function useServedStack(take: (stack: Stack) => Promise<void> | void): void {
	served.beforeAll(async ({ stack }) => {
		await stack.db.query(await readFile(join(root, 'tests/support/served.sql'), 'utf8'));
		await take(stack);
	});
}
