/**
 * UNKNOWN_TYPE     a type that this contract does not have: a newer publisher. Ignore it.
 * UNKNOWN_VERSION  a type that it has, in a version that it has not: take a newer contract, then read the event again.
 * INVALID_EVENT    not an event of this contract: a field is missing or is not what the schema says.
 */
export type EventErrorCode = 'UNKNOWN_TYPE' | 'UNKNOWN_VERSION' | 'INVALID_EVENT';

export interface EventProblem {
	/** Where, as JavaScript would write it: `data.row.id`; `` for the whole. */
	path: string;
	message: string;
}

export class EventError extends Error {
	override name = 'EventError';

	readonly code: EventErrorCode;
	/** The first is the one in the message. */
	readonly problems: EventProblem[];

	constructor(code: EventErrorCode, problems: EventProblem[]) {
		const [first] = problems;
		const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
		super(`${code}: ${first?.path ? `${first.path}: ` : ''}${first?.message ?? 'no event'}${more}`);
		this.code = code;
		this.problems = problems;
	}

	/** Where the first problem is. */
	get path(): string {
		return this.problems[0]?.path ?? '';
	}
}
