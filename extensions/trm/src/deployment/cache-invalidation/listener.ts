import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { DatabaseSession } from '../../lib/database-session.js';
import { messageOf } from '../../lib/errors.js';
import { WakeUp } from '../../lib/wake-up.js';

/** Milliseconds. */
const WAITS = {
	/** A network can swallow a session without a word: so often it is asked for a sign of life. */
	heartbeat: 5_000,
	/** Between two attempts to listen again, and before what is in memory is forgotten once more. */
	pause: 1_000,
};

const SETTINGS = `
	SET application_name = 'trm-cache-invalidation';
	SET idle_session_timeout = 0;
	SET statement_timeout = '4s';
	SET tcp_keepalives_idle = 5;
	SET tcp_keepalives_interval = 2;
	SET tcp_keepalives_count = 3;
	LISTEN trm_shared_state`;

interface ListenerOptions {
	database: Knex;
	logger: { warn(text: string): void; info(text: string): void };
	/** Drops what this process keeps in memory of rights and collections. */
	forget: () => Promise<void>;
	waits?: typeof WAITS;
}

/**
 * Has this process forget what it keeps in memory of rights and collections whenever they change, whoever changes them
 * (current/cache-invalidation.sql). While it cannot listen it forgets once a second,
 * as long as the database answers at all.
 */
export class CacheInvalidationListener {
	#options: ListenerOptions;
	#waits: typeof WAITS;
	#wakeUp = new WakeUp();
	#stopped = false;
	#isListening = true;

	constructor(options: ListenerOptions) {
		this.#options = options;
		this.#waits = options.waits ?? WAITS;
	}

	start(): void {
		void this.#run();
	}

	stop(): void {
		this.#stopped = true;
		this.#wakeUp.ring();
	}

	async #run(): Promise<void> {
		while (!this.#stopped) {
			try {
				await this.#listen();
			} catch (error) {
				const wasListening = this.#isListening;
				this.#report(error);
				// A session that was lost may be the first of all: whether the database goes with it shows in a moment.
				if (!wasListening && !this.#stopped) await this.#forgetIfReadable();
			}

			if (!this.#stopped) await sleep(this.#waits.pause);
		}
	}

	/** What is in memory serves while the database is away: then nothing can be read anew, and nothing changes. */
	async #forgetIfReadable(): Promise<void> {
		const isReadable = await this.#options.database.raw('SELECT').then(
			() => true,
			() => false,
		);
		if (isReadable) await this.#forget();
	}

	async #listen(): Promise<void> {
		const session = await DatabaseSession.open(this.#options.database, SETTINGS, () => this.#wakeUp.ring());

		try {
			this.#report(null);
			// What changed while nobody listened.
			await this.#forget();

			// Each time once more a moment later: a request under way may have put back what it had read before the change.
			let again = true;

			while (!this.#stopped) {
				const rung = await this.#wakeUp.wait(again ? this.#waits.pause : this.#waits.heartbeat);
				if (session.isLost) throw new Error('its session was ended');

				if (rung || again) again = !(await this.#forget()) || rung;
				else await session.query('SELECT');
			}
		} finally {
			await session.close();
		}
	}

	/** @returns whether it was done; it fails where Directus's pool has no connection to give. */
	async #forget(): Promise<boolean> {
		return this.#options.forget().then(
			() => true,
			() => false,
		);
	}

	/** One line for each transition. */
	#report(problem: unknown): void {
		const { logger } = this.#options;

		if (problem === null && !this.#isListening) {
			logger.info('[cache-invalidation] hears again of rights and collections that change on other replicas');
		}

		if (problem !== null && this.#isListening && !this.#stopped) {
			logger.warn(
				`[cache-invalidation] does not hear of rights and collections that change on other replicas (${messageOf(problem)}): ` +
					'reads them anew once a second until it does',
			);
		}

		this.#isListening = problem === null;
	}
}
