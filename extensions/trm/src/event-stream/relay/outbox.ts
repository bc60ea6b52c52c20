import type { OutboxEvent } from '../cloud-event.js';
import type { DatabaseSession } from '../../lib/database-session.js';
import {
	CLAIM,
	COUNT_ATTEMPT,
	DEPOSE_SILENT_LEADER,
	FIND_AMONG,
	FORGET_SUSPECT,
	GIVE_SEQUENCES,
	INSERT_OWN_EVENT,
	IS_ANY_WAITING,
	LOCK_HEAD,
	MARK_PUBLISHED,
	PARK,
	PEEK_AFTER,
	READ_AFTER,
	READ_HEAD,
	READ_IDS,
	REMEMBER_DATABASE,
	RESIGN,
	SET_HEAD,
	TAKE_SEQUENCES_BACK,
	TRY_TO_LEAD,
	withNumbers,
} from './sql.js';
import { COUNT_OWN_EVENT } from './sql-operations.js';

/** What Postgres knows of the stream. */
export interface Head {
	/** the last sequence given to a row */
	last: number;
	/** the last one that Redis was known to hold */
	published: number;
	/** published rows below it are deleted */
	retainedFrom: number;
	/** since a leader last looked, the database was restored, copied, or failed over to another server */
	isOtherDatabase: boolean;
}

/** An event about the stream itself, which the relay makes. */
export interface OwnEvent {
	type: 'trm.stream.rebuilt' | 'trm.stream.rewound' | 'trm.stream.parked';
	/** shaped as the event's schema in packages/event-contract says */
	data: object;
}

export type PeekedEvent = Pick<OutboxEvent, 'seq' | 'id' | 'type' | 'subject'>;

/** Rows that one statement changes: well within the time that it may take. */
const ROWS_AT_ONCE = 20_000;

/** trm.event_outbox and what belongs to it, as the relay uses them through its session. */
export class Outbox {
	readonly session: DatabaseSession;
	readonly #subject: string;

	/** @param subject of the stream's own events */
	constructor(session: DatabaseSession, subject: string) {
		this.session = session;
		this.#subject = subject;
	}

	async tryToLead(): Promise<boolean> {
		const [row] = await this.session.query<{ leading: boolean }>(TRY_TO_LEAD);
		return row?.leading === true;
	}

	async resign(): Promise<void> {
		await this.session.query(RESIGN);
	}

	/** @param silence seconds. @returns whether the leader had been silent for so long; his session is ended then. */
	async deposeSilentLeader(silence: number): Promise<boolean> {
		const [row] = await this.session.query<{ deposed: boolean }>(DEPOSE_SILENT_LEADER, [silence]);
		return row?.deposed === true;
	}

	async isAnyWaiting(): Promise<boolean> {
		const [found] = await this.session.query<{ waiting: boolean }>(IS_ANY_WAITING);
		return found?.waiting === true;
	}

	/** Gives up to `limit` waiting rows their sequence, and commits. @returns the last one given. */
	async claim(limit: number): Promise<number> {
		const [, head] = await this.session.queryAll([LOCK_HEAD, withNumbers(CLAIM, limit)]);
		return lastOf(head);
	}

	/** The same in one round trip with readAfter(seq, limit, bytes): a row that cannot be read undoes the claim. */
	async claimAndRead(seq: number, limit: number, bytes: number): Promise<{ last: number; events: OutboxEvent[] }> {
		const [, head, events] = await this.session.queryAll([
			LOCK_HEAD,
			withNumbers(CLAIM, limit),
			withNumbers(READ_AFTER, seq, limit, bytes),
		]);

		return { last: lastOf(head), events: events as OutboxEvent[] };
	}

	/** Rows that have a sequence above `seq`, in order: at most `limit`, and after the first at most `bytes` of data. */
	readAfter(seq: number, limit: number, bytes: number): Promise<OutboxEvent[]> {
		return this.session.query<OutboxEvent>(READ_AFTER, [seq, limit, bytes]);
	}

	async peekAfter(seq: number): Promise<PeekedEvent | null> {
		const [row] = await this.session.query<PeekedEvent>(PEEK_AFTER, [seq]);
		return row ?? null;
	}

	async readHead(): Promise<Head> {
		const [row] = await this.session.query<Record<keyof Head, string | boolean>>(READ_HEAD);
		if (row === undefined)
			throw new Error('trm.event_stream has no row; restore it: INSERT INTO trm.event_stream DEFAULT VALUES');

		return {
			last: Number(row.last),
			published: Number(row.published),
			retainedFrom: Number(row.retainedFrom),
			isOtherDatabase: row.isOtherDatabase === true,
		};
	}

	async rememberDatabase(): Promise<void> {
		await this.session.query(REMEMBER_DATABASE);
	}

	async markPublished(seq: number): Promise<void> {
		await this.session.query(MARK_PUBLISHED, [seq]);
	}

	/** The event ids of the sequences from `from` up to `to`. */
	async readIds(from: number, to: number): Promise<Map<number, string>> {
		const rows = await this.session.query<{ seq: string; id: string }>(READ_IDS, [from, to]);
		return new Map(rows.map(({ seq, id }) => [Number(seq), id]));
	}

	/** @returns those of the events that wait for a sequence, or have one from `from` on. */
	async findAmong(ids: string[], from: number): Promise<Set<string>> {
		const rows = await this.session.query<{ id: string }>(FIND_AMONG, [ids, from]);
		return new Set(rows.map(({ id }) => id));
	}

	/**
	 * Takes the sequences from `from` on back, gives the `kept` events those that they have in the stream, and goes on after
	 * `end`. An event of the stream itself comes first.
	 */
	async renumber(
		from: number,
		kept: { id: string; seq: number }[],
		end: number,
		event: OwnEvent | null,
	): Promise<void> {
		await this.session.inTransaction(async () => {
			await this.session.query(LOCK_HEAD);
			while ((await this.session.query(TAKE_SEQUENCES_BACK, [from, ROWS_AT_ONCE])).length > 0);

			for (let at = 0; at < kept.length; at += ROWS_AT_ONCE) {
				const some = kept.slice(at, at + ROWS_AT_ONCE);
				await this.session.query(GIVE_SEQUENCES, [some.map(({ id }) => id), some.map(({ seq }) => seq)]);
			}

			await this.session.query(SET_HEAD, [event === null ? end : end + 1, end]);
			if (event !== null) await this.#insert(event, end + 1);
			await this.session.query(REMEMBER_DATABASE);
		});
	}

	/** Takes back what was known to be published down to `found`, and puts events of the stream itself after `last`. */
	async sendAgainAfter(found: number, last: number, events: OwnEvent[]): Promise<void> {
		await this.session.inTransaction(async () => {
			await this.session.query(LOCK_HEAD);
			await this.session.query(SET_HEAD, [last + events.length, found]);
			for (const [index, event] of events.entries()) await this.#insert(event, last + 1 + index);
			await this.session.query(REMEMBER_DATABASE);
		});
	}

	async #insert({ type, data }: OwnEvent, seq: number): Promise<void> {
		await this.session.query(INSERT_OWN_EVENT, [type, this.#subject, JSON.stringify(data), seq]);
		await this.session.query(COUNT_OWN_EVENT[type]);
	}

	/** Before a row is sent alone, so that an attempt that kills the process counts too. @returns how many there were with it. */
	async countAttempt(seq: string): Promise<number> {
		const [row] = await this.session.query<{ attempts: number }>(COUNT_ATTEMPT, [seq]);
		return row?.attempts ?? 1;
	}

	async forgetSuspect(): Promise<void> {
		await this.session.query(FORGET_SUSPECT);
	}

	/** Takes a row out of the stream's way, and puts a notice of it in its place. */
	async park(seq: string, attempts: number, error: string): Promise<void> {
		await this.session.inTransaction(async () => {
			await this.session.query(LOCK_HEAD);
			const [parked] = await this.session.query<object>(PARK, [seq, attempts, error]);
			if (parked !== undefined) await this.#insert({ type: 'trm.stream.parked', data: parked }, Number(seq));
			await this.session.query(FORGET_SUSPECT);
		});
	}
}

/** @param head what CLAIM returns */
function lastOf(head: unknown[] | undefined): number {
	return Number((head?.[0] as { last: string } | undefined)?.last ?? 0);
}
