import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { consume } from '../../packages/event-contract/index.js';

// A consumer as a process of its own, which a test kills. Its effects are lines of EFFECTS, a sequence each: the effect
// and the ledger are one, as in a consumer's own database.

const {
	REDIS_URL = '',
	CONSUMER = '',
	EFFECTS = '',
	STREAM = 'trm:events',
	DIE_AT,
	DIE_BEFORE,
	MIN_IDLE,
	SLEEP,
} = process.env;
const done = () => (existsSync(EFFECTS) ? readFileSync(EFFECTS, 'utf8').split('\n').filter(Boolean).map(Number) : []);
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());

const redis = new Redis(REDIS_URL);
redis.on('error', () => undefined);

const counts = await consume({
	redis,
	stream: STREAM,
	group: 'processor',
	consumer: CONSUMER,
	signal: stop.signal,
	block: 100,
	maxDeliveries: 3,
	...(MIN_IDLE === undefined ? {} : { minIdle: Number(MIN_IDLE) }),
	ledger: { has: (sequence) => done().includes(sequence), add: () => undefined },
	async handler({ sequence }, { deliveries }) {
		process.stdout.write(`begins ${sequence} delivery ${deliveries}\n`);
		if (String(sequence) === DIE_BEFORE) process.kill(process.pid, 'SIGKILL');
		await sleep(Number(SLEEP ?? 0));
		appendFileSync(EFFECTS, `${sequence}\n`);
		// Before consume() learns that it is done: nothing is acknowledged.
		if (String(sequence) === DIE_AT) process.kill(process.pid, 'SIGKILL');
	},
});

process.stdout.write(`${JSON.stringify(counts)}\n`);
redis.disconnect();
