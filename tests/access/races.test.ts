import { afterAll, describe, expect, it } from 'vitest';
import { reportCounts } from '../support/report-counts.js';
import { useServedStack } from '../support/served.js';
import type { Stack } from '../support/stack.js';
import { Client } from './client.js';
import type { Role } from './roles.js';
import { Batch } from './rows.js';
import { canary, newImei, newVin } from './side.js';
import { LOSING, newClass, whileWaiting } from './waiting.js';
import { makeWorld, userRow, type World } from './world.js';

/** Two who write at the same moment, each of whom may do what he does if he is the first. */
const ROUNDS = 12;

let stack: Stack;
let client: Client;
let world: World;
let failed = 0;
let tried = 0;

useServedStack(async (served) => {
	stack = served;
	world = await makeWorld(stack);
	client = new Client(stack.url, world.tokens);
});

afterAll(({}, suite) => {
	reportCounts(suite, { attacks: tried, attacks_failed: failed, server_errors: client?.serverErrors.length ?? 0 });
});

type Request = [as: Role, method: string, path: string, body?: unknown];

/** Sends both with less than a write's time between them, each first in turn. @returns their statuses. */
async function together(round: number, first: Request, second: Request): Promise<[number, number]> {
	const delay = (round % 4) * 2;
	const send = async ([as, method, path, body]: Request, wait: number) => {
		await new Promise((resolve) => setTimeout(resolve, wait));
		return (await client.rest(as, method, path, body)).status;
	};
	return Promise.all([send(first, round % 2 ? delay : 0), send(second, round % 2 ? 0 : delay)]);
}

/** A colleague of the own organisation for each round. */
async function addColleagues(role: string): Promise<{ user: string; membership: string }[]> {
	const batch = new Batch();
	const made = Array.from({ length: ROUNDS }, () => {
		const user = batch.add('directus_users', userRow(world.roles['Staff'] as string));
		return { user, membership: batch.add('organization_users', { organization: world.own.organization, user, role }) };
	});
	await batch.insert(stack);
	return made;
}

const roleOf = async (id: string) =>
	(await stack.db.query<{ role: string }>('SELECT role FROM organization_users WHERE id = $1', [id])).rows[0]?.role;

/** What a race director may do with a member below him, and not with one whom the owner has promoted. */
const TAKES_BACK: Record<string, (membership: string) => Request> = {
	'changes the role': (id) => ['race_director', 'PATCH', `/items/organization_users/${id}`, { role: 'viewer' }],
	'changes roles by keys': (id) => [
		'race_director',
		'PATCH',
		'/items/organization_users',
		{ keys: [id], data: { role: 'viewer' } },
	],
	'changes roles in a list': (id) => ['race_director', 'PATCH', '/items/organization_users', [{ id, role: 'viewer' }]],
	'ends the membership': (id) => ['race_director', 'DELETE', `/items/organization_users/${id}`],
	'ends memberships by keys': (id) => ['race_director', 'DELETE', '/items/organization_users', { keys: [id] }],
	'changes the role by GraphQL': (id) => [
		'race_director',
		'POST',
		'/graphql',
		{ query: `mutation { update_organization_users_item(id: "${id}", data: { role: "viewer" }) { id } }` },
	],
};

describe('an owner promotes a member', () => {
	it.each(Object.entries(TAKES_BACK))('while a race director %s: the promotion stays', async (_, takeBack) => {
		const lost: string[] = [];

		for (const [round, { membership }] of (await addColleagues('operator')).entries()) {
			const promote: Request = ['owner', 'PATCH', `/items/organization_users/${membership}`, { role: 'owner' }];
			const [promoted, other] = await together(round, promote, takeBack(membership));
			const role = await roleOf(membership);
			// Whoever ended it first has left nobody to promote.
			if (promoted === 200 && role !== 'owner') lost.push(`${round}: ${promoted}, ${other}, now ${role}`);
		}

		tried += 1;
		failed += lost.length > 0 ? 1 : 0;
		expect(lost).toEqual([]);
	});
});

/** What an organisation owns may be deleted by it, and not what an administrator lends meanwhile. */
const SHARED = [
	{ collection: 'devices', field: 'device', as: 'owner' as const, row: () => ({ imei: newImei() }) },
	{
		collection: 'vehicles',
		field: 'vehicle',
		as: 'race_director' as const,
		row: () => ({ kind: 'car', make: canary(), vin: newVin() }),
	},
];

describe.each(SHARED)('an administrator lends one of $collection', ({ collection, field, as, row }) => {
	const ways: Record<string, (id: string) => Request> = {
		'deletes it': (id) => [as, 'DELETE', `/items/${collection}/${id}`],
		'deletes it in a list': (id) => [as, 'DELETE', `/items/${collection}`, [id]],
		'deletes it by GraphQL': (id) => [
			as,
			'POST',
			'/graphql',
			{ query: `mutation { delete_${collection}_item(id: "${id}") { id } }` },
		],
	};

	it.each(Object.entries(ways))('while its owner %s: what is lent stays', async (_, way) => {
		const lost: string[] = [];
		const batch = new Batch();
		const made = Array.from({ length: ROUNDS }, () => {
			return batch.add(collection as 'devices', { organization: world.own.organization, ...row() });
		});
		await batch.insert(stack);

		for (const [round, id] of made.entries()) {
			const link = { organization: world.foreign.organization, [field]: id };
			const share: Request = ['administrator', 'POST', `/items/organization_${collection}`, link];
			const [shared, other] = await together(round, share, way(id));
			const { rowCount } = await stack.db.query(`SELECT FROM ${collection} WHERE id = $1`, [id]);
			if (shared === 200 && rowCount === 0) lost.push(`${round}: ${shared}, ${other}, now gone`);
		}

		tried += 1;
		failed += lost.length > 0 ? 1 : 0;
		expect(lost).toEqual([]);
	});
});

it('a member of two organisations moves an entry, while a race director of the first keeps it: it stays moved', async () => {
	const batch = new Batch();
	const entries = Array.from({ length: ROUNDS }, (_, n) =>
		batch.add('entries', { event: world.own.draft.event, class: world.own.draft.class, race_number: 5_000 + n }),
	);
	await batch.insert(stack);
	const back = { event: world.own.published.event, class: world.own.published.class };
	const away = { event: world.foreign.draft.event, class: world.foreign.draft.class };
	const lost: string[] = [];

	for (const [round, id] of entries.entries()) {
		const [moved] = await together(
			round,
			['administrator', 'PATCH', `/items/entries/${id}`, away],
			['race_director', 'PATCH', `/items/entries/${id}`, back],
		);
		const { rows } = await stack.db.query<{ event: string }>('SELECT event FROM entries WHERE id = $1', [id]);
		if (moved === 200 && rows[0]?.event !== world.foreign.draft.event) lost.push(`${round}: now in ${rows[0]?.event}`);
	}

	expect(lost).toEqual([]);
});

it.each(Object.entries(LOSING))('a member who loses the right meanwhile %s: it is taken back', async (_, waiting) => {
	const membership = (await addColleagues('marshal'))[0]?.membership as string;
	const own = `organization = '${world.own.organization}' AND "user" = '${world.persons[waiting.as as 'owner']}'`;
	const become = (role: string) => `UPDATE organization_users SET role = '${role}' WHERE ${own}`;
	const send = () => client.rest(waiting.as, ...waiting.request(world.own.draft, membership));

	const { status, body } = await whileWaiting(stack, waiting.lock, send, become(waiting.left));
	await stack.db.query(become(waiting.as));
	tried += 1;
	failed += status === 403 ? 0 : 1;
	expect(status, JSON.stringify(body)).toBe(403);
	expect(await roleOf(membership)).toBe('marshal');
});

it.each<[string, (id: string, to: string) => [method: string, path: string, body: unknown]]>([
	['a class', (id, event) => ['PATCH', `/items/classes/${id}`, { event }]],
	['a class in a list', (id, event) => ['PATCH', '/items/classes', [{ id, event }]]],
])(
	'a race director of two organisations who is dismissed in one meanwhile moves %s there: it stays',
	async (_, move) => {
		const token = canary();
		const batch = new Batch();
		const user = batch.add('directus_users', userRow(world.roles['Staff'] as string, { token }));
		const moved = batch.add('classes', newClass(world.own.draft));
		for (const { organization } of [world.own, world.foreign])
			batch.add('organization_users', { organization, user, role: 'race_director' });
		await batch.insert(stack);

		const lock = `SELECT FROM classes WHERE id = '${moved}' FOR UPDATE`;
		const dismissal = `DELETE FROM organization_users WHERE "user" = '${user}' AND organization = '${world.foreign.organization}'`;
		const send = () => client.rest({ token }, ...move(moved, world.foreign.draft.event));
		const { status } = await whileWaiting(stack, lock, send, dismissal);
		const { rows } = await stack.db.query('SELECT organization FROM classes WHERE id = $1', [moved]);

		tried += 1;
		failed += status === 403 ? 0 : 1;
		expect([status, rows]).toEqual([403, [{ organization: world.own.organization }]]);
	},
);

it('every collection is noted in the activity, on which the second look rests', async () => {
	const { rows } = await stack.db.query<{ collection: string }>(
		`SELECT collection FROM directus_collections
		WHERE accountability IS NULL AND EXISTS (SELECT FROM information_schema.tables WHERE table_name = collection)`,
	);
	expect(rows).toEqual([]);
});

it('writes of many rows and of many members at once are looked at again without waiting for each other', async () => {
	const colleagues = await addColleagues('viewer');
	const all = colleagues.map(({ membership }) => membership);
	const writes = Array.from({ length: 40 }, (_, n) =>
		client.rest('owner', 'PATCH', '/items/organization_users', {
			keys: n % 2 ? all : [all[n % all.length]],
			data: { role: n % 3 ? 'marshal' : 'viewer' },
		}),
	);
	const statuses = (await Promise.all(writes)).map(({ status }) => status);
	// Two that change the same rows in another order may meet each other in Postgres.
	expect(statuses.filter((status) => ![200, 503].includes(status))).toEqual([]);
	expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(20);
	expect(client.serverErrors.filter((error) => !error.includes('503'))).toEqual([]);
	client.serverErrors.length = 0;
});
