import { Redis } from 'ioredis';
import { consume, type ConsumeCounts } from '../../packages/event-contract/index.js';
import type { Ledger } from './ledger.js';
import type { EventData } from './marks.js';

const GROUP = 'contract';

/** The consumer that the contract gives everybody, beside the campaign's own witness: its handler must be given each event once. */
export class ContractConsumer {
	readonly #redis: Redis;
	readonly #stopping = new AbortController();
	readonly #running: Promise<ConsumeCounts>;

	/** @param handled what the handler was given */
	constructor(url: string, stream: string, handled: Ledger) {
		this.#redis = new Redis(url, { lazyConnect: true });

		this.#running = consume({
			redis: this.#redis,
			stream,
			group: GROUP,
			consumer: 'one',
			block: 500,
			signal: this.#stopping.signal,
			// Outages are what the campaign makes.
			onProblem: () => undefined,
			handler: (event, { entryId }) => {
				const { sequence, id: eventId, type, subject } = event;
				handled.receive({ entryId, sequence, eventId, type, subject, data: event.data as EventData });
			},
		});
	}

	/** @throws what ended it early */
	async stop(): Promise<void> {
		this.#stopping.abort();
		await this.#running;
		this.#redis.disconnect();
	}
}
