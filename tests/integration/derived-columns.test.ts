import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EVENT_TIMES, makeEvent, newImei, newSlug, type EventFixture } from '../support/event-fixture.js';
import { startStack, type Stack } from '../support/stack.js';

/** What permissions compare, kept by db-init/current/published.sql and user-lists.sql. */
let stack: Stack;
let given: EventFixture;

const sql = (text: string, values: unknown[] = []) => stack.db.query(text, values);
const patch = async (collection: string, id: string, item: object) =>
	expect((await stack.api('PATCH', `/items/${collection}/${id}`, item)).status).toBe(200);
const remove = async (collection: string, id: string) =>
	expect((await stack.api('DELETE', `/items/${collection}/${id}`)).status).toBe(204);

/** Runs two transactions of which the second begins before the first is committed. */
async function overlapping(first: [string, unknown[]], second: [string, unknown[]]): Promise<void> {
	const clients = [await stack.db.connect(), await stack.db.connect()] as const;

	try {
		await Promise.all(clients.map((client) => client.query('BEGIN')));
		await clients[0].query(...first);
		const waiting = clients[1].query(...second);
		// Long enough to be waiting, or done where nothing holds it.
		await new Promise((resolve) => setTimeout(resolve, 200));
		await clients[0].query('COMMIT');
		await waiting;
		await clients[1].query('COMMIT');
	} finally {
		clients.forEach((client) => client.release());
	}
}

beforeAll(async () => {
	stack = await startStack();
});

afterAll(() => stack?.stop());

beforeEach(async () => {
	given = await makeEvent(stack);
});

describe('published', () => {
	const flags = async ({ organization, vehicle } = given) => {
		const text = `SELECT (SELECT published FROM organizations WHERE id = $1) AS organization,
			(SELECT published FROM vehicles WHERE id = $2) AS vehicle`;
		return (await sql(text, [organization, vehicle])).rows[0];
	};
	const none = { organization: false, vehicle: false };
	const both = { organization: true, vehicle: true };
	const publish = (status = 'published') => patch('events', given.event, { status });
	const secondVehicle = () =>
		stack.create('vehicles', { organization: given.organization, make: 'Beta', kind: 'moto' }).then(({ id }) => id);
	const newEntry = (vehicle: string, race_number = 2) =>
		stack.create('entries', { event: given.event, class: given.class, race_number, vehicle }).then(({ id }) => id);

	it.each(['published', 'live', 'provisional', 'official', 'archived'])(
		'holds for %s, as for the event',
		async (status) => {
			expect(await flags()).toEqual(none);
			await publish(status);
			expect(await flags()).toEqual(both);
			const seen = (path: string) => stack.api('GET', path, undefined, null).then((answer) => answer.status);
			const paths = [`events/${given.event}`, `organizations/${given.organization}`, `vehicles/${given.vehicle}`];
			expect(await Promise.all(paths.map((path) => seen(`/items/${path}`)))).toEqual([200, 200, 200]);

			await sql(`UPDATE events SET status = 'draft' WHERE id = $1`, [given.event]);
			expect(await flags()).toEqual(none);
			expect(await Promise.all(paths.map((path) => seen(`/items/${path}`)))).toEqual([403, 403, 403]);
		},
	);

	it('follows entries that come, change their vehicle and go', async () => {
		await publish();
		const vehicle = await secondVehicle();
		const second = { ...given, vehicle };
		expect(await flags(second)).toEqual({ organization: true, vehicle: false });
		const entry = await newEntry(vehicle);
		expect(await flags(second)).toEqual(both);
		await patch('entries', entry, { vehicle: null });
		expect((await flags(second)).vehicle).toBe(false);
		await sql('UPDATE entries SET vehicle = $1 WHERE id = $2', [vehicle, given.entry]);
		expect([(await flags()).vehicle, (await flags(second)).vehicle]).toEqual([false, true]);
		await remove('entries', given.entry);
		expect((await flags(second)).vehicle).toBe(false);
	});

	it('stays while one entry or event is left, and goes with the last', async () => {
		const other = await stack.create('events', {
			organization: given.organization,
			name: 'B',
			slug: 'b',
			...EVENT_TIMES,
		});
		const category = await stack.create('classes', { event: other.id, code: 'M', name: 'Moto', kind: 'moto' });
		const { vehicle } = given;
		await stack.create('entries', { event: other.id, class: category.id, race_number: 1, vehicle });
		await sql(`UPDATE events SET status = 'live' WHERE organization = $1`, [given.organization]);
		await remove('events', other.id);
		expect(await flags()).toEqual(both);
		await sql('DELETE FROM events WHERE id = $1', [given.event]);
		expect(await flags()).toEqual(none);
	});

	it('follows an event to another organisation', async () => {
		const { id } = await stack.create('organizations', { name: 'Heir', slug: newSlug() });
		await sql('UPDATE entries SET vehicle = NULL WHERE event = $1', [given.event]);
		await sql('DELETE FROM entry_devices WHERE entry = $1', [given.entry]);
		await publish();
		await sql('UPDATE events SET organization = $1 WHERE id = $2', [id, given.event]);
		expect((await flags()).organization).toBe(false);
		expect((await flags({ ...given, organization: id })).organization).toBe(true);
	});

	it('cannot be written', async () => {
		await sql('UPDATE organizations SET published = true WHERE id = $1', [given.organization]);
		await patch('vehicles', given.vehicle, { published: true });
		const { id } = await stack.create('organizations', { name: 'New', slug: newSlug(), published: true });
		expect(await flags()).toEqual(none);
		expect((await flags({ ...given, organization: id })).organization).toBe(false);
	});

	it('is right when an entry comes while its event is published', async () => {
		const vehicle = await secondVehicle();
		const insert = `INSERT INTO entries (id, event, class, race_number, vehicle, status) VALUES ($1, $2, $3, 7, $4, 'registered')`;
		const values = [randomUUID(), given.event, given.class, vehicle];
		const status: [string, unknown[]] = [`UPDATE events SET status = 'live' WHERE id = $1`, [given.event]];
		await overlapping([insert, values], status);
		expect(await flags({ ...given, vehicle })).toEqual(both);

		await sql(`UPDATE events SET status = 'draft' WHERE id = $1`, [given.event]);
		await sql('DELETE FROM entries WHERE id = $1', [values[0]]);
		await overlapping(status, [insert, values]);
		expect(await flags({ ...given, vehicle })).toEqual(both);
	});

	it('makes no event, and is in none', async () => {
		await publish();
		await patch('vehicles', given.vehicle, { model: '690' });
		const { rows } = await sql(
			`SELECT type, data::text LIKE '%"published":%' AS tells FROM trm.event_outbox
			WHERE subject IN ('organizations/' || $1, 'vehicles/' || $2) ORDER BY id`,
			[given.organization, given.vehicle],
		);
		expect(rows).toEqual(
			['organizations.created', 'vehicles.created', 'vehicles.updated'].map((type) => ({
				type: `trm.${type}`,
				tells: false,
			})),
		);
	});
});

describe('the lists of rows on a user', () => {
	let user: string;
	let crew: string;
	const none = { rides: [null], drives: [null], borrowed_vehicles: [null], borrowed_devices: [null] };
	const lists = async () => {
		const text = 'SELECT rides, drives, borrowed_vehicles, borrowed_devices FROM directus_users WHERE id = $1';
		return (await sql(text, [user])).rows[0];
	};
	const newUser = () =>
		stack.api('POST', '/users', { email: `${randomUUID()}@example.com` }).then(({ body }) => body.data.id as string);

	beforeEach(async () => {
		user = await newUser();
		crew = (await sql('SELECT id FROM entry_crew WHERE entry = $1', [given.entry])).rows[0].id;
	});

	it('follow crews and the vehicles of their entries', async () => {
		expect(await lists()).toEqual(none);
		await patch('entry_crew', crew, { user });
		const riding = { ...none, rides: [given.entry], drives: [given.vehicle] };
		expect(await lists()).toEqual(riding);
		await patch('entries', given.entry, { vehicle: null });
		expect(await lists()).toEqual({ ...riding, drives: [null] });
		await sql('UPDATE entries SET vehicle = $1 WHERE id = $2', [given.vehicle, given.entry]);
		expect(await lists()).toEqual(riding);
		await sql('UPDATE entry_crew SET "user" = $1 WHERE id = $2', [await newUser(), crew]);
		expect(await lists()).toEqual(none);
		await stack.create('entry_crew', { entry: given.entry, role: 'mechanic', name: 'M', user });
		expect(await lists()).toEqual(riding);
		await remove('entries', given.entry);
		expect(await lists()).toEqual(none);
	});

	it('follow loans and memberships', async () => {
		const { id: organization } = await stack.create('organizations', { name: 'Guest', slug: newSlug() });
		const loan = await stack.create('organization_vehicles', { organization, vehicle: given.vehicle });
		const membership = await stack.create('organization_users', { organization, user, role: 'viewer' });
		await stack.create('organization_devices', { organization, device: given.device });
		expect(await lists()).toEqual({ ...none, borrowed_vehicles: [given.vehicle] });
		await patch('organization_users', membership.id, { role: 'operator' });
		expect((await lists()).borrowed_devices).toEqual([given.device]);
		const owned = { organization: given.organization, imei: newImei() };
		const { id: device } = await stack.create('devices', owned);
		await sql('UPDATE organization_devices SET device = $1 WHERE organization = $2', [device, organization]);
		expect((await lists()).borrowed_devices).toEqual([device]);
		await remove('organization_vehicles', loan.id);
		expect((await lists()).borrowed_vehicles).toEqual([null]);
		await remove('organization_users', membership.id);
		expect(await lists()).toEqual(none);
	});

	it('are right when a loan and a membership are made at the same moment', async () => {
		const { id: organization } = await stack.create('organizations', { name: 'Guest', slug: newSlug() });
		await overlapping(
			[
				`INSERT INTO organization_vehicles (id, organization, vehicle) VALUES ($1, $2, $3)`,
				[randomUUID(), organization, given.vehicle],
			],
			[
				`INSERT INTO organization_users (id, organization, "user", role) VALUES ($1, $2, $3, 'viewer')`,
				[randomUUID(), organization, user],
			],
		);
		expect((await lists()).borrowed_vehicles).toEqual([given.vehicle]);
	});

	it('are right when a crew and its vehicle change at the same moment', async () => {
		await overlapping(
			['UPDATE entries SET vehicle = NULL WHERE id = $1', [given.entry]],
			['UPDATE entry_crew SET "user" = $1 WHERE id = $2', [user, crew]],
		);
		expect(await lists()).toEqual({ ...none, rides: [given.entry] });
	});
});

it('are empty when the tables are emptied', async () => {
	await patch('events', given.event, { status: 'live' });
	const { id: user } = (await stack.api('POST', '/users', { email: `${randomUUID()}@example.com` })).body.data;
	await sql('UPDATE entry_crew SET "user" = $1 WHERE entry = $2', [user, given.entry]);
	await sql('TRUNCATE entries CASCADE');
	const vehicles = await sql('SELECT FROM vehicles WHERE published');
	const riders = await sql(`SELECT FROM directus_users WHERE rides::text <> '[null]' OR drives::text <> '[null]'`);
	const organizers = await sql('SELECT FROM organizations WHERE published');
	expect([vehicles.rowCount, riders.rowCount]).toEqual([0, 0]);
	expect(organizers.rowCount).toBeGreaterThan(0);
	await sql('TRUNCATE events CASCADE');
	expect((await sql('SELECT FROM organizations WHERE published')).rowCount).toBe(0);
});
