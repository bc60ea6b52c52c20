import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import pg from 'pg';
import { inject } from 'vitest';
import {
	adminEmail,
	appEnvironment,
	directusCli,
	directusEnvironment,
	owner,
	postgresUrl,
	root,
	server,
} from './environment.js';
import { KeptTrm } from './kept-trm.js';
import { eventually, freePort, run, runToEnd, type Running } from './processes.js';
import { RedisServer, type RedisServerOptions } from './redis-server.js';
import { cloneDatabase, dropDatabase, onServer, seededTemplate, templateName } from './templates.js';
import { runTrm, type Outcome } from './trm.js';

interface StackOptions {
	/** Start from the dogfood event instead of from empty collections. */
	seed?: boolean;
	/** false: Directus runs without REDIS. */
	redis?: boolean;
	/** How its Redis is started. */
	redisServer?: RedisServerOptions;
	/** Serve the admin UI as well, for a browser. */
	app?: boolean;
	/** false: the test starts Directus itself, or only runs commands. */
	serve?: boolean;
	/** The server's login owns the database, as in an installation without DB_OWNER_USER: it may change the data model. */
	owns?: boolean;
	/** Variables on top of the usual ones. */
	env?: Record<string, string>;
}

/** An answer of Directus's API; `body` is null where there was none. */
export interface Answer {
	status: number;
	// The answers are as many as the tests: each reads the part it is about.
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	body: any;
}

/** The id of Stack.home(). */
export const HOME = '00000000-0000-4000-8000-00000000005e';

/** A Directus with a database and a Redis of its own, all real, reachable on loopback. */
export class Stack {
	readonly adminEmail = adminEmail;
	readonly adminPassword = inject('adminPassword');
	/** static token of the administrator */
	readonly token = randomBytes(16).toString('hex');
	readonly stream: string = 'trm:events';
	/** The child of trm(). */
	readonly kept: KeptTrm;
	owns = false;
	#directus: Running | null = null;
	#logBefore = '';

	constructor(
		readonly url: string,
		readonly database: string,
		readonly db: pg.Pool,
		readonly redisServer: RedisServer,
		readonly redis: Redis,
		readonly env: Record<string, string>,
	) {
		this.kept = new KeptTrm({ ...env, LOG_LEVEL: 'warn' });
	}

	/** As in production the server does not own its database; the commands of `trm` are the owner's. */
	get serverEnv(): Record<string, string> {
		if (this.owns || this.env['DB_USER'] !== owner.user) return this.env;
		return { ...this.env, DB_USER: server.user, DB_PASSWORD: server.password };
	}

	/** Starts the Directus process and waits until it serves. */
	async start(): Promise<void> {
		const directus = run('node', [directusCli, 'start'], { cwd: root, env: this.serverEnv });
		this.#directus = directus;

		await eventually('Directus serves', async () => {
			if (directus.child.exitCode !== null) throw new Error(`Directus ended early:\n${directus.output()}`);
			return fetch(`${this.url}/server/ping`).then(
				({ ok }) => ok,
				() => false,
			);
		});
	}

	/** Ends the Directus process. @param signal SIGKILL for a crash. @returns its exit status. */
	async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
		const status = (await this.#directus?.end(signal)) ?? null;
		this.#logBefore = this.log();
		this.#directus = null;
		return status;
	}

	/** Everything that Directus has printed, over all its processes. */
	log(): string {
		return this.#logBefore + (this.#directus?.output() ?? '');
	}

	/** @param token null for an unauthenticated request. A string body is sent as it stands. */
	async api(method: string, path: string, body?: unknown, token: string | null = this.token): Promise<Answer> {
		const response = await fetch(`${this.url}${path}`, {
			method,
			headers: {
				...(token === null ? {} : { Authorization: `Bearer ${token}` }),
				...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
			},
			...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
		});

		const text = await response.text();
		return { status: response.status, body: text === '' ? null : JSON.parse(text) };
	}

	/** An organisation for what has to belong to some: its id. It makes no event, so that tests may count them. */
	home(): Promise<string> {
		const sql = `SET LOCAL session_replication_role = replica;
			INSERT INTO organizations (id, name, slug, status) VALUES ('${HOME}', 'Home', 'home', 'active') ON CONFLICT DO NOTHING`;
		return this.db.query(`BEGIN; ${sql}; COMMIT`).then(() => HOME);
	}

	/**
	 * Creates an item as administrator; a vehicle or tracker without an organisation belongs to home().
	 * @returns it. @throws Error with Directus's answer.
	 */
	async create(collection: string, item: object): Promise<{ id: string } & Record<string, unknown>> {
		const isOwned = ['devices', 'vehicles'].includes(collection) && !('organization' in item);
		const owned = isOwned ? { ...item, organization: await this.home() } : item;
		const { status, body } = await this.api('POST', `/items/${collection}`, owned);
		if (status !== 200) throw new Error(`POST /items/${collection} answered ${status}: ${JSON.stringify(body)}`);
		return body.data;
	}

	/** Directus's own command line on this stack's database. */
	async cli(args: string[], env: Record<string, string> = {}): Promise<{ code: number | null; output: string }> {
		return runToEnd('node', [directusCli, ...args], { cwd: root, env: { ...this.env, ...env } });
	}

	/** `trm schema …`, `config …` and `seed …` on this stack's database, by one child for all. */
	trm(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
		return this.kept.run(args, env);
	}

	/** `scripts/trm …` on this stack's database, as a process. */
	trmProcess(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
		return runTrm(args, { ...this.env, ...env });
	}

	/** Ends everything and removes the database. */
	async stop(): Promise<void> {
		await Promise.all([this.end(), this.kept.end()]);
		this.redis.disconnect();
		await this.redisServer.remove();
		await this.db.end();
		await dropDatabase(this.database);
	}
}

/** A copy of the stack's database as it is now, on the same Redis: what a restored backup is. stop() removes both. */
export async function restoredCopy(stack: Stack): Promise<Stack> {
	// A database that somebody is connected to cannot be copied.
	await onServer('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [stack.database]);
	const database = await cloneDatabase(stack.database);
	const db = openPool(database);
	return new Stack(stack.url, database, db, stack.redisServer, stack.redis.duplicate(), {
		...stack.env,
		DB_DATABASE: database,
	});
}

function openPool(database: string): pg.Pool {
	const db = new pg.Pool({ connectionString: postgresUrl(database), max: 10 });
	db.on('error', () => undefined);
	return db;
}

export async function startStack(options: StackOptions = {}): Promise<Stack> {
	const { seed = false, redis = true, app = false, serve = true, owns = false, env = {} } = options;
	const name = inject('run');
	const template = seed ? await seededTemplate(name) : templateName(name);
	const [database, port, redisServer] = await Promise.all([
		cloneDatabase(template),
		freePort(),
		RedisServer.start(options.redisServer),
	]);

	const db = openPool(database);
	const client = new Redis(redisServer.url, { retryStrategy: () => 100 });
	client.on('error', () => undefined);

	const stackEnv = directusEnvironment(database, port, {
		...(redis ? { REDIS: redisServer.url } : {}),
		...(app ? appEnvironment : {}),
		ADMIN_PASSWORD: inject('adminPassword'),
		...env,
	});

	const stack = new Stack(`http://127.0.0.1:${port}`, database, db, redisServer, client, stackEnv);
	stack.owns = owns;

	await db.query('UPDATE directus_users SET token = $1 WHERE email = $2', [stack.token, adminEmail]);
	if (serve) await stack.start();
	return stack;
}
