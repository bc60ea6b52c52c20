/** An entry of the stream as its readers see it. */
export interface StreamEntry {
	/** as Redis has it */
	entryId: string;
	/** the field of that name */
	sequence: number;
	eventId: string;
	type: string;
	subject: string;
	data: EventData;
}

export interface EventData {
	row?: Row;
	changed?: Record<string, { old: unknown; new: unknown }>;
	reason?: string | null;
}

export type Row = Record<string, unknown>;

/** What became of a write, as far as its writer was told. */
export type Outcome = 'committed' | 'rolled back' | 'unknown';

/** One transaction of the campaign's own: the marks that its events carry, and how often, once it is committed. */
export interface WriteRecord {
	/** for a reader of a report: kind, tag and step */
	what: string;
	outcome: Outcome;
	marks: Record<string, number>;
}

/** The column of each collection into which writes put their tag. The other collections have none. */
export const TAG_COLUMN: Readonly<Record<string, string>> = {
	organizations: 'name',
	vehicles: 'model',
	devices: 'model',
	events: 'name',
	classes: 'name',
	entries: 'team',
	entry_crew: 'name',
};

export type Verb = 'created' | 'updated' | 'deleted' | 'flagged';

export const markOf = (verb: Verb, tag: string): string => `${verb} ${tag}`;

/** The event's own mark: what was done, and the tag of the write that did it. A deleted row has the tag of its last write. */
export function markOfEvent({ type, data }: StreamEntry): string | null {
	const [, collection = '', verb] = type.split('.');
	const column = TAG_COLUMN[collection];

	if (type === 'trm.positions.flagged') return markOf('flagged', String(data.reason));
	if (column === undefined) return null;
	if (verb === 'updated')
		return column in (data.changed ?? {}) ? markOf(verb, String(data.changed?.[column]?.new)) : null;
	return verb === 'created' || verb === 'deleted' ? markOf(verb, String(data.row?.[column])) : null;
}

/** Events of the relay itself. They are delivered like all others, and their place among them is free. */
export const isOfTheRelay = ({ type }: { type: string }): boolean => type.startsWith('trm.stream.');
