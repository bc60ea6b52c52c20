import { dataSchemaOf } from '../../contract/versions.js';

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

/**
 * The fields of a stream entry: CloudEvents 1.0 context attributes in their JSON names, `data`, and the extension
 * attribute `sequence`, which equals the first half of the entry's id.
 * @returns name, value, name, value …, as XADD takes them.
 */
export function cloudEventFields(event: OutboxEvent, source: string): string[] {
	const schema = dataSchemaOf(event.type);

	return [
		...['specversion', '1.0'],
		...['id', event.id],
		...['source', source],
		...['type', event.type],
		...['subject', event.subject],
		...['time', event.time],
		...['datacontenttype', 'application/json'],
		...(schema === undefined ? [] : ['dataschema', schema]),
		...['data', event.data],
		...['sequence', event.seq],
	];
}
