import type { OutboxEvent } from './outbox.js';

/**
 * The fields of a stream entry: CloudEvents 1.0 context attributes in their JSON names, `data`, and the extension
 * attribute `sequence`, which equals the first half of the entry's id.
 * @returns name, value, name, value …, as XADD takes them.
 */
export function cloudEventFields(event: OutboxEvent, source: string): string[] {
	return [
		...['specversion', '1.0'],
		...['id', event.id],
		...['source', source],
		...['type', event.type],
		...['subject', event.subject],
		...['time', event.time],
		...['datacontenttype', 'application/json'],
		...['data', event.data],
		...['sequence', event.seq],
	];
}
