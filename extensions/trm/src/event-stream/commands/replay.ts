import { EXIT, Stop } from '../../lib/exit-status.js';
import type { Log } from '../../lib/log.js';
import type { Sql } from '../../lib/sql.js';
import { MissingSequences, writeRange } from './missing-sequences.js';
import { outboxPages, readRetained, type ReplayRow } from './outbox-pages.js';
import type { ReplayRequest } from './replay-flags.js';
import { entryIdOf, TargetStream } from './target-stream.js';

/** Milliseconds between two lines of progress. */
const PROGRESS_INTERVAL = 2_000;

/** What a run did; `summary` is for people. */
export interface ReplayOutcome {
	state: 'complete' | 'incomplete' | 'interrupted';
	summary: string[];
}

interface Counts {
	/** events of the filter that this run has sent, or would have */
	sent: number;
	/** events of the filter that an earlier run had sent */
	present: number;
	/** events that the filter leaves out */
	left: number;
}

/**
 * Sends retained events again, to another stream, with the ids and sequences that they have in the live one. Where that
 * stream begins with just what this would send, an earlier run is continued.
 * @returns incomplete when sequences of the range are not in the outbox any more; they are in the log and the summary.
 * @throws Stop before anything is sent, for a range or a stream that is not fit for it.
 */
export async function replay(sql: Sql, request: ReplayRequest, log: Log, signal: AbortSignal): Promise<ReplayOutcome> {
	const range = await rangeOf(sql, request);
	const target = await TargetStream.open(request.redis, request.stream);

	try {
		return await new Replay(sql, request, range, target, log).run(signal);
	} finally {
		target.close();
	}
}

interface Range {
	from: number;
	to: number;
}

async function rangeOf(sql: Sql, { from, to }: ReplayRequest): Promise<Range> {
	const { published } = await readRetained(sql);
	const last = to ?? published;

	if (last > published || from > published) {
		throw new Stop(EXIT.failed, `the last published sequence is ${published}: the range must end at or before it`);
	}

	return { from, to: last };
}

class Replay {
	readonly #sql: Sql;
	readonly #request: ReplayRequest;
	readonly #range: Range;
	readonly #target: TargetStream;
	readonly #log: Log;
	readonly #counts: Counts = { sent: 0, present: 0, left: 0 };
	readonly #missing: MissingSequences;
	#end = '';
	#at: number;
	#printedAt = performance.now();

	constructor(sql: Sql, request: ReplayRequest, range: Range, target: TargetStream, log: Log) {
		this.#sql = sql;
		this.#request = request;
		this.#range = range;
		this.#target = target;
		this.#log = log;
		this.#missing = new MissingSequences(range.from);
		this.#at = range.from - 1;
	}

	async run(signal: AbortSignal): Promise<ReplayOutcome> {
		this.#end = await this.#target.readEnd();
		const reached = Number(this.#end.split('-')[0]);
		if (reached > this.#range.to) throw this.#unfit();

		for await (const page of outboxPages(this.#sql, this.#range, this.#request)) {
			if (signal.aborted) return this.#interrupt();

			for (const { seq } of page) this.#note(this.#missing.saw(Number(seq)));
			await this.#take(page, reached);
			this.#tellProgress();
		}

		this.#note(this.#missing.end(this.#range.to));
		return this.#finish();
	}

	async #take(page: ReplayRow[], reached: number): Promise<void> {
		const wanted = page.filter(({ isWanted }) => isWanted);
		const present = wanted.filter(({ seq }) => Number(seq) <= reached);
		const events = wanted.slice(present.length);
		const last = Number(page.at(-1)?.seq);

		if (this.#at < reached) await this.#requireSame(present, last);

		if (events.length > 0 && !this.#request.dryRun) {
			this.#end = await this.#target.append(this.#end, events, this.#request.source);
		}

		this.#at = last;
		this.#counts.present += present.length;
		this.#counts.sent += events.length;
		this.#counts.left += page.length - wanted.length;
	}

	/** An earlier run may have been killed: what it sent is told from anything else by comparing each entry. */
	async #requireSame(events: ReplayRow[], last: number): Promise<void> {
		const entries = await this.#target.readIds(this.#at + 1, last, events.length + 1);

		const isSame =
			entries.length === events.length &&
			events.every((event, index) => {
				const [entryId, eventId] = entries[index] ?? [];
				return entryId === entryIdOf(event) && eventId === event.id;
			});

		if (!isSame) throw this.#unfit();
	}

	#unfit(): Stop {
		const { stream } = this.#request;
		return new Stop(
			EXIT.failed,
			`the stream ${stream} ends at ${this.#end} and holds other entries than an earlier run of this command would have ` +
				`left there; nothing was sent: name another stream, or delete that one (redis-cli DEL ${stream})`,
		);
	}

	#note(gap: Parameters<typeof writeRange>[0] | null): void {
		if (gap !== null) this.#log.error(`not in the outbox any more: sequence ${writeRange(gap)}`);
	}

	#tellProgress(): void {
		if (performance.now() - this.#printedAt < PROGRESS_INTERVAL) return;
		this.#printedAt = performance.now();
		this.#log.info(`at sequence ${this.#at} of ${this.#range.to}: ${this.#summary()}`);
	}

	#summary(): string {
		const { sent, present, left } = this.#counts;
		return `${sent} events ${this.#request.dryRun ? 'to send' : 'sent'}, ${present} were there already, ${left} left out by the filter`;
	}

	#interrupt(): ReplayOutcome {
		const line = `interrupted after sequence ${this.#at}: ${this.#summary()}; the same command continues there`;
		return { state: 'interrupted', summary: [line] };
	}

	#finish(): ReplayOutcome {
		const { from, to } = this.#range;
		const { count } = this.#missing;
		const line = `sequences ${from} to ${to} into ${this.#request.stream}: ${this.#summary()}, ${count} not in the outbox any more`;
		if (count === 0) return { state: 'complete', summary: [line] };
		return { state: 'incomplete', summary: [line, `not in the outbox any more: ${this.#missing}`] };
	}
}
