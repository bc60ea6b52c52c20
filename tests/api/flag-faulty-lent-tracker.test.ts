import { expect, it } from 'vitest';
import { useServedStack } from '../support/served.js';
import type { Answer, Stack } from '../support/stack.js';
import { ASSIGNED, FIX_RANGE } from '../access/side.js';
import { makeWorld, type World } from '../access/world.js';

/** The foreign organisation's tracker served its entry all of June, and is ours to use from July on. */
let stack: Stack;
let world: World;
let imei: string;

/** microseconds before and after the assignment ends, which is half-open */
const LAST_OF_JUNE = '2026-06-30T23:59:59.999999Z';
const FIRST_OF_JULY = '2026-07-01T00:00:00.000000Z';
const FIX_OF_JUNE = '2026-06-07T08:00:30.000000Z';

useServedStack(async (served) => {
	stack = served;
	world = await makeWorld(stack);
	({ imei } = world.foreign.draft);

	await stack.create('organization_devices', {
		organization: world.own.organization,
		device: world.foreign.draft.device,
	});
	await stack.db.query('INSERT INTO positions (device_id, ts) SELECT $1, unnest($2::timestamptz[])', [
		imei,
		[LAST_OF_JUNE, FIRST_OF_JULY],
	]);
});

const flag = (body: object): Promise<Answer> =>
	stack.api('POST', '/positions/flag-faulty', body, world.tokens.operator);

const isFaulty = async (ts: string) =>
	(await stack.db.query('SELECT faulty FROM positions WHERE device_id = $1 AND ts = $2', [imei, ts])).rows[0].faulty;

const track = async (from: string, to: string, as = world.tokens.operator): Promise<string[]> => {
	const { body } = await stack.api('GET', `/positions/track?device_id=${imei}&from=${from}&to=${to}`, undefined, as);
	return body.data.map(({ ts }: { ts: string }) => ts);
};

it('does not show what it sent for the foreign entry, and shows what it sent after', async () => {
	expect(await track(FIX_RANGE.from, FIX_RANGE.to)).toEqual([]);
	expect(await track(FIX_RANGE.from, '2026-07-02T00:00:00Z')).toEqual([FIRST_OF_JULY]);
	expect(await track(FIX_RANGE.from, FIX_RANGE.to, stack.token)).toHaveLength(60);
});

it('has no such fixes to flag: their keys are missing, as those of no fix are', async () => {
	const never = '2026-06-07T23:00:00.000000Z';
	const { status, body } = await flag({ positions: [FIX_OF_JUNE, never].map((ts) => ({ device_id: imei, ts })) });

	expect(status).toBe(200);
	expect(body.data).toMatchObject({ matched: 0, changed: 0, flags: [] });
	expect(body.data.missing).toEqual([FIX_OF_JUNE, never].map((ts) => ({ device_id: imei, ts })));
	expect(await isFaulty(FIX_OF_JUNE)).toBe(false);
});

it('cuts a range where the assignment ends, in the audit and the event too', async () => {
	const { body } = await flag({
		ranges: [{ device_id: imei, from: ASSIGNED.assigned_from, to: '2026-07-02T00:00:00Z' }],
	});

	expect(body.data).toMatchObject({ matched: 1, changed: 1 });
	expect(await isFaulty(FIRST_OF_JULY)).toBe(true);
	expect(await isFaulty(LAST_OF_JUNE)).toBe(false);

	const [made] = body.data.flags;
	const { rows } = await stack.db.query('SELECT ranges FROM position_flags WHERE id = $1', [made.id]);
	expect(rows[0].ranges).toEqual([{ from: FIRST_OF_JULY, to: '2026-07-02T00:00:00.000000Z' }]);
});

it('is flagged for the organisation whose entry it served, and not for its owner, by a single key too', async () => {
	await stack.create('entry_devices', {
		...{ entry: world.own.draft.entry, device: world.foreign.draft.device },
		...{ assigned_from: ASSIGNED.assigned_to, assigned_to: '2026-08-01T00:00:00Z' },
	});
	const ts = '2026-07-05T08:00:00.000000Z';
	await stack.db.query('INSERT INTO positions (device_id, ts) VALUES ($1, $2)', [imei, ts]);
	const { body } = await stack.api('POST', '/positions/flag-faulty', { positions: [{ device_id: imei, ts }] });

	const { rows } = await stack.db.query('SELECT organization FROM position_flags WHERE id = $1', [
		body.data.flags[0].id,
	]);
	expect(rows).toEqual([{ organization: world.own.organization }]);
});

it('leaves nothing of a range that lies within the assignment', async () => {
	const { status, body } = await flag({ ranges: [{ device_id: imei, ...FIX_RANGE }] });
	expect(status).toBe(200);
	expect(body.data).toMatchObject({ matched: 0, changed: 0, flags: [] });
});
