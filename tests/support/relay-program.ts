import { parseEventStreamEnvironment } from '../../extensions/trm/src/event-stream/relay/env.js';
import { Relay } from '../../extensions/trm/src/event-stream/relay/relay.js';
import { WAITS } from '../../extensions/trm/src/event-stream/relay/waits.js';
import { openDatabase } from './open-database.js';

// The relay as a process of its own, without the Directus around it: what it does with its two servers needs none, and a
// test can start, stop and kill ten of these in the time of one Directus.

const { env } = process;
const { redis, ...options } = parseEventStreamEnvironment(env);
if (redis === undefined) throw new Error('REDIS is not set');

const database = openDatabase(env);
const print = (level: string) => (message: string) => void process.stdout.write(`${level} ${message}\n`);
const logger = { info: print('INFO'), warn: print('WARN') };
/** RELAY_WAITS holds the waits that differ from production, as JSON. */
const waits = { ...WAITS, ...(JSON.parse(env['RELAY_WAITS'] ?? '{}') as Partial<typeof WAITS>) };
const relay = new Relay({ database, redis, ...options, logger, waits });

process.on('SIGTERM', () => void relay.stop().then(() => process.exit(0)));
relay.start();
