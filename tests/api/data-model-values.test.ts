import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { countRows, EVENT_TIMES, makeEvent, newSlug, refusal, type EventFixture } from '../support/event-fixture.js';
import { useServedStack } from '../support/served.js';
import type { Stack } from '../support/stack.js';

let stack: Stack;
let given: EventFixture;

const post = (collection: string, item: object) => stack.api('POST', `/items/${collection}`, item);
const remove = (collection: string, id: string) => stack.api('DELETE', `/items/${collection}/${id}`);

useServedStack((served) => void (stack = served));

beforeEach(async () => {
	given = await makeEvent(stack);
});

describe('validation', () => {
	it.each<[string, string, object]>([
		['imei', 'devices', { imei: '35000000000000' }],
		['status', 'devices', { imei: '359999999999999', status: 'broken' }],
		['phone', 'devices', { imei: '359999999999999', phone: '0691234567' }],
		['slug', 'organizations', { name: 'Club', slug: 'Not A Slug' }],
		['country', 'organizations', { name: 'Club', slug: 'club', country: 'al' }],
		['vin', 'vehicles', { make: 'KTM', kind: 'moto', vin: 'IOQ00000000000000' }],
		['year', 'vehicles', { make: 'KTM', kind: 'moto', year: 1800 }],
		['kind', 'vehicles', { make: 'KTM', kind: 'boat' }],
		['make', 'vehicles', { kind: 'moto' }],
	])('of %s refuses %s %j', async (field, collection, item) => {
		const owned = collection === 'organizations' ? item : { organization: given.organization, ...item };
		const { status, body } = await post(collection, owned);
		expect(status).toBe(400);
		expect(body.errors[0].extensions).toMatchObject({ code: 'FAILED_VALIDATION', field });
	});

	it.each([
		['timezone', { timezone: undefined }, 'FAILED_VALIDATION'],
		['timezone', { timezone: 'Tirana' }, 'FAILED_VALIDATION'],
		['timezone', { timezone: 'Europe/Atlantis' }, 'INVALID_PAYLOAD'],
		['end_date', { end_date: '2026-06-05' }, 'FAILED_VALIDATION'],
		['start_date', { start_date: '2026-02-31' }, 'INVALID_PAYLOAD'],
		['organization', { organization: 'nobody' }, 'INVALID_PAYLOAD'],
		['organization', { organization: randomUUID() }, 'INVALID_FOREIGN_KEY'],
		['name', { name: 'with a \u0000' }, 'INVALID_PAYLOAD'],
	])('of an event’s %s refuses %j', async (_, wrong, code) => {
		const event = { organization: given.organization, name: 'Other', slug: 'other', ...EVENT_TIMES, ...wrong };
		expect(await refusal(post('events', event))).toEqual([400, code]);
		expect(await countRows(stack, 'events', 'organization', given.organization)).toBe(1);
	});

	it('refuses through GraphQL as well, and keeps the statement to itself', async () => {
		const query = `mutation {
			create_events_item(data: {
				organization: { name: "Club", slug: "${newSlug()}" }, name: "Other", slug: "other", timezone: "Europe/Tirane",
				start_date: "2026-06-06", end_date: "2026-06-05"
			}) { id }
		}`;

		const { body } = await stack.api('POST', '/graphql', { query });
		expect(body.errors).toMatchObject([{ extensions: { code: 'FAILED_VALIDATION', field: 'end_date' } }]);
		expect(JSON.stringify(body)).not.toContain('insert into');
	});

	it.each([0, -1, 10_000, 1.5, 'one'])('of a race number refuses %j', async (race_number) => {
		const { status } = await post('entries', { event: given.event, race_number, class: given.class });
		expect(status).toBe(400);
	});

	it('takes every time zone that the platform knows', async () => {
		const { body } = await stack.api('GET', '/fields/events/timezone');
		const rule = new RegExp(body.data.meta.validation._and[0].timezone._regex);
		const unknown = ['UTC', ...Intl.supportedValuesOf('timeZone')].filter((zone) => !rule.test(zone));
		expect(unknown).toEqual([]);
	});

	it('takes empty values where a field is optional', async () => {
		const { organization } = given;
		const vehicle = { organization, make: 'KTM', kind: 'moto', model: null, year: null, plate: null, vin: null };
		expect((await post('vehicles', vehicle)).status).toBe(200);
		const patch = await stack.api('PATCH', `/items/organizations/${given.organization}`, { country: null });
		expect(patch.status).toBe(200);
	});

	it('takes blank texts for empty: null where that is allowed, missing where one is required', async () => {
		const { organization } = given;
		const vehicle = await post('vehicles', { organization, make: 'KTM', kind: 'moto', model: '  ', plate: '' });
		expect(vehicle.body.data).toMatchObject({ model: null, plate: null });
		for (const make of ['', ' \t']) {
			const { status, body } = await post('vehicles', { organization, make, kind: 'moto' });
			expect([status, body.errors[0].extensions.field]).toEqual([400, 'make']);
		}
		const patch = await stack.api('PATCH', `/items/entries/${given.entry}`, {
			team: '',
			crew: [{ role: 'driver', name: '' }],
		});
		expect([patch.status, patch.body.errors[0].extensions.field]).toEqual([400, 'name']);
	});

	it.each(['2026-01-01T00:00:00+99:00', '2026-01-01T00:00:00+16:00', '+012026-01-01T00:00:00Z', '$NOW(-800000 days)'])(
		'of a time has an answer for %s, in a question and in a row',
		async (time) => {
			const path = `/items/events?filter[start_date][_gt]=${encodeURIComponent(time)}`;
			expect((await stack.api('GET', path, undefined, null)).status).toBe(400);
			const assignment = { entry: given.entry, device: given.device, assigned_from: time };
			expect((await post('entry_devices', assignment)).status).toBe(400);
		},
	);

	it('fills the states a new item begins with', async () => {
		const states = await Promise.all(
			(['organizations', 'devices', 'events', 'entries'] as const).map(async (collection) => {
				const key = { organizations: 'organization', devices: 'device', events: 'event', entries: 'entry' } as const;
				return (await stack.api('GET', `/items/${collection}/${given[key[collection]]}`)).body.data.status;
			}),
		);

		expect(states).toEqual(['active', 'active', 'draft', 'registered']);
	});
});

describe('the lists of organisations on a user', () => {
	let user: string;

	const lists = async () => {
		const sql = 'SELECT member_of, owns, directs, operates, times, tracks FROM directus_users WHERE id = $1';
		return (await stack.db.query<Record<string, (string | null)[]>>(sql, [user])).rows[0];
	};
	// An empty list would let every organisation through a validation of Directus.
	const none = { member_of: [null], owns: [null], directs: [null], operates: [null], times: [null], tracks: [null] };

	beforeEach(async () => {
		user = (await stack.api('POST', '/users', { email: `${randomUUID()}@example.com` })).body.data.id;
	});

	it('follow the memberships, through the API and through SQL', async () => {
		const { organization } = given;
		expect(await lists()).toEqual(none);
		const { id } = await stack.create('organization_users', { organization, user, role: 'operator' });
		expect(await lists()).toEqual({
			...none,
			member_of: [organization],
			operates: [organization],
			tracks: [organization],
		});

		await stack.db.query("UPDATE organization_users SET role = 'timekeeper' WHERE id = $1", [id]);
		expect(await lists()).toEqual({
			...none,
			member_of: [organization],
			times: [organization],
			tracks: [organization],
		});

		const other = (await stack.api('POST', '/users', { email: `${randomUUID()}@example.com` })).body.data.id;
		await stack.db.query('UPDATE organization_users SET "user" = $1 WHERE id = $2', [other, id]);
		expect(await lists()).toEqual(none);
		await stack.db.query('UPDATE organization_users SET "user" = $1 WHERE id = $2', [user, id]);
		await remove('organization_users', id);
		expect(await lists()).toEqual(none);
	});

	it('have both memberships that are made at the same moment', async () => {
		const second = await makeEvent(stack);
		const clients = [await stack.db.connect(), await stack.db.connect()] as const;
		const join = (at: 0 | 1, organization: string) =>
			clients[at].query(
				`INSERT INTO organization_users (id, organization, "user", role) VALUES (gen_random_uuid(), $1, $2, 'owner')`,
				[organization, user],
			);

		try {
			await Promise.all(clients.map((client) => client.query('BEGIN')));
			await join(0, given.organization);
			const waiting = join(1, second.organization);
			await clients[0].query('COMMIT');
			await waiting;
			await clients[1].query('COMMIT');
		} finally {
			clients.forEach((client) => client.release());
		}

		expect((await lists())?.['owns']?.sort()).toEqual([given.organization, second.organization].sort());
	});

	it('cannot be written', async () => {
		const all = JSON.stringify([given.organization]);
		await stack.db.query('UPDATE directus_users SET owns = $1, member_of = $1 WHERE id = $2', [all, user]);
		expect(await lists()).toEqual(none);
		expect((await stack.api('PATCH', `/users/${user}`, { directs: [given.organization] })).status).toBe(200);
		expect(await lists()).toEqual(none);
	});
});
