import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { directusEnvironment, postgresUrl } from '../../tests/support/environment.js';
import bootTemplate from '../../tests/support/global-setup.js';
import { freePort } from '../../tests/support/processes.js';
import { RedisServer } from '../../tests/support/redis-server.js';
import { cloneDatabase, dropDatabase, templateName } from '../../tests/support/templates.js';
import type { Scope } from './scope.js';

/** A database of its own with a stream of its own. */
export interface Place {
	db: pg.Pool;
	/** the stream's key */
	stream: string;
	/** of a Directus, and of whatever drains the outbox */
	env: Record<string, string>;
	/** where that Directus serves */
	url: string;
}

/** What all parts share: a database that was booted once, and a Redis. */
export class World {
	/** of the benchmark itself */
	readonly redis: Redis;
	readonly redisUrl: string;
	readonly #template: string;

	private constructor(template: string, redisUrl: string) {
		this.#template = template;
		this.redisUrl = redisUrl;
		// After a signal it is gone, and nobody waits for it.
		this.redis = new Redis(redisUrl, { retryStrategy: () => null });
		this.redis.on('error', () => undefined);
	}

	static async make(scope: Scope): Promise<World> {
		// The entrypoint starts pm2, and two of them in one home would take each other for their own.
		const home = await mkdtemp(join(tmpdir(), 'trm-bench-'));
		await scope.defer(() => rm(home, { recursive: true, force: true }));
		process.env['HOME'] = home;

		// As npm start and compose have it; the tests' own waits for the disk at each write.
		const server = await RedisServer.start({ arguments: ['--appendfsync', 'everysec'] });
		await scope.defer(() => server.remove());

		let run = '';
		const provide = (key: string, value: string) => (run = key === 'run' ? value : run);
		await scope.defer(await bootTemplate({ provide } as unknown as TestProject));

		const world = new World(templateName(run), server.url);
		await scope.defer(async () => world.redis.disconnect());
		return world;
	}

	/** @param env of its Directus, on top of the usual */
	async newPlace(scope: Scope, env: Record<string, string> = {}): Promise<Place> {
		const database = await cloneDatabase(this.#template);
		const db = new pg.Pool({ connectionString: postgresUrl(database), max: 4 });
		db.on('error', () => undefined);
		await scope.defer(async () => {
			await db.end();
			await dropDatabase(database);
		});

		const stream = `bench:${database}`;
		await scope.defer(() => this.redis.del(stream).catch(() => undefined));
		const port = await freePort();

		return {
			db,
			stream,
			url: `http://127.0.0.1:${port}`,
			env: directusEnvironment(database, port, {
				NODE_NO_WARNINGS: '1',
				// A line for each request would be the benchmark's to read.
				LOG_LEVEL: 'warn',
				REDIS: this.redisUrl,
				EVENT_STREAM: stream,
				...env,
			}),
		};
	}
}
