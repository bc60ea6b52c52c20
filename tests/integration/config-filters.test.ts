import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigStack, MEMBER, smallAccess, STAFF } from '../support/access.js';

/** What Directus makes of the filters that `config apply` refuses, and of those that docs/access.md says to write instead. */
let config: ConfigStack;
const TOKEN = randomUUID();
const user = randomUUID();

beforeAll(async () => {
	config = await ConfigStack.start();
	expect(await config.apply(smallAccess().access)).toMatchObject({ code: 0 });
	await config.rows(
		`INSERT INTO directus_users (id, email, status, role, token) VALUES ($1, 'm@example.com', 'active', $2, $3)`,
		[user, STAFF, TOKEN],
	);

	const { stack } = config;
	const own = await stack.create('organizations', { name: 'Own', slug: 'own', country: 'AL', status: 'active' });
	const viewed = await stack.create('organizations', {
		name: 'Viewed',
		slug: 'viewed',
		country: 'AL',
		status: 'active',
	});
	await stack.create('organizations', { name: 'Foreign', slug: 'foreign', country: 'AL', status: 'active' });
	await stack.create('organization_users', { organization: own.id, user, role: 'owner' });
	await stack.create('organization_users', { organization: viewed.id, user, role: 'viewer' });

	for (const [name, borrowers] of [
		['Mine', [own]],
		['Both', [own, viewed]],
		['Theirs', [viewed]],
	] as const) {
		await stack.create('vehicles', {
			kind: 'car',
			make: name,
			model: 'x',
			organizations: borrowers.map(({ id }) => ({ organization: id })),
		});
	}
});

afterAll(() => config?.stop());

beforeEach(() => config.rows('DELETE FROM directus_permissions WHERE policy = $1', [MEMBER]));

/** Gives the policy a read permission, past `config apply`. */
async function permit(collection: string, filter: object): Promise<void> {
	await config.rows(
		`INSERT INTO directus_permissions (policy, collection, action, fields, permissions) VALUES ($1, $2, 'read', '*', $3)`,
		[MEMBER, collection, JSON.stringify(filter)],
	);
	await config.stack.api('POST', '/utils/cache/clear?system=true');
}

const read = (path: string) => config.stack.api('GET', path, undefined, TOKEN);

async function countOrganizations(): Promise<number> {
	const { body } = await read('/items/organizations?aggregate[countDistinct]=id');
	return Number(body.data[0].countDistinct.id);
}

const owner = { _and: [{ user: { _eq: '$CURRENT_USER' } }, { role: { _in: ['owner'] } }] };

describe('refused, because Directus', () => {
	it('drops what stands in _some when it is more than one condition', async () => {
		await permit('organizations', { users: { _some: owner } });
		const all = await config.rows<{ count: string }>('SELECT count(*) FROM organizations');

		expect(await countOrganizations()).toBe(Number(all[0]?.count));
	});

	it('answers 400 to _some behind another relation', async () => {
		await permit('organization_vehicles', { organization: { users: { _some: { user: { _eq: '$CURRENT_USER' } } } } });
		expect((await read('/items/organization_vehicles')).status).toBe(400);
	});
});

describe('to write instead', () => {
	it('several conditions on one item of a list', async () => {
		await permit('organizations', { users: owner });
		expect((await read('/items/organizations?fields=name')).body.data).toEqual([{ name: 'Own' }]);
		expect(await countOrganizations()).toBe(1);
	});

	it('a list behind other relations', async () => {
		await permit('vehicles', { organizations: { organization: { users: owner } } });
		const { body } = await read('/items/vehicles?fields=make&sort=make');
		expect(body.data).toEqual([{ make: 'Both' }, { make: 'Mine' }]);
	});

	it('what nobody else has', async () => {
		await permit('vehicles', {
			_and: [{ organizations: { organization: { users: owner } } }, { 'count(organizations)': { _eq: 1 } }],
		});
		expect((await read('/items/vehicles?fields=make')).body.data).toEqual([{ make: 'Mine' }]);
	});
});
