import knex from 'knex';
import { parseEventStreamEnvironment } from '../../extensions/trm/src/event-stream/env.js';
import { Relay } from '../../extensions/trm/src/event-stream/relay.js';

// The relay as a process of its own, without the Directus around it: what it does with its two servers needs none, and a
// test can start, stop and kill ten of these in the time of one Directus.

const { env } = process;
const { redis, ...options } = parseEventStreamEnvironment(env);
if (redis === undefined) throw new Error('REDIS is not set');

const database = knex({
	client: 'pg',
	connection: {
		host: env['DB_HOST'] as string,
		port: Number(env['DB_PORT']),
		database: env['DB_DATABASE'] as string,
		user: env['DB_USER'] as string,
		password: env['DB_PASSWORD'] as string,
	},
	pool: { min: 0, max: 1 },
});

const print = (level: string) => (message: string) => void process.stdout.write(`${level} ${message}\n`);
const relay = new Relay({ database, redis, ...options, logger: { info: print('INFO'), warn: print('WARN') } });

process.on('SIGTERM', () => void relay.stop().then(() => process.exit(0)));
relay.start();
