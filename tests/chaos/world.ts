import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import pg from 'pg';
import { adminEmail, postgresUrl } from '../support/environment.js';
import { RedisServer } from '../support/redis-server.js';
import { dropDatabase } from '../support/templates.js';
import { Consumer } from './consumer.js';
import { ContractConsumer } from './contract-consumer.js';
import { makeFixtures, type Fixtures } from './fixtures.js';
import { Ledger } from './ledger.js';
import type { WriteRecord } from './marks.js';
import { Replica } from './replica.js';
import type { PostgresServer } from './servers.js';

export const STREAM = 'trm:events';

/** Two replicas on one database and one Redis, two consumers, and what all of them have been through. Rounds share it. */
export class World {
	readonly postgres: PostgresServer;
	readonly database: string;
	/** for the campaign's own writes and looks, past the links */
	readonly db: pg.Pool;
	readonly redisServer: RedisServer;
	readonly redis: Redis;
	readonly stream = STREAM;
	readonly replicas: [Replica, Replica];
	readonly fixtures: Fixtures;
	/** of the administrator */
	readonly token: string;
	/** of the campaign's own consumer, which takes whatever comes */
	readonly ledger = new Ledger();
	/** what consume() of the contract has handed over */
	readonly handedOver = new Ledger();
	readonly writes: WriteRecord[] = [];
	readonly #consumers: [Consumer, ContractConsumer];
	#number = 0;

	private constructor(
		parts: Pick<World, 'postgres' | 'database' | 'db' | 'redisServer' | 'replicas' | 'fixtures' | 'token'>,
	) {
		this.postgres = parts.postgres;
		this.database = parts.database;
		this.db = parts.db;
		this.redisServer = parts.redisServer;
		this.replicas = parts.replicas;
		this.fixtures = parts.fixtures;
		this.token = parts.token;
		this.redis = new Redis(this.redisServer.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
		this.redis.on('error', () => undefined);
		const { url } = this.redisServer;
		this.#consumers = [new Consumer(url, STREAM, this.ledger), new ContractConsumer(url, STREAM, this.handedOver)];
	}

	static async make(postgres: PostgresServer): Promise<World> {
		const database = await postgres.newDatabase();
		const db = new pg.Pool({ connectionString: postgresUrl(database), max: 40, options: '-c timezone=UTC' });
		db.on('error', () => undefined);
		// Also while it is in use.
		db.on('connect', (client) => client.on('error', () => undefined));

		const token = randomBytes(16).toString('hex');
		await db.query('UPDATE directus_users SET token = $1 WHERE email = $2', [token, adminEmail]);
		const fixtures = await makeFixtures(db);
		const redisServer = await RedisServer.start();
		const redisPort = Number(new URL(redisServer.url).port);
		const make = (name: string) => Replica.make(name, database, postgres.port, redisPort);
		const replicas: [Replica, Replica] = [await make('replica-0'), await make('replica-1')];
		const world = new World({ postgres, database, db, redisServer, replicas, fixtures, token });

		await Promise.all(replicas.map((replica) => replica.serving()));
		for (const replica of replicas) replica.crashes = 0;
		return world;
	}

	/** A number that this database has not seen: for race numbers, fixes, and whatever else must be unique. */
	nextNumber(): number {
		this.#number += 1;
		return this.#number;
	}

	/** The replica whose relay holds the lead; null while nobody does. */
	async leader(): Promise<Replica | null> {
		const { rows } = await this.db.query<{ port: number }>(
			`SELECT client_port AS port FROM pg_stat_activity JOIN pg_locks USING (pid)
			WHERE locktype = 'advisory' AND granted AND datname = current_database()
				AND objsubid = 1 AND objid::bigint = hashtext('trm.event-stream')::bigint & 4294967295`,
		);

		return this.replicas.find(({ postgres }) => rows.some(({ port }) => postgres.carries(port))) ?? null;
	}

	async stop(): Promise<void> {
		await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
		await Promise.all(this.replicas.map((replica) => replica.stop()));
		this.redis.disconnect();
		await this.redisServer.remove();
		await this.db.end();
		await dropDatabase(this.database);
	}
}
