import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { countOutbox, settledStream, type StreamEvent } from '../support/events.js';
import { eventually } from '../support/processes.js';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;
let seen = 0;

beforeAll(async () => {
	stack = await startStack();
});

afterAll(() => stack?.stop());

beforeEach(async () => {
	seen = (await settledStream(stack)).length;
});

/** The events that came since the test began. */
const added = async (): Promise<StreamEvent[]> => (await settledStream(stack)).slice(seen);
const typesOf = (events: StreamEvent[]) => events.map(({ fields }) => fields['type']);

let serial = 0;
const vehicle = () => ({ make: 'KTM', model: `450 Rally ${(serial += 1)}`, kind: 'moto' });

describe('an event', () => {
	it('carries the CloudEvents attributes, the row, and its sequence as entry id', async () => {
		const { id } = await stack.create('vehicles', vehicle());
		const [event] = await added();

		expect(event?.fields).toEqual({
			specversion: '1.0',
			id: expect.stringMatching(/^[0-9a-f-]{36}$/),
			source: '/trm-directus',
			type: 'trm.vehicles.created',
			subject: `vehicles/${id}`,
			time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
			datacontenttype: 'application/json',
			dataschema: 'urn:trm:event:trm.vehicles.created:1',
			data: expect.any(String),
			sequence: expect.stringMatching(/^\d+$/),
		});
		expect(event?.entryId).toBe(`${event?.fields['sequence']}-0`);
		expect(event?.data.row).toMatchObject({ id, make: 'KTM', kind: 'moto' });
		expect(event?.data).not.toHaveProperty('changed');
	});

	it('of an update holds the new row and the changed columns with old and new value', async () => {
		const { id } = await stack.create('vehicles', vehicle());
		await stack.api('PATCH', `/items/vehicles/${id}`, { make: 'Honda' });
		const event = (await added()).at(-1);

		expect(event?.fields['type']).toBe('trm.vehicles.updated');
		expect(event?.data.row).toMatchObject({ id, make: 'Honda' });
		expect(event?.data.changed).toMatchObject({ make: { old: 'KTM', new: 'Honda' } });
		expect(event?.data.changed).not.toHaveProperty('model');
	});

	it('is not made by an update that changes nothing', async () => {
		const { id } = await stack.create('vehicles', vehicle());
		await added();
		const before = await countOutbox(stack);

		await stack.api('PATCH', `/items/vehicles/${id}`, { make: 'KTM' });
		expect(await countOutbox(stack)).toBe(before);
	});

	it('is written in UTC, whatever the time zone of the session that writes', async () => {
		await stack.db.query(`
			SET timezone = 'Europe/Tirane';
			INSERT INTO devices (id, organization, imei, status, date_created)
			VALUES (gen_random_uuid(), '${await stack.home()}', '350000000000999', 'active', '2026-06-07T08:00:00.123456Z');
			RESET timezone`);

		expect((await added())[0]?.data.row.date_created).toBe('2026-06-07T08:00:00.123456+00:00');
	});
});

describe('what makes events', () => {
	it('all twelve collections do, position_flags as trm.positions.flagged', async () => {
		const { rows } = await stack.db.query<{ tables: string[] }>(`
			SELECT array_agg(event_object_table::text ORDER BY event_object_table) AS tables FROM (
				SELECT DISTINCT event_object_table FROM information_schema.triggers WHERE action_statement LIKE '%trm.emit_%'
			) AS triggers`);

		const collections = await stack.api('GET', '/collections');
		const ours = collections.body.data
			.filter(
				(each: { collection: string; schema: unknown }) => each.schema && !each.collection.startsWith('directus_'),
			)
			.map((each: { collection: string }) => each.collection)
			.sort();

		expect(ours).toHaveLength(12);
		expect(rows[0]?.tables).toEqual(ours);
	});

	it('not an array PATCH whose second row fails', async () => {
		const first = await stack.create('vehicles', vehicle());
		const second = await stack.create('vehicles', vehicle());
		await added();
		const before = await countOutbox(stack);

		const answer = await stack.api('PATCH', '/items/vehicles', [
			{ id: first.id, make: 'Yamaha' },
			{ id: second.id, kind: 'x'.repeat(300) },
		]);

		expect(answer.status).toBeGreaterThanOrEqual(400);
		expect(await countOutbox(stack)).toBe(before);
	});

	it('a delete that cascades: one for each deleted row, the parent among them', async () => {
		const organization = await stack.create('organizations', { name: 'Cascade', slug: 'cascade' });
		const links = [];

		for (let n = 0; n < 3; n += 1) {
			const { id } = await stack.create('vehicles', vehicle());
			links.push(await stack.create('organization_vehicles', { organization: organization.id, vehicle: id }));
		}

		seen = (await settledStream(stack)).length;
		await stack.api('DELETE', `/items/organizations/${organization.id}`);
		const events = await added();

		expect(events.map(({ fields }) => fields['subject']).sort()).toEqual(
			[`organizations/${organization.id}`, ...links.map(({ id }) => `organization_vehicles/${id}`)].sort(),
		);
		expect(new Set(typesOf(events))).toEqual(
			new Set(['trm.organizations.deleted', 'trm.organization_vehicles.deleted']),
		);
	});

	it('SQL by hand, and not when it is rolled back', async () => {
		const insert = `INSERT INTO devices (id, organization, imei, status)
			VALUES (gen_random_uuid(), '${await stack.home()}', $1, 'active')`;
		const client = await stack.db.connect();

		await client.query(insert, ['350000000000101']);
		await client.query('BEGIN');
		await client.query(insert, ['350000000000102']);
		await client.query('ROLLBACK');
		client.release();

		const events = await added();
		expect(events.map(({ data }) => data.row.imei)).toEqual(['350000000000101']);
	});

	it('a create nested in another: the parent before the child', async () => {
		const { id } = await stack.create('organizations', { name: 'Nested', slug: 'nested' });
		seen = (await settledStream(stack)).length;

		await stack.create('events', {
			organization: id,
			name: 'Nested rally',
			slug: 'nested-rally',
			start_date: '2026-06-06',
			end_date: '2026-06-13',
			timezone: 'Europe/Tirane',
			classes: [{ code: 'M1', name: 'Moto', kind: 'moto' }],
		});

		expect(typesOf(await added())).toEqual(['trm.events.created', 'trm.classes.created']);
	});
});

describe('the stream', () => {
	it('has every sequence from 1 on, without a gap', async () => {
		const events = await settledStream(stack);
		expect(events.map(({ entryId }) => entryId)).toEqual(events.map((_, index) => `${index + 1}-0`));
	});

	it('is filled again after it was emptied, without a write to set it off, and tells from where on', async () => {
		const before = await settledStream(stack);
		await stack.redis.flushall();

		await eventually('the stream is back', async () => (await stack.redis.xlen(stack.stream)) > before.length);
		const after = await settledStream(stack);
		const told = after.at(-1);

		expect(after.slice(0, -1)).toEqual(before);
		expect(told?.fields).toMatchObject({ type: 'trm.stream.rebuilt', subject: `stream/${stack.stream}` });
		expect(told?.data).toEqual({
			found: 0,
			published: before.length,
			from: 1,
			to: before.length,
			missing: null,
		});
	});

	it('gets what was written while it was emptied, and again what it had lost', async () => {
		const before = await settledStream(stack);
		await stack.redis.flushall();
		await stack.create('vehicles', vehicle());

		const after = await eventually('the stream is back', async () => {
			const found = await settledStream(stack);
			return found.length === before.length + 2 && found;
		});

		expect(after.slice(0, before.length)).toEqual(before);
		expect(typesOf(after.slice(before.length)).sort()).toEqual(['trm.stream.rebuilt', 'trm.vehicles.created']);
	});
});
