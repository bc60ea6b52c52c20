import { randomUUID } from 'node:crypto';
import { dataSchemaOf } from './versions.js';

// For tests: entries as the relay writes them.

export const VEHICLE = {
	id: '33333333-3333-4333-8333-333333333333',
	organization: '22222222-2222-4222-8222-222222222222',
	kind: 'moto',
	make: 'KTM',
	model: null,
	year: 2026,
	plate: null,
	vin: null,
	date_created: '2026-06-07T08:00:00.123+00:00',
	date_updated: null,
	user_created: null,
	user_updated: null,
};

interface Sample {
	type?: string;
	sequence?: number;
	data?: unknown;
	id?: string;
}

/** The fields of an entry: a vehicle was created, unless something else is asked for. */
export function entryOf({ type = 'trm.vehicles.created', sequence = 1, data, id = randomUUID() }: Sample = {}) {
	return {
		specversion: '1.0',
		id,
		source: '/trm-directus',
		type,
		subject: `vehicles/${VEHICLE.id}`,
		time: '2026-06-07T08:00:00.123456Z',
		datacontenttype: 'application/json',
		dataschema: dataSchemaOf(type) ?? `urn:trm:event:${type}:1`,
		data: JSON.stringify(data ?? { row: VEHICLE }),
		sequence: String(sequence),
	};
}
