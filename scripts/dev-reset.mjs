// npm run dev:reset [-- --yes | --down]: compose.dev.yaml from nothing to the admin UI, on any system with Docker and Node. Deletes the
// volumes of its own compose project and nothing else. No package is needed, and no shell but for the secrets.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, parseEnv } from 'node:util';
import { Compose, print, Refusal, root, say } from './dev-reset/compose.mjs';

const USAGE = `usage: npm run dev:reset [-- OPTION…]
  --yes    delete a database that is there without asking
  --down   only stop and delete it
exit: 0 done, 1 failed or not confirmed, 64 usage, 69 no docker, no compose, no engine or no port, 78 a wrong setting or a missing --yes`;
const HEALTHY_WITHIN_MS = 300_000;
// In the container's /tmp, until it stands beside the secrets.
const USERS_INSIDE = '/tmp/seed-users.csv';

function readArguments() {
	const options = { yes: { type: 'boolean' }, down: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } };

	try {
		return parseArgs({ options }).values;
	} catch (error) {
		throw new Refusal(64, USAGE, error.message);
	}
}

/** The environment wins over .env. */
function readSettings() {
	const file = join(root, '.env');
	const env = { ...(existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}), ...process.env };
	// One for each checkout: the project's name decides what `down` deletes.
	const project = env.TRM_DEV_PROJECT ?? `trm-dev-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`;
	const seed = env.TRM_SEED ?? 'rally-albania-2026';

	if (!/^trm-dev-[a-z0-9_-]+$/.test(project)) {
		throw new Refusal(
			78,
			`TRM_DEV_PROJECT=${project}: its name must begin with trm-dev-, so that no other project is deleted by mistake.`,
		);
	}

	if (seed !== 'none' && !existsSync(join(root, 'seeds', seed))) {
		throw new Refusal(78, `TRM_SEED=${seed}: there is no seeds/${seed}. Use the name of a folder in seeds/, or none.`);
	}

	const secrets = join(resolve(env.TRM_STATE_DIR ?? join(root, '.local')), 'compose-dev');
	const port = env.PORT ?? '8055';
	const email = env.ADMIN_EMAIL ?? 'admin@example.com';
	// Compose 1 builds with the old builder unless told otherwise, and that does not know our Dockerfile.
	const builders = { DOCKER_BUILDKIT: '1', COMPOSE_DOCKER_CLI_BUILD: '1' };
	return {
		project,
		seed,
		secrets,
		port,
		email,
		env: { ...env, ...builders, PORT: port, ADMIN_EMAIL: email, TRM_DEV_SECRETS: secrets },
	};
}

async function confirm({ project }) {
	if (!process.stdin.isTTY) {
		throw new Refusal(
			78,
			`This deletes the database, events and uploads of ${project}.`,
			'If you mean it: npm run dev:reset -- --yes',
		);
	}

	const lines = createInterface({ input: process.stdin, output: process.stdout });
	const answer = await lines.question(`Delete the database, events and uploads of ${project}? [y/N] `);
	lines.close();
	if (!/^y/i.test(answer)) throw new Refusal(1, 'Nothing is deleted.');
}

async function needFreePort(port) {
	if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
		throw new Refusal(78, `PORT=${port} is not a TCP port: give a number from 1 to 65535.`);
	}

	const isFree = await new Promise((done) => {
		const server = createServer().once('error', () => done(false));
		server.listen(Number(port), '127.0.0.1', () => server.close(() => done(true)));
	});
	const remedy = `Stop what listens there, or choose another port: PORT=${Number(port) + 1} npm run dev:reset`;
	if (!isFree) throw new Refusal(69, `Port ${port}, wanted for Directus, is taken.`, remedy);
}

function makeSecrets({ secrets }) {
	const made = spawnSync('sh', [join(root, 'scripts/make-secrets.sh'), secrets], { encoding: 'utf8' });
	if (made.status !== 0)
		throw new Refusal(made.status ?? 69, made.stderr || 'There is no sh, which makes the secrets.');
}

function remove(compose, settings) {
	// Compose reads the whole file also to delete, and wants the secrets to be there.
	makeSecrets(settings);
	if (compose.hasContainers || compose.hasVolumes)
		compose.do(`Deleting ${settings.project}`, 'down', '--volumes', '--remove-orphans');
	rmSync(settings.secrets, { recursive: true, force: true });
}

/** The boot's own lines tell why it failed, so they are the last thing to be seen. */
async function waitHealthy(compose) {
	const id = compose.directus;
	const deadline = Date.now() + HEALTHY_WITHIN_MS;
	const give = (why) => {
		process.stderr.write(`${compose.docker('logs', '--tail', '20', id)}\n`);
		throw new Refusal(1, why);
	};
	say('The first boot …');

	for (;;) {
		const [status, health, code] = compose
			.docker('inspect', '--format', '{{.State.Status}} {{.State.Health.Status}} {{.State.ExitCode}}', id)
			.split(' ');
		if (health === 'healthy') return;
		if (status === '') throw new Refusal(1, 'The container of Directus is gone.');
		if (status !== 'running' && status !== 'created')
			give(`Directus ended with exit ${code}; the reason stands above.`);
		if (Date.now() > deadline)
			give(`Directus was not healthy within ${HEALTHY_WITHIN_MS / 1_000} s; its last lines stand above.`);
		await sleep(500);
	}
}

function loadSeed(compose, { seed, secrets }) {
	const inside = ['exec', '-T', 'directus'];
	compose.do(
		`Loading seeds/${seed}`,
		...inside,
		'./entrypoint.sh',
		'trm',
		'seed',
		'load',
		`seeds/${seed}`,
		'--credentials',
		USERS_INSIDE,
	);
	// The directory of the secrets is closed to other users.
	writeFileSync(join(secrets, 'users.csv'), compose.docker('exec', compose.directus, 'cat', USERS_INSIDE) + '\n');
	compose.docker('exec', compose.directus, 'rm', USERS_INSIDE);
}

function announce(compose, { port, email, secrets, seed }) {
	const rows = [
		['Address', `http://127.0.0.1:${port}`],
		['E-mail', email],
		['Password', readFileSync(join(secrets, 'admin_password'), 'utf8').trim()],
	];
	if (seed !== 'none') rows.push(['Users', `one per role, in ${relative(root, join(secrets, 'users.csv'))}`]);
	print(`\n${rows.map(([name, value]) => `  ${name.padEnd(9)} ${value}`).join('\n')}\n`);
	print(`  Its log: docker logs --follow ${compose.directus}\n  Delete:  npm run dev:reset -- --down\n`);
	say('Ready.');
}

async function main() {
	const { yes, down, help } = readArguments();
	if (help) return print(USAGE);
	const settings = readSettings();
	const compose = new Compose(settings);
	if (!yes && compose.hasVolumes) await confirm(settings);
	// Before anything is deleted; the project's own container may be who holds it.
	if (!down && !compose.hasContainers) await needFreePort(settings.port);
	remove(compose, settings);
	if (down) return say(`Deleted. Nothing of ${settings.project} is left.`);

	await needFreePort(settings.port);
	makeSecrets(settings);
	compose.do('Building the image', 'build', 'directus');
	compose.do('Starting Postgres, Redis and Directus', 'up', '--detach');
	await waitHealthy(compose);
	if (settings.seed !== 'none') loadSeed(compose, settings);
	announce(compose, settings);
}

try {
	await main();
} catch (error) {
	if (!(error instanceof Refusal)) throw error;
	process.stderr.write(`\n${error.message}\n`);
	process.exit(error.status);
}
