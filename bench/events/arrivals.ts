import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

// A consumer that is blocked in XREAD and notes when each event comes, and beside it, in the same seconds and the same
// process, how long an answer of Redis takes that does nothing. On SIGTERM it prints both as a line of JSON.

/** What the consumer has seen. */
export interface Arrivals {
	/** `at`: milliseconds since 1970 with a fraction; `time`: the event's own */
	events: { subject: string; type: string; time: string; at: number }[];
	/** milliseconds */
	pings: number[];
}

const PING_INTERVAL = 10;

const { env } = process;
const stream = env['EVENT_STREAM'] as string;
const reader = new Redis(env['REDIS'] as string);
const pinger = new Redis(env['REDIS'] as string);
const arrivals: Arrivals = { events: [], pings: [] };

const now = () => performance.timeOrigin + performance.now();

async function read(): Promise<never> {
	for (let last = '0-0'; ; ) {
		const reply = await reader.xread('COUNT', 1_000, 'BLOCK', 0, 'STREAMS', stream, last);
		const at = now();

		for (const [id, fields] of reply?.[0]?.[1] ?? []) {
			const value = (name: string) => fields[fields.indexOf(name) + 1] ?? '';
			arrivals.events.push({ subject: value('subject'), type: value('type'), time: value('time'), at });
			last = id;
		}
	}
}

async function ping(): Promise<never> {
	for (;;) {
		const began = performance.now();
		await pinger.ping();
		arrivals.pings.push(performance.now() - began);
		await sleep(PING_INTERVAL);
	}
}

process.on('SIGTERM', () => process.stdout.write(`\n${JSON.stringify(arrivals)}\n`, () => process.exit(0)));

await pinger.ping();
void ping();
void read();
process.stdout.write('ready\n');
