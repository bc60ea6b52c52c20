import type { z } from 'zod';
import { envelope, type Envelope } from './envelope.js';
import { EventError, type EventProblem } from './event-error.js';
import { eventSchemas, type EventSchemas } from './schemas/index.js';
import type { EventType } from './versions.js';

type VersionsOf<Type extends EventType> = Extract<keyof EventSchemas[Type], number>;

type EventOf<Type extends EventType, Version extends VersionsOf<Type>> = {
	type: Type;
	/** of the schema of `data` */
	version: Version;
	/** UUID; with `source` unique everywhere */
	id: string;
	source: string;
	subject: string;
	/** canonical, UTC with microseconds: texts compare as the times do */
	time: string;
	/** place in the stream, from 1 on without a gap */
	sequence: number;
	data: EventSchemas[Type][Version] extends z.ZodType<infer Data> ? Data : never;
};

/** An event, by `type` and, where there are several, `version`. */
export type TrmEvent<Only extends EventType = EventType> = {
	[Type in Only]: { [Version in VersionsOf<Type>]: EventOf<Type, Version> }[VersionsOf<Type>];
}[Only];

/** Fields by name; name, value, name, value …; or an entry [id, [name, value …]] as ioredis returns it. */
export type EntryFields = Record<string, string> | readonly string[] | readonly [id: string, fields: readonly string[]];

/** The fields of an entry by name. */
export function fieldsOf(entry: EntryFields): Record<string, string> {
	if (!Array.isArray(entry)) return entry as Record<string, string>;
	const pairs = (Array.isArray(entry[1]) ? entry[1] : entry) as readonly string[];
	const fields: Record<string, string> = {};
	for (let i = 0; i + 1 < pairs.length; i += 2) fields[pairs[i] as string] = pairs[i + 1] as string;
	return fields;
}

/**
 * Reads a stream entry.
 * @throws EventError UNKNOWN_TYPE (which a consumer has to ignore), UNKNOWN_VERSION, or INVALID_EVENT with the path.
 */
export function parseEvent(entry: EntryFields): TrmEvent {
	const fields = check(envelope, fieldsOf(entry), []);
	const { type, id, source, subject, time } = fields;

	const versions = Object.hasOwn(eventSchemas, type) ? (eventSchemas[type as EventType] as Versions) : undefined;
	if (!versions) throw new EventError('UNKNOWN_TYPE', [{ path: 'type', message: `no event type ${type}` }]);

	const version = versionOf(fields);
	const schema = Object.hasOwn(versions, version) ? versions[version] : undefined;

	if (!schema) {
		throw new EventError('UNKNOWN_VERSION', [{ path: 'dataschema', message: `no version ${version} of ${type}` }]);
	}

	const sequence = Number(fields.sequence);
	if (!Number.isSafeInteger(sequence)) throw invalid('sequence', 'is past what a number can hold');

	const data = check(schema, parseJson(fields.data), ['data']);
	return { type, version, id, source, subject, time, sequence, data } as TrmEvent;
}

type Versions = Record<number, z.ZodType>;

function versionOf({ dataschema, type }: Envelope): number {
	if (dataschema === undefined) return 1;
	const end = dataschema.lastIndexOf(':');
	if (dataschema.slice(0, end) !== `urn:trm:event:${type}`) throw invalid('dataschema', `is not of the type ${type}`);
	return Number(dataschema.slice(end + 1));
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw invalid('data', `is not JSON: ${(error as Error).message}`);
	}
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown, at: PropertyKey[]): z.infer<Schema> {
	const { success, data, error } = schema.safeParse(value);
	if (success) return data;
	throw new EventError(
		'INVALID_EVENT',
		error.issues.map((issue) => problemOf(issue, at)),
	);
}

function problemOf(issue: z.core.$ZodIssue, at: PropertyKey[]): EventProblem {
	const path = [...at, ...issue.path].reduce<string>((written, step) => {
		if (typeof step === 'number') return `${written}[${step}]`;
		return written === '' ? String(step) : `${written}.${String(step)}`;
	}, '');

	return { path, message: issue.message };
}

const invalid = (path: string, message: string) => new EventError('INVALID_EVENT', [{ path, message }]);
