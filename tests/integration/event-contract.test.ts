import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CURRENT_VERSIONS, dataSchemaOf, parseEvent, type TrmEvent } from '../../packages/event-contract/index.js';
import { rows } from '../../packages/event-contract/schemas/rows.js';
import { entryOf, VEHICLE } from '../../packages/event-contract/sample-event.js';
import { makeEvent, setNullable } from '../support/event-fixture.js';
import { settledStream } from '../support/events.js';
import { insertFlag } from '../support/flagging.js';
import { eventually } from '../support/processes.js';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
	stack = await startStack();
});

afterAll(() => stack?.stop());

const collections = Object.keys(rows) as (keyof typeof rows)[];

/** Every event of the stream, parsed: one that does not fit its schema throws. */
async function parsed(): Promise<TrmEvent[]> {
	return (await settledStream(stack)).map(({ fields }) => {
		expect(fields['dataschema']).toBe(dataSchemaOf(fields['type'] ?? ''));
		return parseEvent(fields);
	});
}

describe('every column of a published collection', () => {
	it('is in its row schema, null where the table allows it and only there', async () => {
		const { rows: columns } = await stack.db.query<{ place: string; type: string }>(
			`SELECT table_name || '.' || column_name AS place,
				CASE data_type
					WHEN 'character varying' THEN 'text' WHEN 'timestamp with time zone' THEN 'timestamp' ELSE data_type
				END || CASE WHEN is_nullable = 'YES' AND never_null.conname IS NULL THEN ' or null' ELSE '' END AS type
			FROM information_schema.columns
			LEFT JOIN pg_constraint AS never_null ON never_null.conname = table_name || '_' || column_name || '_not_null'
			WHERE table_schema = 'public' AND table_name = ANY($1) AND column_name <> 'published'`,
			[collections],
		);

		const described = collections.flatMap((collection) =>
			Object.entries(rows[collection].shape).map(([column, schema]) => ({
				place: `${collection}.${column}`,
				type: typeOf(z.toJSONSchema(schema as z.ZodType)),
			})),
		);

		expect(columns.length).toBeGreaterThan(80);
		expect(described.sort(byPlace)).toEqual(columns.sort(byPlace));
	});

	it('is of a collection that has the trigger, and no other has it', async () => {
		const { rows: triggers } = await stack.db.query<{ name: string }>(
			`SELECT DISTINCT event_object_table AS name FROM information_schema.triggers WHERE trigger_name = 'trm_emit_row_change'`,
		);

		expect(triggers.map(({ name }) => name).sort()).toEqual([...collections].sort());
	});
});

const byPlace = (a: { place: string }, b: { place: string }) => (a.place < b.place ? -1 : 1);

interface Described {
	type?: string;
	format?: string;
	anyOf?: Described[];
}

/** A column's JSON Schema in the words of the query above. */
function typeOf({ type, format, anyOf }: Described): string {
	const types = (anyOf ?? [])
		.map(typeOf)
		.filter((each, at, all) => all.indexOf(each) === at)
		.sort((a, b) => Number(a === 'null') - Number(b === 'null'));
	// Beside its format a time has what else Postgres can hold, which has none.
	const isTime = types.some((each) => each === 'timestamp' || each === 'date');
	if (anyOf) return types.filter((each) => !isTime || each !== 'text').join(' or ');
	if (format) return format === 'date-time' ? 'timestamp' : format;
	return type === 'string' ? 'text' : String(type);
}

describe('every event on the stream is as the contract says', () => {
	const strange = 'Škoda "Ђ" \\ \u0001 🏍 e\u0301 <&>';

	it('of all collections: created, updated and deleted, with every column set and with none that can be left out', async () => {
		const ids = await makeEvent(stack);
		const user = await stack.db.query<{ id: string }>('SELECT id FROM directus_users LIMIT 1');
		await stack.create('organization_users', { organization: ids.organization, user: user.rows[0]?.id, role: 'owner' });
		const borrower = await stack.home();
		await stack.create('organization_vehicles', { organization: borrower, vehicle: ids.vehicle });
		await stack.create('organization_devices', { organization: borrower, device: ids.device });
		await stack.create('classes', {
			event: ids.event,
			parent: ids.class,
			code: 'MM',
			name: strange,
			kind: 'moto',
			sort: 1,
		});

		// Each column in turn: null where it can be, then a value that only just fits.
		for (const collection of collections) {
			await setNullable(stack, collection, true);
			await setNullable(stack, collection, false);
		}

		// No class is for such a vehicle.
		await stack.db.query('UPDATE entries SET vehicle = NULL');
		await stack.db.query(`UPDATE vehicles SET make = $1, kind = 'hovercraft', year = -2147483648`, [strange]);
		await stack.db.query(`UPDATE organizations SET name = $1`, ['🏍'.repeat(255)]);
		await stack.db.query(
			`UPDATE entry_devices SET assigned_from = '2026-06-06T06:00:00.1+02', assigned_to = '2100-12-31T23:59:59.999999Z'`,
		);
		await stack.db.query(`UPDATE events SET start_date = '1970-01-01', end_date = '2100-12-31'`);
		await stack.db.query('DELETE FROM entry_devices; DELETE FROM entries; DELETE FROM classes; DELETE FROM events');
		await stack.db.query('DELETE FROM organization_vehicles; DELETE FROM organization_devices');
		await stack.db.query('DELETE FROM vehicles; DELETE FROM devices');
		await stack.db.query('DELETE FROM organizations WHERE id <> $1', [borrower]);

		const events = await parsed();
		const expected = collections.flatMap((name) =>
			['created', 'updated', 'deleted'].map((verb) => `trm.${name}.${verb}`),
		);
		expect(new Set(events.map(({ type }) => type))).toEqual(new Set(expected));
		expect(JSON.stringify(events)).toContain(JSON.stringify(strange));
	});

	it('of timestamps with 0 to 6 digits of a second', async () => {
		const times = ['', '.1', '.12', '.123', '.1234', '.12345', '.123456', '.100000'].map(
			(digits) => `2026-06-07T08:00:00${digits}+00:00`,
		);

		for (const [at, time] of times.entries()) {
			const sql = `INSERT INTO devices (id, organization, imei, status, date_created)
				VALUES (gen_random_uuid(), '${await stack.home()}', $1, 'active', $2)`;
			await stack.db.query(sql, [`35100000000000${at}`, time]);
		}

		const made = (await parsed())
			.slice(-times.length)
			.map(({ data }) => (data as { row: { date_created: string } }).row.date_created);
		expect(made).toEqual(times.map((time) => time.replace('.100000', '.1')));
	});

	it('of times out of all time, which SQL can write where no constraint looks', async () => {
		const times = ['infinity', '-infinity', '0044-03-15T10:00:00.5+00:00 BC', '12026-01-01T00:00:00+00:00'];

		for (const [at, time] of times.entries()) {
			const imei = `35200000000001${at}`;
			const sql = `INSERT INTO devices (id, organization, imei, status, date_created)
				VALUES (gen_random_uuid(), '${await stack.home()}', $1, 'active', $2)`;
			await stack.db.query(sql, [imei, time]);
			await stack.db.query(`UPDATE devices SET status = 'spare', date_updated = $2 WHERE imei = $1`, [imei, time]);
		}

		const made = (await parsed())
			.slice(-2 * times.length)
			.map(({ data }) => (data as { row: { date_created: string; date_updated: string | null } }).row)
			.map((row) => [row.date_created, row.date_updated]);
		expect(made).toEqual(
			times.flatMap((time) => [
				[time, null],
				[time, time],
			]),
		);
	});

	it('of flags: by keys, by ranges, without a reason, and more keys than travel', async () => {
		const imei = '352000000000001';
		const { id: device } = await stack.create('devices', { imei });
		await stack.db.query(
			`INSERT INTO positions (device_id, ts, latitude, longitude)
			SELECT $1, '2026-06-07T08:00:00.123456Z'::timestamptz + second * interval '1 second', 41.3, 19.8
			FROM generate_series(0, 9) AS second`,
			[imei],
		);
		const keys = [{ device_id: imei, ts: '2026-06-07T08:00:01.123456Z' }];
		const ranges = [{ device_id: imei, from: '2026-06-07T08:00:00Z', to: '2026-06-07T08:00:05Z' }];

		for (const body of [
			{ positions: keys, faulty: true, reason: strange },
			{ ranges, faulty: true },
			{ ranges, faulty: false },
		]) {
			const answer = await stack.api('POST', '/positions/flag-faulty', body);
			expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
		}

		const many = Array.from({ length: 1_001 }, (_, n) => `2026-06-07T08:00:00.${String(n).padStart(6, '0')}Z`);
		await insertFlag(stack, {
			request: randomUUID(),
			device,
			faulty: true,
			matched: 1_001,
			changed: 1_001,
			keys: many,
		});

		const flags = (await parsed()).filter((event) => event.type === 'trm.positions.flagged');
		expect(flags.map(({ data }) => [data.keys?.length ?? null, data.ranges?.length ?? null, data.reason])).toEqual([
			[1, null, strange],
			[null, 1, null],
			[null, 1, null],
			[null, null, null],
		]);
		expect(CURRENT_VERSIONS[flags[0]?.type ?? 'trm.stream.parked']).toBe(1);
	});
});

describe('what the stream says of itself is as the contract says', () => {
	const ofStream = async (type: TrmEvent['type']) => {
		await stack.create('vehicles', { make: 'KTM', kind: 'moto' });
		return eventually(type, async () => (await parsed()).find((event) => event.type === type));
	};

	it('that it was rebuilt', async () => {
		const before = (await parsed()).length;
		await stack.redis.flushall();
		const event = await ofStream('trm.stream.rebuilt');
		expect(event.data).toMatchObject({ found: 0, from: 1, missing: null });
		expect((event.data as { to: number }).to).toBeGreaterThanOrEqual(before);
		expect(event.subject).toBe(`stream/${stack.stream}`);
	});

	it('that events in it are undone', async () => {
		const sequence = ((await parsed()).at(-1)?.sequence ?? 0) + 100;
		const undone = Object.entries(entryOf({ sequence })).flat();
		await stack.redis.xadd(stack.stream, `${sequence}-0`, ...undone);
		const event = await ofStream('trm.stream.rewound');
		expect(event.data).toMatchObject({ to: sequence, events: 1, subjects: [`vehicles/${VEHICLE.id}`], kept: 0 });
	});
});
