import { describe, expect, it } from 'vitest';
import { countOutbox, settledStream } from '../support/events.js';
import { countFlags, DAY, faultyKeys, flag, IMEI, OTHER_IMEI, setUpFlagging, T } from '../support/flagging.js';
import type { Stack } from '../support/stack.js';

let stack: Stack;
let device: string;

setUpFlagging((given) => ({ stack, device } = given));

describe('flagging by key', () => {
	it('changes the row, records who and how many, and puts one event into the stream', async () => {
		const before = (await settledStream(stack)).length;
		const answer = await flag(stack, {
			reason: 'jumped to the sea',
			positions: [
				{ device_id: IMEI, ts: T('08:00:01.123456') },
				{ device_id: IMEI, ts: T('08:00:02.123457') },
			],
		});

		expect(answer).toMatchObject({
			status: 200,
			body: {
				data: {
					matched: 1,
					changed: 1,
					missing: [{ device_id: IMEI, ts: T('08:00:02.123457') }],
					flags: [{ device_id: IMEI, device, matched: 1, changed: 1 }],
				},
			},
		});

		expect(await faultyKeys(stack)).toEqual([`${IMEI} 08:00:01.123456`]);

		const { request, flags } = answer.body.data;
		const { rows } = await stack.db.query('SELECT *, "to" - "from" AS width FROM position_flags');
		const admin = await stack.api('GET', '/users/me');

		expect(rows).toMatchObject([
			{
				id: flags[0].id,
				request,
				device,
				faulty: true,
				reason: 'jumped to the sea',
				keys: [T('08:00:01.123456')],
				matched: 1,
				changed: 1,
				user_created: admin.body.data.id,
			},
		]);

		const added = (await settledStream(stack)).slice(before);

		expect(added).toHaveLength(1);
		expect(added[0]?.fields).toMatchObject({
			specversion: '1.0',
			type: 'trm.positions.flagged',
			subject: `positions/${IMEI}`,
			datacontenttype: 'application/json',
		});
		expect(added[0]?.entryId).toBe(`${added[0]?.fields['sequence']}-0`);
		expect(added[0]?.data).toMatchObject({
			request,
			faulty: true,
			reason: 'jumped to the sea',
			from: T('08:00:01.123456'),
			to: T('08:00:01.123457'),
			keys: [T('08:00:01.123456')],
			changed: 1,
		});
	});

	it('changes nothing, writes nothing and sends nothing when it is repeated', async () => {
		const body = { positions: [{ device_id: IMEI, ts: T('08:00:01.123456') }] };

		await flag(stack, body);
		const [events, flags] = [await countOutbox(stack), await countFlags(stack)];
		const again = await flag(stack, body);

		expect(again).toMatchObject({ status: 200, body: { data: { matched: 1, changed: 0, flags: [], missing: [] } } });
		expect([await countOutbox(stack), await countFlags(stack)]).toEqual([events, flags]);
	});

	it('makes a flag and an event for each device, all under one request', async () => {
		const before = (await settledStream(stack)).length;
		const { body } = await flag(stack, {
			positions: [
				{ device_id: OTHER_IMEI, ts: T('08:00:01.123456') },
				{ device_id: IMEI, ts: T('08:00:01.123456') },
			],
		});

		expect(body.data.flags.map((made: { device_id: string }) => made.device_id)).toEqual([IMEI, OTHER_IMEI]);

		const added = (await settledStream(stack)).slice(before);
		expect(added.map(({ data }) => data.request)).toEqual([body.data.request, body.data.request]);
		expect(added.map(({ fields }) => fields['subject'])).toEqual([`positions/${IMEI}`, `positions/${OTHER_IMEI}`]);
	});

	it('makes neither of them for a device that is flagged already', async () => {
		const ts = T('08:00:01.123456');
		await flag(stack, { positions: [{ device_id: IMEI, ts }] });
		const [before, flags] = [(await settledStream(stack)).length, await countFlags(stack)];
		const { body } = await flag(stack, { positions: [IMEI, OTHER_IMEI].map((device_id) => ({ device_id, ts })) });

		expect(body.data).toMatchObject({ matched: 2, changed: 1, flags: [{ device_id: OTHER_IMEI, changed: 1 }] });
		expect(body.data.flags).toHaveLength(1);
		expect(await countFlags(stack)).toBe(flags + 1);
		const added = (await settledStream(stack)).slice(before);
		expect(added.map(({ fields }) => fields['subject'])).toEqual([`positions/${OTHER_IMEI}`]);
	});

	it('leaves keys out of the event past 1,000 and tells the window instead', async () => {
		await stack.db.query(
			`INSERT INTO positions (device_id, ts)
			SELECT $1, '${DAY}10:00:00Z'::timestamptz + n * interval '1 second' FROM generate_series(0, 1000) AS n`,
			[IMEI],
		);

		const keys = Array.from({ length: 1001 }, (_, n) => new Date(Date.parse(T('10:00:00')) + n * 1000).toISOString());
		const { body } = await flag(stack, { positions: keys.map((ts) => ({ device_id: IMEI, ts })) });
		const event = (await settledStream(stack)).at(-1);

		expect(body.data.changed).toBe(1001);
		expect(event?.data).toMatchObject({ keys: null, from: T('10:00:00.000000'), to: T('10:16:40.000001') });
	});

	it('flags 10,000 keys in one call', async () => {
		await stack.db.query(
			`INSERT INTO positions (device_id, ts)
			SELECT $1, '${DAY}10:00:00Z'::timestamptz + n * interval '1 second' FROM generate_series(0, 9999) AS n`,
			[IMEI],
		);

		const keys = Array.from({ length: 10_000 }, (_, n) => new Date(Date.parse(T('10:00:00')) + n * 1000).toISOString());
		const answer = await flag(stack, { positions: keys.map((ts) => ({ device_id: IMEI, ts })) });

		expect(answer).toMatchObject({ status: 200, body: { data: { matched: 10_000, changed: 10_000 } } });
	});
});

describe('flagging by range', () => {
	it('takes from and leaves to out', async () => {
		const { body } = await flag(stack, {
			ranges: [{ device_id: IMEI, from: T('08:00:01.123456'), to: T('08:00:03.123456') }],
		});

		expect(body.data).toMatchObject({ matched: 2, changed: 2, missing: [] });
		expect(await faultyKeys(stack)).toEqual([`${IMEI} 08:00:01.123456`, `${IMEI} 08:00:02.123456`]);
	});

	it('counts a fix once where ranges overlap, and tells the ranges as they were joined', async () => {
		const { body } = await flag(stack, {
			ranges: [
				{ device_id: IMEI, from: T('08:00:00'), to: T('08:00:04') },
				{ device_id: IMEI, from: T('08:00:02'), to: T('08:00:06') },
			],
		});

		expect(body.data).toMatchObject({ matched: 6, changed: 6 });

		const event = (await settledStream(stack)).at(-1);
		expect(event?.data).toMatchObject({
			keys: null,
			ranges: [{ from: T('08:00:00.000000'), to: T('08:00:06.000000') }],
			from: T('08:00:00.000000'),
			to: T('08:00:06.000000'),
		});
	});

	it('unflags what it flagged', async () => {
		const ranges = [{ device_id: IMEI, from: T('08:00:00'), to: T('09:00:00') }];

		await flag(stack, { ranges });
		const undone = await flag(stack, { faulty: false, ranges, reason: 'tracker was right' });

		expect(undone.body.data).toMatchObject({ matched: 10, changed: 10 });
		expect(await faultyKeys(stack)).toEqual([]);
		expect((await settledStream(stack)).at(-1)?.data).toMatchObject({ faulty: false, changed: 10 });
	});
});
