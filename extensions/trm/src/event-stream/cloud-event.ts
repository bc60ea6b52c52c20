import { dataSchemaOf } from '../../../../packages/event-contract/versions.js';

/** A row of trm.event_outbox that has its place in the stream. */
export interface OutboxEvent {
	/** place in the stream, decimal */
	seq: string;
	/** UUID */
	id: string;
	type: string;
	subject: string;
	/** JSON text, passed on as it stands */
	data: string;
	/** canonical timestamp of the change */
	time: string;
}

/** What differs from one event to the next; the order is that of `varyingValues`. */
export const VARYING_FIELDS = ['sequence', 'id', 'type', 'subject', 'time', 'data', 'dataschema'] as const;

/** Fields of a stream entry that all events of a source have alike: name, value, name, value … */
export function fixedFields(source: string): string[] {
	return ['specversion', '1.0', 'source', source, 'datacontenttype', 'application/json'];
}

/** The values of VARYING_FIELDS. The last is empty for a type that the contract does not have, and the field is left out then. */
export function varyingValues({ seq, id, type, subject, time, data }: OutboxEvent): string[] {
	return [seq, id, type, subject, time, data, dataSchemaOf(type) ?? ''];
}

/**
 * The fields of a stream entry: CloudEvents 1.0 context attributes in their JSON names, `data`, and the extension
 * attribute `sequence`, which equals the first half of the entry's id.
 * @returns name, value, name, value …, as XADD takes them.
 */
export function cloudEventFields(event: OutboxEvent, source: string): string[] {
	const values = varyingValues(event);
	const varying = VARYING_FIELDS.flatMap((name, at) => (values[at] === '' ? [] : [name, values[at] ?? '']));

	return [...fixedFields(source), ...varying];
}
