import { beforeEach, describe, expect, it } from 'vitest';
import { parseEvent } from '../../packages/event-contract/index.js';
import { countRows, flagOf, makeEvent, refusal, type EventFixture } from '../support/event-fixture.js';
import { settledStream } from '../support/events.js';
import { insertFlag } from '../support/flagging.js';
import { useServedStack } from '../support/served.js';
import type { Stack } from '../support/stack.js';

let stack: Stack;
let given: EventFixture;
let assignment: string;

useServedStack((served) => void (stack = served));

beforeEach(async () => {
	given = await makeEvent(stack);
	const { rows } = await stack.db.query('SELECT id FROM entry_devices WHERE entry = $1', [given.entry]);
	assignment = rows[0].id;
});

const pathOf = (collection: string) => `/items/${collection}/${collection === 'events' ? given.event : assignment}`;

const FIRST_INSTANT = '1970-01-01T00:00:00Z';
const LAST_INSTANT = '2100-12-31T23:59:59Z';

describe('the API', () => {
	it.each([
		['events', 'end_date', '+012026-01-01'],
		['events', 'end_date', '2101-01-01'],
		['events', 'start_date', '1969-12-31'],
		['entry_devices', 'assigned_to', '+012026-01-01T00:00:00Z'],
		['entry_devices', 'assigned_to', '2101-01-01T00:00:00Z'],
		['entry_devices', 'assigned_from', '-000001-01-01T00:00:00Z'],
		['entry_devices', 'assigned_from', '1969-12-31T23:59:59Z'],
	])('refuses in %s an %s of %s, and says which years it takes', async (collection, field, value) => {
		const { status, body } = await stack.api('PATCH', pathOf(collection), { [field]: value });
		expect(status).toBe(400);
		expect(body.errors[0].extensions).toMatchObject({ code: 'FAILED_VALIDATION', field });
		expect(body.errors[0].message).toContain('1970 to 2100');
	});

	it('takes the first and the last moment, and no end', async () => {
		const days = { start_date: '1970-01-01', end_date: '2100-12-31' };
		expect((await stack.api('PATCH', pathOf('events'), days)).status).toBe(200);
		const times = { assigned_from: FIRST_INSTANT, assigned_to: LAST_INSTANT };
		expect((await stack.api('PATCH', pathOf('entry_devices'), times)).status).toBe(200);
		expect((await stack.api('PATCH', pathOf('entry_devices'), { assigned_to: null })).status).toBe(200);
	});
});

describe('a column without a check', () => {
	it('takes any year through the API, and its event is as the contract says', async () => {
		const patch = { date_created: '+012026-01-01T00:00:00Z' };
		expect((await stack.api('PATCH', `/items/devices/${given.device}`, patch)).status).toBe(200);
		const event = parseEvent((await settledStream(stack)).at(-1)?.fields ?? {});
		expect(event).toMatchObject({
			type: 'trm.devices.updated',
			data: { changed: { date_created: { new: '12026-01-01T00:00:00+00:00' } } },
		});
	});
});

describe('SQL', () => {
	it.each([
		['events', 'end_date', 'infinity'],
		['events', 'end_date', '12026-01-01'],
		['events', 'start_date', '-infinity'],
		['events', 'start_date', '2026-01-01 BC'],
		['entry_devices', 'assigned_to', 'infinity'],
		['entry_devices', 'assigned_to', '2101-01-01 00:00:00Z'],
		['entry_devices', 'assigned_from', '-infinity'],
		['entry_devices', 'assigned_from', '0001-01-01 BC'],
	])('is refused in %s an %s of %s', async (table, column, value) => {
		await expect(stack.db.query(`UPDATE ${table} SET ${column} = $1`, [value])).rejects.toMatchObject({
			code: '23514',
			constraint: `${table}_${column}_years_1970_to_2100`,
		});
	});

	it('is refused a window of flags that its event could not tell', async () => {
		const windowOf = (from: string, to: string) => ({ ...flagOf(given.device), ranges: [{ from, to }] });
		const before = windowOf('1969-12-31T23:59:59.999999Z', '2026-06-07T08:00:00.000000Z');
		const after = windowOf('2026-06-07T08:00:00.000000Z', '9999-12-31T24:00:00.000000Z');

		for (const flag of [before, after]) {
			await expect(insertFlag(stack, flag)).rejects.toMatchObject({
				constraint: 'position_flags_window_years_1970_to_2100',
			});
		}

		await insertFlag(stack, { ...flagOf(given.device), ranges: null, keys: ['2100-12-31T23:59:59.999999Z'] });
		expect(await countRows(stack, 'position_flags', 'device', given.device)).toBe(1);
	});
});

describe('a row written while the constraints were off', () => {
	/** Drops them, writes, and makes them again for what is written from then on. */
	async function writeUnchecked(...statements: string[]): Promise<void> {
		const { rows } = await stack.db.query<{ name: string; table: string; definition: string }>(
			`SELECT conname AS name, conrelid::regclass::text AS table, pg_get_constraintdef(oid) AS definition
			FROM pg_constraint WHERE conname LIKE '%_years_1970_to_2100'`,
		);

		expect(rows).toHaveLength(5);
		for (const { name, table } of rows) await stack.db.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
		for (const statement of statements) await stack.db.query(statement);

		for (const { name, table, definition } of rows) {
			await stack.db.query(
				`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition.replace(/ NOT VALID$/, '')} NOT VALID`,
			);
		}
	}

	it('stays, and its next change has to correct it', async () => {
		await writeUnchecked(`UPDATE events SET end_date = 'infinity' WHERE id = '${given.event}'`);
		expect(await refusal(stack.api('PATCH', pathOf('events'), { name: 'Other' }))).toEqual([400, 'FAILED_VALIDATION']);
		const corrected = { name: 'Other', end_date: '2026-06-13' };
		expect((await stack.api('PATCH', pathOf('events'), corrected)).status).toBe(200);
	});

	it('made events that its corrections and its deletion make as well, and all are as the contract says', async () => {
		const dates = [
			['-infinity', '0044-03-15 BC'],
			['12026-01-01', '5874897-12-31'],
			['2026-06-06', 'infinity'],
		];

		await writeUnchecked(
			...dates.map(
				([first, last]) =>
					`UPDATE events SET start_date = '${first}', end_date = '${last}' WHERE id = '${given.event}'`,
			),
			`UPDATE entry_devices SET assigned_from = '-infinity', assigned_to = '12026-01-01 00:00:00Z' WHERE id = '${assignment}'`,
		);

		expect((await stack.api('PATCH', pathOf('events'), { end_date: '2026-06-13' })).status).toBe(200);
		expect((await stack.api('DELETE', pathOf('events'))).status).toBe(204);

		const events = (await settledStream(stack)).map(({ fields }) => parseEvent(fields));
		const rowsOf = (type: string, subject: string) =>
			events
				.filter((event) => event.type === type && event.subject === subject)
				.map(({ data }) => (data as { row: Record<string, string> }).row);

		expect(
			rowsOf('trm.events.updated', `events/${given.event}`).map((row) => [row['start_date'], row['end_date']]),
		).toEqual([...dates, ['2026-06-06', '2026-06-13']]);
		expect(rowsOf('trm.entry_devices.deleted', `entry_devices/${assignment}`)).toMatchObject([
			{ assigned_from: '-infinity', assigned_to: '12026-01-01T00:00:00+00:00' },
		]);
	});
});
