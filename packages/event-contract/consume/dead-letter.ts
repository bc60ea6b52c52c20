import { textOf } from './text-of.js';

/** How much of an error travels; a stack with its cause is seldom longer. */
const MOST_CHARACTERS = 8_000;

/** What is added to the fields of an entry that is a dead letter. The names are ones that CloudEvents allows. */
export interface DeadLetterFields {
	/** id of the entry in the stream: the same when, after a crash, the same entry became a dead letter twice */
	deadentry: string;
	deadgroup: string;
	deadconsumer: string;
	/** decimal */
	deaddeliveries: string;
	/** UTC, ISO 8601 */
	deadtime: string;
	deaderror: string;
}

/** The fields of a dead letter: all of the entry's, so that parseEvent reads it, and why it is here. */
export function deadLetter(
	entry: { id: string; fields: Record<string, string> },
	why: { group: string; consumer: string; deliveries: number; error: unknown },
): Record<string, string> & DeadLetterFields {
	return {
		...entry.fields,
		deadentry: entry.id,
		deadgroup: why.group,
		deadconsumer: why.consumer,
		deaddeliveries: String(why.deliveries),
		deadtime: new Date().toISOString(),
		deaderror: textOf(why.error).slice(0, MOST_CHARACTERS),
	};
}
