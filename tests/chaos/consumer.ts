import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Ledger } from './ledger.js';
import type { StreamEntry } from './marks.js';

const GROUP = 'chaos';
const CONSUMER = 'one';
const AT_ONCE = '500';

type Entry = [entryId: string, fields: string[]];
type Reply = [key: string, entries: Entry[]][] | null;

export function parseEntry([entryId, pairs]: Entry): StreamEntry {
	const fields: Record<string, string> = {};
	for (let i = 0; i < pairs.length; i += 2) fields[pairs[i] as string] = pairs[i + 1] as string;

	return {
		entryId,
		sequence: Number(fields['sequence']),
		eventId: fields['id'] ?? '',
		type: fields['type'] ?? '',
		subject: fields['subject'] ?? '',
		data: JSON.parse(fields['data'] ?? 'null'),
	};
}

/**
 * Reads the stream as a consumer group from its beginning and writes what it gets into a ledger. Whatever fails it begins
 * again: with the group, if Redis has forgotten it, then with what was delivered and not acknowledged.
 */
export class Consumer {
	readonly #redis: Redis;
	readonly #stream: string;
	readonly #ledger: Ledger;
	#isStopping = false;
	readonly #running: Promise<void>;

	constructor(url: string, stream: string, ledger: Ledger) {
		this.#stream = stream;
		this.#ledger = ledger;
		this.#redis = new Redis(url, {
			maxRetriesPerRequest: 0,
			enableOfflineQueue: false,
			autoResendUnfulfilledCommands: false,
			commandTimeout: 5_000,
			retryStrategy: () => 100,
		});
		this.#redis.on('error', () => undefined);
		this.#running = this.#run();
	}

	async stop(): Promise<void> {
		this.#isStopping = true;
		await this.#running;
		this.#redis.disconnect();
	}

	async #run(): Promise<void> {
		while (!this.#isStopping) {
			try {
				await this.#createGroup();
				for (let after = '0'; !this.#isStopping; ) after = await this.#read(after);
			} catch {
				await sleep(100);
			}
		}
	}

	async #createGroup(): Promise<void> {
		await this.#redis.xgroup('CREATE', this.#stream, GROUP, '0', 'MKSTREAM').catch((error: Error) => {
			if (!error.message.startsWith('BUSYGROUP')) throw error;
		});
	}

	/** @param after '0' for what was delivered before, '>' for what is new. @returns the next `after`. */
	async #read(after: string): Promise<string> {
		const group = ['GROUP', GROUP, CONSUMER, 'COUNT', AT_ONCE, 'BLOCK', '500'] as const;
		const reply = (await this.#redis.call('XREADGROUP', ...group, 'STREAMS', this.#stream, after)) as Reply;
		const entries = reply?.[0]?.[1] ?? [];

		for (const entry of entries) this.#ledger.receive(parseEntry(entry));
		if (entries.length > 0) await this.#redis.xack(this.#stream, GROUP, ...entries.map(([entryId]) => entryId));
		return entries.length > 0 ? after : '>';
	}
}
