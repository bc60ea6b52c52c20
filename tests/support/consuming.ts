import { Redis } from 'ioredis';
import {
	consume,
	type ConsumeCounts,
	type ConsumeOptions,
	type TrmEvent,
} from '../../packages/event-contract/index.js';
import { entryOf } from '../../packages/event-contract/sample-event.js';
import { eventually } from './processes.js';
import type { RedisServer } from './redis-server.js';

export const STREAM = 'trm:events';
export const GROUP = 'processor';

/** A consumer under test, and what it has done. */
export interface Running {
	/** sequences for which the handler returned, in that order */
	handled: number[];
	events: TrmEvent[];
	gaps: { expected: number; found: number }[];
	problems: (Error | null)[];
	trimmed: string[];
	/** Stops it gracefully. @returns its counts */
	stop(): Promise<ConsumeCounts>;
	done: Promise<ConsumeCounts>;
	until(sequence: number): Promise<void>;
}

/** Redis clients and consumers of one test file, ended by `end()`. */
export class Consumers {
	readonly redis: Redis;
	readonly #running: Running[] = [];

	constructor(readonly server: RedisServer) {
		this.redis = new Redis(server.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
		this.redis.on('error', () => undefined);
	}

	/** Writes entries as the relay does: `<sequence>-0`. */
	async publish(sequences: number[], fields: (sequence: number) => Record<string, string> = idOf): Promise<void> {
		const pipeline = this.redis.pipeline();

		for (const sequence of sequences) {
			pipeline.xadd(STREAM, `${sequence}-0`, ...Object.entries(fields(sequence)).flat());
		}

		for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
	}

	start(options: Partial<ConsumeOptions> = {}): Running {
		const stop = new AbortController();
		const { handler = () => undefined, ...others } = options;
		const running = { handled: [], events: [], gaps: [], problems: [], trimmed: [] } as unknown as Running;

		running.done = consume({
			redis: this.redis,
			group: GROUP,
			consumer: 'worker-1',
			stream: STREAM,
			signal: stop.signal,
			block: 200,
			retryDelay: () => 10,
			onGap: (gap) => running.gaps.push(gap),
			onProblem: (problem) => running.problems.push(problem),
			onTrimmed: (ids) => running.trimmed.push(...ids),
			...others,
			async handler(event, delivery) {
				await handler(event, delivery);
				running.handled.push(event.sequence);
				running.events.push(event);
			},
		});

		running.stop = () => {
			stop.abort();
			return running.done;
		};

		running.until = async (sequence) => {
			await eventually(`${sequence} is handled`, () => running.handled.includes(sequence), 20_000);
		};

		this.#running.push(running);
		return running;
	}

	/** Entries that are delivered and not acknowledged. */
	async pending(): Promise<number> {
		const [count] = (await this.redis.xpending(STREAM, GROUP)) as [number];
		return count;
	}

	async deadLetters(): Promise<Record<string, string>[]> {
		const entries = await this.redis.xrange(`${STREAM}:dead:${GROUP}`, '-', '+');

		return entries.map(([, pairs]) =>
			Object.fromEntries(pairs.flatMap((name, at) => (at % 2 === 0 ? [[name, pairs[at + 1] ?? '']] : []))),
		);
	}

	/** How many clients Redis has beside this test's own. */
	async connections(): Promise<number> {
		const list = String(await this.redis.client('LIST'));
		return list.split('\n').filter((line) => line.includes('name=trm-events:')).length;
	}

	/** Stops what a test left running, and empties Redis. */
	async reset(): Promise<void> {
		await Promise.all(this.#running.splice(0).map((running) => running.stop().catch(() => undefined)));
		await this.redis.flushall();
	}

	async end(): Promise<void> {
		await this.reset();
		this.redis.disconnect();
		await this.server.remove();
	}
}

/** The same id each time an entry is written, as the relay does it. */
export const idOf = (sequence: number) =>
	entryOf({ sequence, id: `00000000-0000-4000-8000-${String(sequence).padStart(12, '0')}` });

/** `from` to `to`, both included. */
export const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);
