import { hostname } from 'node:os';
import { join } from 'node:path';
import { EXIT, Stop } from '../lib/exit-status.js';
import { openLog, type Log } from '../lib/log.js';
import { announce } from './announce.js';
import { chooseBoot } from './boot-kind.js';
import { noteFirstBootstrap, verifyFirstBootstrap } from './bootstrap.js';
import { checkDatabase } from './check-database.js';
import { Children } from './children.js';
import { readImageState, type ImageState } from './fingerprint.js';
import { environmentOf, ownerLogin, serverLogin, type Login } from './login.js';
import { applyDirectory } from './migrations/index.js';
import { grantLeastPrivilege, requireServerRights } from './rights.js';
import { Session, SessionLost, type OpenOptions } from './session.js';
import { readSettings, type Environment, type Settings } from './settings.js';
import { endOnSignals } from './signals.js';
import { Steps } from './steps.js';
import { noteFullBoot, readDatabaseState, storeFingerprint } from './stored-fingerprint.js';
import { problemsAround } from './surroundings.js';

/** The limit for a session that only asks and holds the lock. */
const ANSWER_WITHIN_MS = 30_000;

/** What the steps share. */
interface Boot {
	env: Environment;
	/** the directory of entrypoint.sh */
	root: string;
	log: Log;
	settings: Settings;
	login: Login;
	steps: Steps;
	children: Children;
	/** holds the lock over steps 1-4 */
	session: Session;
}

/** Steps 1-4, under the boot lock. @throws Stop */
export async function boot(env: Environment, root: string, log: Log): Promise<void> {
	announce(log, root);
	const settings = readSettings(env, problemsAround(env, process.cwd(), root));
	const children = new Children();
	endOnSignals(children, log);
	const [login, steps] = [ownerLogin(env), new Steps(log)];
	const session = await open(login, settings, log, 'trm boot', { answerWithinMs: ANSWER_WITHIN_MS });

	try {
		await runSteps({ env, root, log, settings, login, steps, children, session });
	} catch (error) {
		if (!(error instanceof SessionLost)) throw error;
		const what = 'the session that holds the boot lock was lost (Postgres restarted or cut it)';
		throw new Stop(EXIT.unavailable, `${what}; remedy: start again, the boot continues where it stopped`);
	} finally {
		await session.close();
	}

	if (env['DB_OWNER_USER']) await tryServerLogin(serverLogin(env), settings, log);
	log.info('step 5/5: start');
	log.info(`starting the server after ${steps.total()}: pm2-runtime start ${env['ECOSYSTEM_FILE']}`);
}

function open(login: Login, settings: Settings, log: Log, name: string, more: Partial<OpenOptions>): Promise<Session> {
	const application = `${name} ${process.env['HOSTNAME'] || hostname()}`;
	return Session.open(login, { application, waitSeconds: settings.DB_WAIT_TIMEOUT, log, ...more });
}

async function runSteps(boot: Boot): Promise<void> {
	const { env, root, log, settings, login, steps, session } = boot;
	await takeLock(boot);
	await checkDatabase(session, login, env['SNAPSHOT_PATH'] ?? '');
	steps.mark('lock');

	await step(boot, 1, 'db-init', 'db-init', (stepLog) => migrate(boot, [''], stepLog));
	const image = readImageState(env, root);
	await stillLocked(boot);
	const { kind, reason } = chooseBoot(image, await readDatabaseState(session), settings.BOOT_FORCE === 'true');

	if (kind === 'warm') {
		steps.skip(2, 'bootstrap', reason);
		steps.skip(3, 'schema', reason);
		steps.skip(4, 'after-schema', reason);
	} else {
		log.info(`running all steps: ${reason}`);
		await runAllSteps(boot, image);
	}

	await stillLocked(boot);
}

async function runAllSteps(boot: Boot, image: ImageState): Promise<void> {
	const { env, root, log, session } = boot;
	await noteFullBoot(session, image);
	await noteFirstBootstrap(session, log);
	const directus = join(root, 'scripts/lib/directus-cli.mjs');
	await step(boot, 2, 'bootstrap', 'entrypoint', () => spawn(boot, 'node', [directus, 'bootstrap'], null));
	await stillLocked(boot);
	await verifyFirstBootstrap(session, env['DIRECTUS_CLI'] ?? '');
	await step(boot, 3, 'schema', 'schema', (log) => spawn(boot, join(root, 'scripts/schema-apply.sh'), [], log));
	await step(boot, 4, 'after-schema', 'db-init', (log) => migrate(boot, ['after-schema', 'current'], log));
	await stillLocked(boot);
	await grantLeastPrivilege(session);
	await storeFingerprint(session, image);
}

async function takeLock({ session, settings, log }: Boot): Promise<void> {
	const seconds = settings.BOOT_LOCK_TIMEOUT;
	if (await session.lock('trm.boot', seconds, log)) return;
	const remedy = "look at that boot's log, or raise BOOT_LOCK_TIMEOUT";
	throw new Stop(EXIT.unavailable, `another boot held the lock trm.boot for ${seconds} s; remedy: ${remedy}`);
}

/** Before each step: without the lock another replica may be at the same work. @throws SessionLost */
async function stillLocked({ session }: Boot): Promise<void> {
	await session.rows('SELECT 1');
}

async function step(boot: Boot, number: number, name: string, tag: string, work: (log: Log) => Promise<void>) {
	await stillLocked(boot);
	await boot.steps.run(number, name, openLog(tag), work);
}

/** In a session of its own: what a file does to its session must not reach the lock. */
async function migrate({ env, login, settings }: Boot, folders: string[], log: Log): Promise<void> {
	// The lock's session has shown that no pooler shares connections.
	const session = await open(login, settings, log, 'trm db-init', { refuseShared: false });

	try {
		for (const folder of folders) await applyDirectory(session, join(env['DB_INIT_PATH'] ?? '', folder), log);
	} catch (error) {
		if (!(error instanceof SessionLost)) throw error;
		const remedy = 'run again when it is back, the run continues where it stopped';
		throw new Stop(EXIT.failed, `lost the connection to Postgres: ${error.message}; remedy: ${remedy}`);
	} finally {
		await session.close();
	}
}

/** Commands need no app: bundling its extensions takes as long as the rest of a start. */
async function spawn({ env, login, children }: Boot, command: string, args: string[], log: Log | null): Promise<void> {
	const childEnv = { ...environmentOf(login, env), SERVE_APP: 'false' };
	const status = await children.run(command, args, childEnv, log);
	if (status !== 0) throw new Stop(status);
}

async function tryServerLogin(login: Login, settings: Settings, log: Log): Promise<void> {
	const session = await open(login, settings, log, 'trm boot', { answerWithinMs: ANSWER_WITHIN_MS });

	try {
		await requireServerRights(session, login);
	} finally {
		await session.close();
	}
}
