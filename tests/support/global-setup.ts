import { randomBytes } from 'node:crypto';
import { access, mkdtemp, rm } from 'node:fs/promises';
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

/** Boots the production entrypoint once on an empty database; every stack starts from a copy of what that leaves. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	await access(join(root, 'extensions/trm/dist/api.js')).catch(() => {
		throw new Error('The bundle is not built: run the tests through npm test, or npm run build first.');
	});

	const name = randomBytes(4).toString('hex');
	const database = templateName(name);
	const port = await freePort();

	await createOwnedDatabase(database);

	// Two pm2 in one home would take each other for their own, and a developer's own may run.
	const home = await mkdtemp(join(tmpdir(), 'trm-boot-'));
	const env = { ...directusEnvironment(database, port), PM2_HOME: home };
	const boot = run('bash', [join(root, 'entrypoint.sh')], { cwd: root, env });

	try {
		await eventually(
			'the entrypoint serves',
			async () => {
				if (boot.child.exitCode !== null) throw new Error(`the entrypoint ended with ${boot.child.exitCode}`);
				return fetch(`http://127.0.0.1:${port}/server/ping`).then(
					({ ok }) => ok,
					() => false,
				);
			},
			120_000,
		);
	} catch (error) {
		throw new Error(`The stack for the tests did not come up:\n${boot.output()}`, { cause: error });
	} finally {
		await boot.end();
		await rm(home, { recursive: true, force: true });
	}

	project.provide('run', name);
	project.provide('adminPassword', adminPassword);

	return async () => {
		await dropDatabase(seededTemplateName(name));
		await dropDatabase(database);
	};
}
