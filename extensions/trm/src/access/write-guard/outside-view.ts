import type { Knex } from 'knex';
import pLimit from 'p-limit';

/**
 * The database as other sessions see it, from inside a transaction. Over a connection of its own: transactions that wait for a second one of
 * the pool would wait for each other.
 */
export class OutsideView {
	readonly #database: Knex;
	readonly #queue = pLimit(1);
	/** knex notes on it when it has ended */
	#connection: { end(): Promise<void>; __knex__disposed?: unknown } | undefined;

	constructor(database: Knex) {
		this.#database = database;
	}

	/** Runs one after the other what reads; of a connection that fails another is opened the next time. */
	async see(read: (session: Knex) => Promise<void>): Promise<void> {
		await this.#queue(async () => {
			// Postgres was restarted since: the write that comes first would fail.
			if (this.#connection?.__knex__disposed !== undefined) this.close();
			const connection = (this.#connection ??= await this.#database.client.acquireRawConnection());

			try {
				await this.#database.transaction(read, { connection, readOnly: true } as Knex.TransactionConfig);
			} catch (error) {
				this.close();
				throw error;
			}
		});
	}

	close(): void {
		const connection = this.#connection;
		this.#connection = undefined;
		connection?.end().catch(() => undefined);
	}
}
