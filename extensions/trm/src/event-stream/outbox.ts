import type { Knex } from 'knex';
import type { OutboxEvent } from '../shared/cloud-event.js';
import {
	CLAIM,
	CONTINUE_AFTER,
	IS_ANY_WAITING,
	LOCK_HEAD,
	MARK_PUBLISHED,
	READ_AFTER,
	READ_HEAD,
	READ_UNCONFIRMED,
	TAKE_SEQUENCES_BACK,
	TRY_TO_LEAD,
	WAKE_CHANNEL,
} from './sql.js';

/** What the relay uses of node-postgres' Client. */
interface Connection {
	query<Row>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
	on(event: 'error' | 'end' | 'notification', listener: () => void): void;
	end(): Promise<void>;
}

/**
 * The relay's own database session. Outside Directus's pool, for two reasons: the leader's lock lives and dies with it,
 * and Directus destroys its pool before the last events of a shutdown are published.
 */
export class Outbox {
	#connection: Connection;
	#lost = false;

	private constructor(connection: Connection, onWake: () => void) {
		this.#connection = connection;
		connection.on('error', () => this.#lose(onWake));
		connection.on('end', () => this.#lose(onWake));
		connection.on('notification', onWake);
	}

	/** @param onWake called when another replica has written, and when the session is lost. */
	static async open(database: Knex, onWake: () => void): Promise<Outbox> {
		const connection: Connection = await database.client.acquireRawConnection();
		const outbox = new Outbox(connection, onWake);

		try {
			await connection.query("SET application_name = 'trm-event-stream'");
			await connection.query('SET idle_session_timeout = 0');
			await connection.query(`LISTEN ${WAKE_CHANNEL}`);
			return outbox;
		} catch (error) {
			// A server in recovery takes the connection and refuses LISTEN: each attempt would leave one behind.
			await outbox.close();
			throw error;
		}
	}

	/** Not when this side closes it: the relay would be woken from the pause that follows a failure. */
	#lose(onWake: () => void): void {
		if (this.#lost) return;
		this.#lost = true;
		onWake();
	}

	/** The lock went with the session: whoever holds this must open another and contend again. */
	get isLost(): boolean {
		return this.#lost;
	}

	async tryToLead(): Promise<boolean> {
		const { rows } = await this.#connection.query<{ leading: boolean }>(TRY_TO_LEAD);
		return rows[0]?.leading === true;
	}

	/** Gives up to `limit` waiting rows their sequence, commits, and returns them in order. */
	async claim(limit: number): Promise<OutboxEvent[]> {
		const { rows } = await this.#connection.query<{ waiting: boolean }>(IS_ANY_WAITING);
		if (rows[0]?.waiting !== true) return [];

		return this.#inTransaction(async () => {
			await this.#connection.query(LOCK_HEAD);
			return (await this.#connection.query<OutboxEvent>(CLAIM, [limit])).rows;
		});
	}

	async #inTransaction<T>(work: () => Promise<T>): Promise<T> {
		await this.#connection.query('BEGIN');

		try {
			const result = await work();
			await this.#connection.query('COMMIT');
			return result;
		} catch (error) {
			await this.#connection.query('ROLLBACK').catch(() => undefined);
			throw error;
		}
	}

	/** Rows that have a sequence above `seq`, in order. */
	async readAfter(seq: number, limit: number): Promise<OutboxEvent[]> {
		const { rows } = await this.#connection.query<OutboxEvent>(READ_AFTER, [seq, limit]);
		return rows;
	}

	/** Rows of which it is not known whether Redis holds them: sequence and event id, in order. */
	async readUnconfirmed(published: number, upTo: number): Promise<{ seq: number; id: string }[]> {
		const { rows } = await this.#connection.query<{ seq: string; id: string }>(READ_UNCONFIRMED, [published, upTo]);
		return rows.map(({ seq, id }) => ({ seq: Number(seq), id }));
	}

	/** Takes the sequences from `from` on back, but for those of `delivered` events, and goes on after `end`. */
	async numberAnew(from: number, delivered: string[], end: number): Promise<void> {
		await this.#inTransaction(async () => {
			await this.#connection.query(LOCK_HEAD);
			await this.#connection.query(TAKE_SEQUENCES_BACK, [from, delivered]);
			await this.#connection.query(CONTINUE_AFTER, [end]);
		});
	}

	/** @returns the last sequence given to a row, and the last one that Redis was known to hold. */
	async readHead(): Promise<{ last: number; published: number }> {
		const { rows } = await this.#connection.query<{ last: string; published: string }>(READ_HEAD);
		return { last: Number(rows[0]?.last ?? 0), published: Number(rows[0]?.published ?? 0) };
	}

	async markPublished(seq: number): Promise<void> {
		await this.#connection.query(MARK_PUBLISHED, [seq]);
	}

	async close(): Promise<void> {
		this.#lost = true;
		await this.#connection.end().catch(() => undefined);
	}
}
