import type { Knex } from 'knex';
import {
	CLAIM,
	IS_ANY_WAITING,
	LOCK_HEAD,
	MARK_PUBLISHED,
	MOVE_SEQUENCE_PAST,
	READ_AFTER,
	READ_HEAD,
	TRY_TO_LEAD,
	WAKE_CHANNEL,
} from './sql.js';

/** A claimed row of trm.event_outbox. */
export interface OutboxEvent {
	/** place in the stream, decimal */
	seq: string;
	/** UUID */
	id: string;
	type: string;
	subject: string;
	/** JSON text, passed on as it stands */
	data: string;
	/** canonical timestamp of the change */
	time: string;
}

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

		await connection.query("SET application_name = 'trm-event-stream'");
		await connection.query('SET idle_session_timeout = 0');
		await connection.query(`LISTEN ${WAKE_CHANNEL}`);
		return outbox;
	}

	#lose(onWake: () => void): void {
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

		await this.#connection.query('BEGIN');

		try {
			await this.#connection.query(LOCK_HEAD);
			const claimed = await this.#connection.query<OutboxEvent>(CLAIM, [limit]);
			await this.#connection.query('COMMIT');
			return claimed.rows;
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

	/** @returns the last sequence given to a row, and the last one that Redis was known to hold. */
	async readHead(): Promise<{ last: number; published: number }> {
		const { rows } = await this.#connection.query<{ last: string; published: string }>(READ_HEAD);
		return { last: Number(rows[0]?.last ?? 0), published: Number(rows[0]?.published ?? 0) };
	}

	async markPublished(seq: number): Promise<void> {
		await this.#connection.query(MARK_PUBLISHED, [seq]);
	}

	async moveSequencePast(seq: number): Promise<void> {
		await this.#connection.query(MOVE_SEQUENCE_PAST, [seq]);
	}

	async close(): Promise<void> {
		this.#lost = true;
		await this.#connection.end().catch(() => undefined);
	}
}
