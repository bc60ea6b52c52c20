import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';

/** Past this an answer is not waited for any longer and the session counts as lost; the settings have the server give up before. */
const QUERY_TIMEOUT_MS = 5_000;

const CONNECT_TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 500;

/** What is used of node-postgres' Client. */
interface Connection {
	query<Row>(query: { text: string; values?: unknown[]; query_timeout: number }): Promise<{ rows: Row[] }>;
	on(event: 'error' | 'end' | 'notification', listener: () => void): void;
	end(): Promise<void>;
	/** node-postgres' own wrapper of the socket */
	connection?: { stream?: { destroy(): void } };
}

/**
 * A database session of its own, outside Directus's pool: what belongs to a session (a lock, a LISTEN) lives and dies with
 * it, and Directus destroys its pool before the last events of a shutdown are published.
 */
export class DatabaseSession {
	#connection: Connection;
	#lost = false;

	private constructor(connection: Connection, onWake: () => void) {
		this.#connection = connection;
		connection.on('error', () => this.#lose(onWake));
		connection.on('end', () => this.#lose(onWake));
		connection.on('notification', onWake);
	}

	/**
	 * @param settings statements that begin it, LISTEN among them
	 * @param onWake called at each notice, and when the session is lost
	 */
	static async open(database: Knex, settings: string, onWake: () => void): Promise<DatabaseSession> {
		const session = new DatabaseSession(await connect(database), onWake);

		try {
			await session.query(settings);
			return session;
		} catch (error) {
			// A server in recovery takes the connection and refuses LISTEN: each attempt would leave one behind.
			await session.close();
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

	async query<Row>(text: string, values?: unknown[]): Promise<Row[]> {
		const query = { text, query_timeout: QUERY_TIMEOUT_MS, ...(values === undefined ? {} : { values }) };
		return (await this.#connection.query<Row>(query)).rows;
	}

	/** Several statements without values in one round trip, as one transaction. @returns the rows of each. */
	async queryAll(statements: string[]): Promise<unknown[][]> {
		const query = { text: statements.join(';\n'), query_timeout: QUERY_TIMEOUT_MS };
		const results = (await this.#connection.query(query)) as unknown as { rows: unknown[] }[];
		return results.map(({ rows }) => rows);
	}

	async inTransaction<T>(work: () => Promise<T>): Promise<T> {
		await this.query('BEGIN');

		try {
			const result = await work();
			await this.query('COMMIT');
			return result;
		} catch (error) {
			await this.query('ROLLBACK').catch(() => undefined);
			throw error;
		}
	}

	/** Also where the network has swallowed the other side, which would never answer a farewell. */
	async close(): Promise<void> {
		this.#lost = true;
		await Promise.race([this.#connection.end().catch(() => undefined), sleep(CLOSE_TIMEOUT_MS)]);
		this.#connection.connection?.stream?.destroy();
	}
}

/** node-postgres waits for ever for a server that takes the connection and says nothing. */
async function connect(database: Knex): Promise<Connection> {
	const connecting: Promise<Connection> = database.client.acquireRawConnection();
	const connected = await Promise.race([connecting, sleep(CONNECT_TIMEOUT_MS, null, { ref: false })]);
	if (connected !== null) return connected;

	connecting.then(
		(late) => late.end(),
		() => undefined,
	);
	throw new Error(`the database did not answer within ${CONNECT_TIMEOUT_MS} ms`);
}
