import { describe, expect, it } from 'vitest';
import { flagOf, newSlug } from '../support/event-fixture.js';
import { countOutbox } from '../support/events.js';
import { countFlags, insertFlag, queryFlagging, setUpFlagging, T } from '../support/flagging.js';
import type { Stack } from '../support/stack.js';

let stack: Stack;
let device: string;

setUpFlagging((given) => ({ stack, device } = given));

describe('the audit', () => {
	const rowsOf = async () => (await stack.db.query('SELECT * FROM position_flags')).rows;
	const administrator = async () => (await stack.api('GET', '/users/me')).body.data.id;

	async function expectRefused(method: string, path: string, body?: unknown): Promise<void> {
		const before = { rows: await rowsOf(), events: await countOutbox(stack) };
		const answer = await stack.api(method, path, body);

		expect(answer.status).toBe(403);
		expect(answer.body.errors[0].extensions.code).toBe('FORBIDDEN');
		expect(answer.body.errors[0].message).toMatch(/^position_flags records what POST \/positions\/flag-faulty did/);
		expect({ rows: await rowsOf(), events: await countOutbox(stack) }).toEqual(before);
	}

	it('takes no item from an administrator', () => expectRefused('POST', '/items/position_flags', flagOf(device)));

	it('lets none be deleted', async () => {
		const id = await insertFlag(stack, flagOf(device));
		await expectRefused('DELETE', `/items/position_flags/${id}`);
	});

	it.each([{ reason: 'other' }, { changed: 0 }, { faulty: false }, { keys: [] }, { user_created: null }])(
		'lets none be changed: %j',
		async (change) => {
			const id = await insertFlag(stack, { ...flagOf(device), user_created: await administrator() });
			await expectRefused('PATCH', `/items/position_flags/${id}`, change);
		},
	);

	it('is not signed over to another user', async () => {
		const id = await insertFlag(stack, flagOf(device));
		await expectRefused('PATCH', `/items/position_flags/${id}`, { user_created: await administrator() });
	});

	it('lets a user go who made one', async () => {
		const user = (await stack.api('POST', '/users', { email: `${newSlug()}@example.com` })).body.data.id;
		await insertFlag(stack, { ...flagOf(device), user_created: user, user_updated: user });

		expect((await stack.api('DELETE', `/users/${user}`)).status).toBe(204);
		expect(await rowsOf()).toMatchObject([{ device, user_created: null, user_updated: null }]);
	});

	it('can be purged by a DBA who says so', async () => {
		await insertFlag(stack, flagOf(device));
		await queryFlagging(stack, 'DELETE FROM position_flags');
		expect(await countFlags(stack)).toBe(0);
	});
});

describe('the window', () => {
	const key = T('08:00:00.123456');
	const range = { from: key, to: T('08:00:01.000000') };
	const invalid = '22007';

	it.each<[string, unknown, unknown, string]>([
		['neither', null, null, invalid],
		['both', [key], [range], invalid],
		['no keys', [], null, invalid],
		['no ranges', null, [], invalid],
		['keys that are no list', { key }, null, invalid],
		['a key in milliseconds', [T('08:00:00.123')], null, invalid],
		['a key with another offset', ['2026-06-07T08:00:00.123456+02:00'], null, invalid],
		['a key that is infinite', [key, 'infinity'], null, invalid],
		['a key that is null', [key, null], null, invalid],
		['a number for a key', [20260607], null, invalid],
		['30 February', ['2026-02-30T08:00:00.000000Z'], null, '22008'],
		['a range without an end', null, [{ from: key }], invalid],
		['a range that is a text', null, [key], invalid],
		['a range that ends when it begins', null, [range, { from: key, to: key }], invalid],
		['a range until infinity', null, [{ from: key, to: 'infinity' }], invalid],
	])('is refused for %s', async (_, keys, ranges, code) => {
		await expect(insertFlag(stack, { ...flagOf(device), keys, ranges })).rejects.toMatchObject({ code });
	});

	it('comes from the keys, whatever from and to say', async () => {
		await insertFlag(stack, { ...flagOf(device), keys: [key], ranges: null, from: 'infinity', to: '-infinity' });
		const { rows } = await stack.db.query('SELECT "from" = $1 AS first, "to" - "from" AS width FROM position_flags', [
			key,
		]);

		expect(rows).toMatchObject([{ first: true, width: { milliseconds: 0.001 } }]);
	});

	it('never ends before it begins', () =>
		expect(
			insertFlag(stack, flagOf(device)).then(() =>
				queryFlagging(stack, `UPDATE position_flags SET "to" = "from" - interval '1 second'`),
			),
		).rejects.toMatchObject({ constraint: 'position_flags_to_after_from' }));
});
