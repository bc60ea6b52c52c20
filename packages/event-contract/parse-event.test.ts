import { describe, expect, expectTypeOf, it } from 'vitest';
import { EventError } from './event-error.js';
import { parseEvent, type TrmEvent } from './parse-event.js';
import { entryOf, VEHICLE } from './sample-event.js';

function errorOf(fields: Record<string, string>): EventError {
	try {
		parseEvent(fields);
	} catch (error) {
		expect(error).toBeInstanceOf(EventError);
		return error as EventError;
	}

	throw new Error('nothing was thrown');
}

describe('parseEvent', () => {
	it('gives type, version, sequence as a number and the data', () => {
		expect(parseEvent(entryOf({ sequence: 17 }))).toEqual({
			type: 'trm.vehicles.created',
			version: 1,
			id: expect.stringMatching(/^[0-9a-f-]{36}$/),
			source: '/trm-directus',
			subject: `vehicles/${VEHICLE.id}`,
			time: '2026-06-07T08:00:00.123456Z',
			sequence: 17,
			data: { row: VEHICLE },
		});
	});

	it('reads fields by name, pairs, and an entry of ioredis alike', () => {
		const fields = entryOf({ sequence: 3 });
		const pairs = Object.entries(fields).flat();

		expect(parseEvent(pairs)).toEqual(parseEvent(fields));
		expect(parseEvent(['3-0', pairs])).toEqual(parseEvent(fields));
	});

	it('keeps columns and fields that the contract does not have yet', () => {
		const fields = { ...entryOf({ data: { row: { ...VEHICLE, wheels: 2 } } }), traceparent: '00-…' };
		expect(parseEvent(fields).data).toMatchObject({ row: { wheels: 2 } });
	});

	it('takes version 1 for an entry without dataschema, as older ones are', () => {
		const { dataschema, ...fields } = entryOf();
		expect(dataschema).toBe('urn:trm:event:trm.vehicles.created:1');
		expect(parseEvent(fields).version).toBe(1);
	});

	it('takes what a table can hold although no form lets it in', () => {
		const row = { ...VEHICLE, kind: 'hovercraft', year: -2147483648, make: '🏍'.repeat(100) };
		expect(parseEvent(entryOf({ data: { row } })).data).toEqual({ row });
	});

	it.each(['infinity', '-infinity', '12026-01-01T00:00:00+00:00', '0044-03-15T10:00:00.5+00:00 BC'])(
		'takes %s for a time of a row, which somebody can have written by SQL',
		(date_created) => {
			const row = { ...VEHICLE, date_created };
			const type = 'trm.vehicles.updated';
			const changed = { date_created: { old: date_created, new: VEHICLE.date_created } };
			const data = { row, changed };
			expect(parseEvent(entryOf({ type, data })).data).toEqual(data);
		},
	);

	it('narrows by type', () => {
		const event = parseEvent(entryOf()) as TrmEvent;
		if (event.type !== 'trm.vehicles.created') throw new Error('another type');
		expectTypeOf(event.data.row.year).toEqualTypeOf<number | null>();
		expectTypeOf(event.version).toEqualTypeOf<1>();
	});
});

describe('an EventError', () => {
	it.each(['trm.bivouacs.created', 'constructor', '__proto__'])('is UNKNOWN_TYPE for %s', (type) => {
		expect(errorOf({ ...entryOf(), type })).toMatchObject({ code: 'UNKNOWN_TYPE', path: 'type' });
	});

	it('is UNKNOWN_VERSION for a later one', () => {
		const error = errorOf({ ...entryOf(), dataschema: 'urn:trm:event:trm.vehicles.created:2' });
		expect(error).toMatchObject({ code: 'UNKNOWN_VERSION', path: 'dataschema' });
	});

	it.each<[path: string, fields: Record<string, string>]>([
		['dataschema', { dataschema: 'urn:trm:event:trm.devices.created:1' }],
		['specversion', { specversion: '2.0' }],
		['sequence', { sequence: '0' }],
		['sequence', { sequence: '9999999999999999' }],
		['time', { time: '2026-06-07T08:00:00.123Z' }],
		['data', { data: '{"row":' }],
		['data', { data: 'null' }],
		['data.row.kind', { data: JSON.stringify({ row: { ...VEHICLE, kind: null } }) }],
		['data.row.year', { data: JSON.stringify({ row: { ...VEHICLE, year: 2026.5 } }) }],
		['data.row.date_created', { data: JSON.stringify({ row: { ...VEHICLE, date_created: '2026-06-07T08:00:00Z' } }) }],
	])('is INVALID_EVENT and names %s', (path, fields) => {
		const error = errorOf({ ...entryOf(), ...fields });
		expect(error).toMatchObject({ code: 'INVALID_EVENT', path });
		expect(error.message).toContain(`INVALID_EVENT: ${path}: `);
	});

	it.each(['Infinity', '+012026-01-01T00:00:00+00:00', '12026-01-01T00:00:00Z', '12026-01-01', '0044-03-15 BC', ''])(
		'is INVALID_EVENT for %j as a time of a row, and says how one looks',
		(date_created) => {
			const error = errorOf(entryOf({ data: { row: { ...VEHICLE, date_created } } }));
			expect(error.message).toContain('data.row.date_created: must be a timestamp as in 2026-');
		},
	);

	it('names all that is wrong, and an element of a list by its place', () => {
		const data = { ...FLAGGED, matched: -1, keys: ['2026-06-07T08:00:01.123456Z', 'yesterday'] };
		const type = 'trm.positions.flagged';
		const error = errorOf(entryOf({ type, data }));

		expect(error.problems.map(({ path }) => path)).toEqual(['data.keys[1]', 'data.matched']);
	});

	it('is INVALID_EVENT for an entry of somebody else', () => {
		expect(errorOf({ hello: 'world' }).code).toBe('INVALID_EVENT');
		expect(errorOf({}).code).toBe('INVALID_EVENT');
	});
});

const FLAGGED = {
	request: '11111111-1111-4111-8111-111111111111',
	flag: '22222222-2222-4222-8222-222222222222',
	device_id: '350000000000001',
	faulty: true,
	reason: null,
	from: '2026-06-07T08:00:01.123456Z',
	to: '2026-06-07T08:00:01.123457Z',
	keys: ['2026-06-07T08:00:01.123456Z'],
	ranges: null,
	matched: 1,
	changed: 1,
	user: null,
};
