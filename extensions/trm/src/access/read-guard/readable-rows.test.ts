import type { Accountability } from '@directus/types';
import type { Knex } from 'knex';
import { expect, it } from 'vitest';
import { requireAll, rightsOn, withOneself } from './readable-rows.js';
import { caller, readerWith, right } from './test-reader.js';

/** Who asked it would fail. */
const noDatabase = undefined as unknown as Knex;

it.each(['directus_files', 'directus_roles'])(
	'does not ask for rights on %s, where one gives all fields',
	async (of) => {
		expect(await rightsOn(noDatabase, caller, of)).toEqual([]);
	},
);

it('adds what Directus gives everybody with its app on his own user', () => {
	const colleagues = right(['id', 'first_name'], { memberships: { id: { _nnull: true } } });
	const [first, second, ...others] = withOneself([colleagues], caller);

	expect(first).toBe(colleagues);
	expect(second).toMatchObject({ filter: { id: { _eq: 'me' } }, fields: expect.arrayContaining(['email', 'role']) });
	expect(second?.fields).not.toContain('token');
	expect(second?.fields).not.toContain('*');
	expect(others).toEqual([]);
});

it('adds nothing for somebody without the app', () => {
	expect(withOneself([], { ...caller, app: false } as Accountability)).toEqual([]);
});

it('lets a list be counted by those only who may read all of its items', async () => {
	const reader = readerWith({ organization_users: [right(['*'], { user: { _eq: 'me' } })], events: [right(['*'])] });
	await expect(requireAll(reader, 'organizations', 'users')).rejects.toMatchObject({ status: 403 });
	await expect(requireAll(reader, 'organizations', 'events')).resolves.toBeUndefined();
});
