import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import settings from '../../../../scripts/lib/session.sql?raw';
import { EXIT, Stop } from '../lib/exit-status.js';
import type { Log } from '../lib/log.js';
import type { Sql } from '../lib/sql.js';
import { readConnectionFailure } from './connection-failure.js';
import { addressOf, type Login } from './login.js';
import bootSettings from './session-boot.sql?raw';

export type { Sql };

const CONNECT_TIMEOUT_MS = 5_000;
const POLL_MS = 200;
const SAY_EVERY_MS = 10_000;

/** The connection broke: what it held, a lock above all, is gone. */
export class SessionLost extends Error {
	override name = 'SessionLost';
}

export interface OpenOptions {
	/** As pg_stat_activity shows it. */
	application: string;
	/** How long Postgres is waited for. */
	waitSeconds: number;
	/** After so long without an answer the session counts as lost; undefined: a statement takes what it takes. */
	answerWithinMs?: number | undefined;
	/** false: without a look whether a pooler shares connections, which takes a second session. */
	refuseShared?: boolean;
	log: Log;
}

/** The server ended the session, or ends all: SQLSTATEs after which it closes the connection. */
const ENDS_SESSION = /^(57P0[1-5]|25P0[34]|08...)$/;

/** One connection to Postgres with the settings of the boot. */
export class Session implements Sql {
	readonly login: Login;
	readonly client: pg.Client;
	#isLost = false;

	private constructor(login: Login, client: pg.Client) {
		this.login = login;
		this.client = client;
		client.on('error', () => (this.#isLost = true));
		client.on('end', () => (this.#isLost = true));
	}

	/** @throws Stop where Postgres refuses, does not answer in time, or is a pooler that shares connections. */
	static async open(login: Login, options: OpenOptions): Promise<Session> {
		const { waitSeconds, refuseShared = true, log } = options;
		const deadline = Date.now() + waitSeconds * 1_000;
		let said = '';

		for (;;) {
			try {
				const session = await Session.#connect(login, options);
				if (refuseShared) await session.#refuseSharedConnections(options);
				return session;
			} catch (error) {
				if (error instanceof Stop) throw error;
				const failure = readConnectionFailure(error, login);
				const { what, reason } = failure;
				if (failure.isFinal) throw new Stop(EXIT.configuration, `${what}: ${reason}; remedy: ${failure.remedy}`);

				if (Date.now() >= deadline) {
					const line = `${what} within ${waitSeconds} s: ${reason}; remedy: ${failure.remedy}`;
					throw new Stop(EXIT.unavailable, line);
				}

				const line = `waiting up to ${waitSeconds} s for Postgres: ${what}: ${reason}`;
				if (line !== said) log.info(line);
				said = line;
				await sleep(Math.min(500, Math.max(1, deadline - Date.now())));
			}
		}
	}

	static async #connect(login: Login, { application, answerWithinMs }: OpenOptions): Promise<Session> {
		const { host, port, database, user, password, ssl } = login;
		const client = new pg.Client({
			...{ host, port, database, user, password, ssl },
			application_name: application,
			connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
			keepAlive: true,
			query_timeout: answerWithinMs,
		});
		const session = new Session(login, client);

		try {
			await client.connect();
			await session.run(`${bootSettings}\n${settings}`);
			return session;
		} catch (error) {
			await session.close();
			throw error;
		}
	}

	/** What the session began with, after a file of ours or of a deployer has changed settings. */
	async resetSettings(): Promise<void> {
		await this.run(`RESET SESSION AUTHORIZATION;\nRESET ALL;\n${bootSettings}\n${settings}`);
	}

	/**
	 * A pooler in transaction mode runs each statement on whichever connection is free: a setting is lost, and a lock belongs to nobody.
	 * There a second session gets the connection that the first does not use at the moment.
	 */
	async #refuseSharedConnections(options: OpenOptions): Promise<void> {
		const other = await Session.#connect(this.login, options);

		try {
			const [mine, its] = await Promise.all([this.backend(), other.backend()]);
			const again = await this.backend();
			if (mine !== its && mine === again) return;
		} finally {
			await other.close();
		}

		await this.close();
		throw new Stop(
			EXIT.configuration,
			`${addressOf(this.login)} is a pooler that shares one connection between sessions (PgBouncer's pool_mode transaction or statement); ` +
				'remedy: pool_mode = session for this database, or the address of Postgres itself',
		);
	}

	async backend(): Promise<number | undefined> {
		return (await this.rows<{ pid: number }>('SELECT pg_backend_pid() AS pid'))[0]?.pid;
	}

	get isLost(): boolean {
		return this.#isLost;
	}

	async rows<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
		return (await this.#ask(() => this.client.query<Row>(text, values))).rows;
	}

	async run(text: string): Promise<void> {
		await this.#ask(() => this.client.query(text));
	}

	async #ask<Result>(query: () => Promise<Result>): Promise<Result> {
		try {
			return await query();
		} catch (error) {
			if (error instanceof pg.DatabaseError && !this.#isLost && !ENDS_SESSION.test(error.code ?? '')) throw error;
			this.#isLost = true;
			throw new SessionLost(error instanceof Error ? error.message : String(error), { cause: error });
		}
	}

	/**
	 * Takes the advisory lock hashtext(name). It polls, because a waiting pg_advisory_lock() holds a snapshot, and a CREATE INDEX CONCURRENTLY of
	 * the holder would wait for that snapshot: neither would ever go on.
	 * @param seconds null: no limit
	 * @returns false where somebody else held it all the time
	 */
	async lock(name: string, seconds: number | null, log: Log): Promise<boolean> {
		const began = Date.now();
		let said = -Infinity;

		for (;;) {
			const [taken] = await this.rows<{ ok: boolean }>('SELECT pg_try_advisory_lock(hashtext($1)) AS ok', [name]);
			if (taken?.ok) return true;
			const waited = Date.now() - began;
			if (seconds !== null && waited >= seconds * 1_000) return false;

			if (waited - said >= SAY_EVERY_MS) {
				said = waited;
				const [holder] = await this.rows<{ holder: string }>(HOLDER, [name]);
				const held = holder === undefined ? '' : `; ${holder.holder} holds it`;
				log.info(`waiting for the lock ${name}, ${Math.floor(waited / 1_000)} s so far${held}`);
			}

			await sleep(POLL_MS);
		}
	}

	/** Also where the other side is gone without a word. */
	async close(): Promise<void> {
		this.#isLost = true;
		await Promise.race([this.client.end().catch(() => undefined), sleep(500, null, { ref: false })]);
	}
}

const HOLDER = `
	SELECT format('%s (pid %s, %s, connected since %s)', application_name, pid, coalesce(host(client_addr), 'local'),
		backend_start::timestamptz(0)) AS holder
	FROM pg_locks JOIN pg_stat_activity USING (pid)
	WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND datname = current_database()
		AND objid = (hashtext($1)::bigint & 4294967295)::oid
	LIMIT 1`;
