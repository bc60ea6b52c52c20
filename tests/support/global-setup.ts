import { randomBytes } from 'node:crypto';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { adminPassword, directusEnvironment, root } from './environment.js';
import { eventually, freePort, run } from './processes.js';
import { createOwnedDatabase, dropDatabase, seededTemplateName, templateName } from './templates.js';

declare module 'vitest' {
	interface ProvidedContext {
		run: string;
		adminPassword: string;
	}
}

interface Booted {
	run: string;
	adminPassword: string;
}

/** Each project of vitest loads this file anew, and all of them start from one boot. */
const shared = globalThis as { trmTemplate?: Promise<Booted>; trmTemplateUsers?: number };

/** Boots the production entrypoint once on an empty database; every stack starts from a copy of what that leaves. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const kept = await keptFile();
	shared.trmTemplate ??= findOrBoot(kept);
	shared.trmTemplateUsers = (shared.trmTemplateUsers ?? 0) + 1;
	const booted = await shared.trmTemplate;
	project.provide('run', booted.run);
	project.provide('adminPassword', booted.adminPassword);

	return async () => {
		shared.trmTemplateUsers = (shared.trmTemplateUsers ?? 0) - 1;
		if (kept !== null || shared.trmTemplateUsers > 0) return;
		await dropDatabase(seededTemplateName(booted.run));
		await dropDatabase(templateName(booted.run));
	};
}

async function findOrBoot(kept: string | null): Promise<Booted> {
	const found = kept === null ? null : await readKept(kept);
	if (found !== null) return found;
	const booted = await bootTemplate();
	if (kept !== null) await writeFile(kept, JSON.stringify(booted));
	return booted;
}

/** On a Postgres that goes with the run of npm test, its later suites start from the same. */
async function keptFile(): Promise<string | null> {
	const directory = process.env['TRM_TEST_RUN'];
	if (directory === undefined) return null;
	return access(join(directory, 'postgres')).then(
		() => join(directory, 'booted.json'),
		() => null,
	);
}

const readKept = (file: string): Promise<Booted | null> =>
	readFile(file, 'utf8').then(JSON.parse, (error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') return null;
		throw error;
	});

/** Boots a database on the server of TEST_PG_URL, whatever another server has: templateName(run) is its name. */
export async function bootTemplate(): Promise<Booted> {
	for (const file of ['extensions/trm/dist/api.js', 'extensions/trm/dist/trm.js', 'tools/seed/dist/seed.js']) {
		await access(join(root, file)).catch(() => {
			throw new Error(`${file} is not built: run the tests through npm test, or npm run build first.`);
		});
	}

	const name = randomBytes(4).toString('hex');
	const database = templateName(name);
	const port = await freePort();

	await createOwnedDatabase(database);

	// Two pm2 in one home would take each other for their own, and a developer's own may run.
	const home = await mkdtemp(join(tmpdir(), 'trm-boot-'));
	const env = { ...directusEnvironment(database, port), PM2_HOME: home };
	const entrypoint = run(join(root, 'entrypoint.sh'), [], { cwd: root, env });

	try {
		await eventually(
			'the entrypoint serves',
			async () => {
				const { exitCode } = entrypoint.child;
				if (exitCode !== null) throw new Error(`the entrypoint ended with ${exitCode}`);
				return fetch(`http://127.0.0.1:${port}/server/ping`).then(
					({ ok }) => ok,
					() => false,
				);
			},
			120_000,
		);
	} catch (error) {
		throw new Error(`The stack for the tests did not come up:\n${entrypoint.output()}`, { cause: error });
	} finally {
		await entrypoint.end();
		await rm(home, { recursive: true, force: true });
	}

	return { run: name, adminPassword };
}
