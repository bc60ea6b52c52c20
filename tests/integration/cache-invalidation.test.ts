import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/processes.js';
import { startReplica, type Replica } from '../support/replica.js';
import { startStack, type Stack } from '../support/stack.js';

/** Two replicas without a Redis of Directus's own; what one of them changes has to hold on the other. */
let stack: Stack;
let other: Replica;
let policy: string;
const token = crypto.randomUUID();

beforeAll(async () => {
	stack = await startStack({ owns: true });
	other = await startReplica(stack);
	await other.serving();

	policy = (await stack.api('POST', '/policies', { name: 'under test' })).body.data.id;
	await stack.api('POST', '/users', {
		email: 'under.test@example.com',
		token,
		policies: { create: [{ policy: { id: policy } }], update: [], delete: [] },
	});
});

afterAll(async () => {
	await other?.end();
	await stack?.stop();
});

afterEach(async () => {
	await stack.db.query('DELETE FROM directus_permissions WHERE policy = $1', [policy]);
	await eventuallyAnswers('/items/devices', 403);
});

const mayRead = { collection: 'devices', action: 'read', fields: ['*'], permissions: {} };

async function statusOnTheOther(path: string, as: string = token): Promise<number> {
	const { status } = await fetch(`${other.url}${path}`, { headers: { Authorization: `Bearer ${as}` } });
	return status;
}

const eventuallyAnswers = (path: string, status: number, as = token as string) =>
	eventually(`the other answers ${status}`, async () => (await statusOnTheOther(path, as)) === status, 5_000);

async function grant(): Promise<string> {
	const { body } = await stack.api('POST', '/permissions', { policy, ...mayRead });
	await eventuallyAnswers('/items/devices', 200);
	return body.data.id;
}

describe('what changes on one replica holds on the other', () => {
	it('a right that is given, and taken away', async () => {
		expect(await statusOnTheOther('/items/devices')).toBe(403);
		const permission = await grant();

		await stack.api('DELETE', `/permissions/${permission}`);
		await eventuallyAnswers('/items/devices', 403);
	});

	it('a right that is taken away by SQL', async () => {
		await grant();
		await stack.db.query('DELETE FROM directus_permissions WHERE policy = $1', [policy]);
		await eventuallyAnswers('/items/devices', 403);
	});

	it('a policy that is taken from a user', async () => {
		await grant();
		await stack.db.query('DELETE FROM directus_access WHERE policy = $1', [policy]);
		await eventuallyAnswers('/items/devices', 403);
		await stack.db.query(
			`INSERT INTO directus_access (id, policy, "user")
			SELECT gen_random_uuid(), $1, id FROM directus_users WHERE token = $2`,
			[policy, token],
		);
		await eventuallyAnswers('/items/devices', 200);
	});

	it('a collection that is made, and removed', async () => {
		await stack.api('POST', '/collections', {
			collection: 'notes',
			schema: {},
			meta: {},
			fields: [{ field: 'id', type: 'integer', schema: { is_primary_key: true, has_auto_increment: true } }],
		});
		await eventuallyAnswers('/items/notes', 200, stack.token);
		await stack.api('DELETE', '/collections/notes');
		await eventuallyAnswers('/items/notes', 403, stack.token);
	});

	it('also after the session that listens was ended, and what changed meanwhile', async () => {
		const permission = await grant();
		const { rowCount } = await stack.db.query(
			"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'trm-cache-invalidation'",
		);
		expect(rowCount).toBeGreaterThanOrEqual(2);

		await stack.api('DELETE', `/permissions/${permission}`);
		await eventuallyAnswers('/items/devices', 403);

		await eventually('it says so, once for each', () => {
			const said = other.boot.output();
			return said.includes('does not hear of rights') && said.includes('hears again of rights');
		});
	});
});
