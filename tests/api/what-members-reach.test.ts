import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { Batch } from '../access/rows.js';
import type { MEMBERS } from '../access/roles.js';
import { canary, FIX_RANGE, newImei } from '../access/side.js';
import { makeWorld, userRow, type World } from '../access/world.js';
import { useServedStack } from '../support/served.js';
import type { Stack } from '../support/stack.js';

let stack: Stack;
let world: World;
/** a member of the sister organisation only, and a member of the own and of the foreign one */
let newcomer: string;
let guest: string;

type Person = (typeof MEMBERS)[number];

/** as the table of flags takes it */
const FIX_RANGE_CANONICAL = { from: '2026-06-07T08:00:00.000000Z', to: '2026-06-07T08:10:00.000000Z' };

useServedStack(async (served) => {
	stack = served;
	world = await makeWorld(stack);
	const batch = new Batch();
	const person = () => batch.add('directus_users', userRow(world.roles['Staff'] as string));
	[newcomer, guest] = [person(), person()];

	batch.add('organization_users', { organization: world.sister, user: newcomer, role: 'viewer' });
	for (const { organization } of [world.own, world.foreign]) {
		batch.add('organization_users', { organization, user: guest, role: 'timekeeper' });
	}

	await batch.insert(stack);
});

const ask = (as: Person, method: string, path: string, body?: unknown) =>
	stack.api(method, path, body, world.tokens[as]);

const statusOf = async (...given: Parameters<typeof ask>) => (await ask(...given)).status;

/** Keys of memberships by a condition, from the database. */
async function memberships(where: string, values: unknown[]): Promise<string[]> {
	const { rows } = await stack.db.query<{ id: string }>(`SELECT id FROM organization_users WHERE ${where}`, values);
	return rows.map(({ id }) => id).sort();
}

describe('the memberships behind users', () => {
	const seen = async (as: Person, fields: string) => {
		const { status, body } = await ask(as, 'GET', `/users?limit=-1&fields=${fields}`);
		expect(status).toBe(200);
		const rows = body.data.flatMap((user: { memberships: (string | { id: string })[] }) => user.memberships);
		return rows.map((row: string | { id: string }) => (typeof row === 'string' ? row : row.id)).sort();
	};

	const forms = ['memberships', 'id,memberships.*', 'id,memberships.organization.name,memberships.id'];

	it.each(forms)('are those of the own organisations for those who give them: %s', async (fields) => {
		const own = await memberships('organization = ANY($1)', [[world.own.organization, world.sister]]);
		expect(await seen('owner', fields)).toEqual(own);
		expect(await seen('race_director', fields)).toEqual(own);
	});

	it.each(forms)('are one’s own for everybody else: %s', async (fields) => {
		for (const as of ['timekeeper', 'operator', 'marshal', 'viewer'] as const) {
			expect(await seen(as, fields)).toEqual(await memberships('"user" = $1', [world.persons[as]]));
		}
	});

	it('are the same by GraphQL', async () => {
		const query = '{ users(limit: -1) { memberships { id } } }';
		const { body } = await ask('owner', 'POST', '/graphql/system', { query });
		const ids = body.data.users.flatMap((user: { memberships: { id: string }[] }) => user.memberships);
		const own = await memberships('organization = ANY($1)', [[world.own.organization, world.sister]]);
		expect(ids.map(({ id }: { id: string }) => id).sort()).toEqual(own);
	});

	it('find nobody by a membership in an organisation of others', async () => {
		const of = (organization: string) => `/users?fields=id&filter[memberships][organization][_eq]=${organization}`;
		expect((await ask('owner', 'GET', of(world.foreign.organization))).body.data).toEqual([]);
		expect((await ask('owner', 'GET', of(world.own.organization))).body.data).toContainEqual({ id: guest });
	});

	it('are a relation of the app, so that it can offer and name users', async () => {
		const { body } = await ask('owner', 'GET', '/relations/organization_users/user');
		expect(body.data).toMatchObject({ related_collection: 'directus_users', meta: { one_field: 'memberships' } });

		const members = await ask(
			'owner',
			'GET',
			'/items/organization_users?limit=-1&fields=user.first_name&sort=user.last_name',
		);
		expect(members.status).toBe(200);
		expect(members.body.data.every(({ user }: { user: { first_name: string } }) => user.first_name !== null)).toBe(
			true,
		);
	});
});

describe('an owner on the page of his organisation', () => {
	const page = (body: object) => statusOf('owner', 'PATCH', `/items/organizations/${world.own.organization}`, body);
	const alter = (given: object) => ({ create: [], update: [], delete: [], ...given });

	it('adds a member, changes his role and removes him', async () => {
		expect(await page({ users: alter({ create: [{ user: newcomer, role: 'viewer' }] }) })).toBe(200);
		const [id] = await memberships('"user" = $1 AND organization = $2', [newcomer, world.own.organization]);
		expect(await page({ users: alter({ update: [{ id, role: 'operator' }] }) })).toBe(200);
		expect(await memberships('id = $1 AND role = $2', [id, 'operator'])).toEqual([id]);
		expect(await page({ users: alter({ delete: [id] }) })).toBe(200);
		expect(await memberships('id = $1', [id])).toEqual([]);
	});

	it.each([
		['vehicles', 'vehicle', () => ({ kind: 'moto', make: canary() })],
		['devices', 'device', () => ({ imei: newImei() })],
	] as const)('borrows and gives back %s of another organisation of his own', async (list, field, row) => {
		const made = await ask('owner', 'POST', `/items/${list}`, {
			...row(),
			organization: world.sister,
		});
		const { id } = made.body.data;
		const links = async () => {
			const sql = `SELECT id FROM organization_${list} WHERE ${field} = $1 AND organization = $2`;
			return (await stack.db.query<{ id: string }>(sql, [id, world.own.organization])).rows;
		};

		expect(await page({ [list]: alter({ create: [{ [field]: { id } }] }) })).toBe(200);
		const [link] = await links();
		expect(link).toBeDefined();
		expect(await page({ [list]: alter({ delete: [link?.id] }) })).toBe(200);
		expect(await links()).toEqual([]);

		// It would be nobody's.
		expect(await page({ [list]: alter({ create: [{ [field]: row() }] }) })).toBe(400);
	});
});

describe('a vehicle or tracker of nobody', () => {
	it.each([
		['vehicles', 'race_director', { kind: 'moto', make: 'KTM' }],
		['devices', 'operator', { imei: newImei() }],
	] as const)('of %s is refused to a %s, with the field to fill in', async (list, role, row) => {
		for (const organization of [undefined, null]) {
			const { status, body } = await ask(role, 'POST', `/items/${list}`, { ...row, organization });
			expect(status).toBe(400);
			expect(body.errors[0].extensions).toMatchObject({ code: 'FAILED_VALIDATION', field: 'organization' });
		}
		const { organization } = world.own;
		expect(await statusOf(role, 'POST', `/items/${list}`, { ...row, organization })).toBe(200);
	});
});

describe('a search for entries', () => {
	let entry: string;
	const [name, make, team] = ['Zylbere Hoxhaj', 'Husaberg', canary()];

	beforeAll(async () => {
		const { rows } = await stack.db.query<{ id: string; kind: string }>(
			`SELECT entries.id, classes.kind FROM entries JOIN classes ON classes.id = entries.class WHERE entries.event = $1 LIMIT 1`,
			[world.own.published.event],
		);
		const [{ id, kind }] = rows as [{ id: string; kind: string }];
		entry = id;
		const vehicle = (await stack.create('vehicles', { make, kind, organization: world.own.organization })).id;
		await stack.create('entry_crew', { entry, name, role: 'rider' });
		const { status } = await stack.api('PATCH', `/items/entries/${entry}`, { team, vehicle, race_number: 4711 });
		expect(status).toBe(200);
	});

	it.each(['administrator', 'race_director'] as const)(
		'finds by crew, vehicle, team and number for a %s',
		async (as) => {
			const token = as === 'administrator' ? stack.token : world.tokens[as];
			const askAs = (path: string) => stack.api('GET', path, undefined, token);
			for (const words of ['hoxhaj', 'HUSABERG', 'zylbere husaberg', team, '4711', '4711 hoxhaj']) {
				const { status, body } = await askAs(`/items/entries?fields=id&meta=filter_count&search=${words}`);
				expect([words, status, body.data, body.meta]).toEqual([words, 200, [{ id: entry }], { filter_count: 1 }]);
				const counted = await askAs(`/items/entries?aggregate[countDistinct]=id&search=${words}`);
				expect(counted.body.data).toEqual([{ countDistinct: { id: '1' } }]);
			}
			for (const words of ['hoxhaj nobody', '471'])
				expect((await askAs(`/items/entries?search=${words}`)).body.data).toEqual([]);
		},
	);
});

describe('flags of a tracker that two organisations have', () => {
	const flags: Record<string, string> = {};
	let device: string;

	beforeAll(async () => {
		const imei = newImei();
		device = (await stack.create('devices', { imei, organization: world.own.organization })).id;
		await stack.db.query('INSERT INTO positions (device_id, ts) VALUES ($1, $2)', [imei, FIX_RANGE.from]);
		const batch = new Batch();
		batch.add('organization_devices', { organization: world.foreign.organization, device });

		const window = { device, faulty: true, ranges: [FIX_RANGE_CANONICAL], matched: 1, changed: 1, ...FIX_RANGE };
		for (const [by, user, { organization }] of [
			['own', world.persons.operator, world.own],
			['foreign', world.foreigner, world.foreign],
			['both', guest, world.own],
			['administrator', world.persons.administrator, world.own],
		] as const) {
			flags[by] = batch.add('position_flags', {
				...window,
				organization,
				request: randomUUID(),
				user_created: user,
				reason: canary(),
			});
		}

		await batch.insert(stack);
	});

	it.each(['owner', 'race_director', 'timekeeper', 'operator'] as const)(
		'are seen by the %s where they were made for his organisation, by whomever',
		async (as) => {
			const { body } = await ask(as, 'GET', `/items/position_flags?fields=id&filter[device][_eq]=${device}`);
			const ids = body.data.map(({ id }: { id: string }) => id).sort();
			expect(ids).toEqual([flags['own'], flags['both'], flags['administrator']].sort());
			expect(await statusOf(as, 'GET', `/items/position_flags/${flags['foreign']}`)).toBe(403);

			const nested = await ask(as, 'GET', `/items/devices/${device}?fields=flags`);
			expect(nested.body.data.flags.toSorted()).toEqual(ids);
		},
	);
});

it('a policy for other addresses lets nobody ask by its fields', async () => {
	const { vehicle } = world.foreign.published;
	const [row] = (await stack.db.query<{ vin: string }>('SELECT vin FROM vehicles WHERE id = $1', [vehicle])).rows;
	const found = async () => (await ask('viewer', 'GET', `/items/vehicles?fields=id&filter[vin][_eq]=${row?.vin}`)).body;
	const add = async (path: string, item: object) => (await stack.api('POST', path, item)).body.data.id as string;
	const policy = await add('/policies', { name: 'Scrutineering', ip_access: ['203.0.113.9'] });
	await add('/permissions', { policy, collection: 'vehicles', action: 'read', fields: ['vin'], permissions: {} });
	await add('/access', { policy, user: world.persons.viewer });

	expect(await found()).toEqual({ data: [] });
	await stack.api('PATCH', `/policies/${policy}`, { ip_access: ['127.0.0.1'] });
	expect(await found()).toEqual({ data: [{ id: vehicle }] });
	await stack.api('DELETE', `/policies/${policy}`);
});
