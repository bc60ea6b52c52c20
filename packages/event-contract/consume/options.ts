import type { Cluster, Redis } from 'ioredis';
import type { EventError } from '../event-error.js';
import type { TrmEvent } from '../parse-event.js';
import type { Ledger } from './ledger.js';

/** What a handler is told beside the event. */
export interface Delivery {
	entryId: string;
	/** Which attempt this is, over all consumers of the group; 1 for the first. */
	deliveries: number;
	/** Aborted when the consumer is to stop; a handler that takes long may give up then by throwing. */
	signal: AbortSignal;
}

export interface ConsumeOptions {
	/** Only copied: the consumer has one connection of its own, with the same server, user and TLS. */
	redis: Redis | Cluster;
	/** Each group gets every event once. It is made when it is not there, from the beginning of the stream. */
	group: string;
	/**
	 * The same after a restart. Each process appends a token of its own for Redis (`worker-1:4f1c…`): what another process of this
	 * name has begun is waited for, and taken over when that one is gone (`minIdle`). So it may start before the old one has ended.
	 */
	consumer: string;
	/** key of the stream: EVENT_STREAM of TRM Directus */
	stream: string;
	/** An event is done when this has returned; it is tried again when it throws. */
	handler: (event: TrmEvent, delivery: Delivery) => void | Promise<void>;
	/** Aborting it is the way to stop. */
	signal: AbortSignal;
	/** Which sequences are done. In memory by default: it knows what this process has done. */
	ledger?: Ledger;
	/** After this many calls of a handler without success an event goes to the dead letters (5). */
	maxDeliveries?: number;
	/** key of the stream of dead letters (`<stream>:dead:<group>`) */
	deadLetters?: string;
	/** How many entries are read at once (100); nothing more is read until they are done. */
	count?: number;
	/** milliseconds that one read waits for new entries (5,000) */
	block?: number;
	/** milliseconds without an answer of Redis, beyond `block`, after which the connection is made anew (10,000) */
	patience?: number;
	/**
	 * milliseconds after which the entries of a process that gives no sign of life are taken over (30,000); after a crash the next
	 * one waits for so long. A handler may run longer: a sign of life is given every third of this for as long as the process's
	 * event loop turns.
	 */
	minIdle?: number;
	/** milliseconds before the next attempt (200, doubled with each up to 10,000) */
	retryDelay?: (deliveries: number) => number;
	/**
	 * true for an error that is not the event's fault: it is tried again until it works and never becomes a dead letter. By
	 * default what Node and Postgres say of connections (`ECONNREFUSED`, `57P01`, …), and of transactions that have to be tried
	 * again (`40001`, `40P01`), also as `cause`.
	 */
	isOutage?: (error: unknown) => boolean;
	/** Sequences from `expected` to `found - 1` are not in the stream: entries were trimmed or lost before they were read. */
	onGap?: (gap: { expected: number; found: number }) => void;
	/** An entry went to the dead letters. */
	onDeadLetter?: (letter: {
		entryId: string;
		fields: Record<string, string>;
		error: unknown;
		deliveries: number;
	}) => void;
	/** An entry of a type that this contract does not have was passed over. */
	onIgnored?: (entry: { entryId: string; fields: Record<string, string>; error: EventError }) => void;
	/** Entries that were removed from the stream after they were delivered and before they were done. */
	onTrimmed?: (entryIds: string[]) => void;
	/** Redis or the ledger cannot be reached: once when it begins; null when it is over. By default a process warning. */
	onProblem?: (problem: Error | null) => void;
}

export interface ConsumeCounts {
	/** handlers that returned */
	handled: number;
	/** acknowledged without the handler, because the ledger had them */
	duplicates: number;
	/** of types that the contract does not have */
	ignored: number;
	/** attempts after a handler had thrown */
	retries: number;
	deadLetters: number;
	/** sequences missing in the stream */
	missing: number;
	/** removed from the stream before they were done */
	trimmed: number;
}

export type Settings = Required<Omit<ConsumeOptions, 'redis' | 'onGap' | 'onDeadLetter' | 'onIgnored' | 'onTrimmed'>> &
	Pick<ConsumeOptions, 'onGap' | 'onDeadLetter' | 'onIgnored' | 'onTrimmed'>;

const OUTAGE = /^(ECONN|ETIMEDOUT$|EPIPE$|EAI_AGAIN$|ENOTFOUND$|EHOSTUNREACH$|ENETUNREACH$|08|53|57P0|40001$|40P01$)/;

/** So many errors are looked at, however they hang together. */
const MOST_ERRORS = 50;

/** @throws RangeError for a number that cannot be meant. */
export function withDefaults(options: ConsumeOptions, memory: () => Ledger): Settings {
	const settings: Settings = {
		...options,
		ledger: options.ledger ?? memory(),
		maxDeliveries: options.maxDeliveries ?? 5,
		deadLetters: options.deadLetters ?? `${options.stream}:dead:${options.group}`,
		count: options.count ?? 100,
		block: options.block ?? 5_000,
		patience: options.patience ?? 10_000,
		minIdle: options.minIdle ?? 30_000,
		retryDelay: options.retryDelay ?? ((deliveries) => Math.min(200 * 2 ** (deliveries - 1), 10_000)),
		isOutage: options.isOutage ?? isOutage,
		onProblem: options.onProblem ?? warn,
	};

	for (const name of ['maxDeliveries', 'count', 'block', 'patience', 'minIdle'] as const) {
		// BLOCK 0 would wait for ever, also on a connection that is dead.
		if (!Number.isSafeInteger(settings[name]) || settings[name] < 1) {
			throw new RangeError(`consume: ${name} is ${settings[name]}; give a whole number from 1 on`);
		}
	}

	return settings;
}

/** Whether an error speaks of a connection, or of another transaction that was in the way, and not of the event. */
export function isOutage(error: unknown): boolean {
	// A Set: what circles is looked at once.
	const errors = new Set([error]);

	try {
		for (const each of errors) {
			if (!(each instanceof Error) || errors.size > MOST_ERRORS) continue;
			const { code } = each as NodeJS.ErrnoException;
			if (typeof code === 'string' && OUTAGE.test(code)) return true;
			errors.add(each.cause);
			if (each instanceof AggregateError) for (const one of each.errors) errors.add(one);
		}
	} catch {
		// A getter that throws.
	}

	return false;
}

function warn(problem: Error | null): void {
	if (problem) process.emitWarning(problem.message, { type: 'TrmEventConsumer' });
}
