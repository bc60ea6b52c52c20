import { randomUUID } from 'node:crypto';
import type { Stack } from './stack.js';

/** Ids of an event with a class and one entry that carries a tracker, and of what they need; shared with no other test. */
export interface EventFixture {
	organization: string;
	vehicle: string;
	device: string;
	event: string;
	class: string;
	entry: string;
}

let sequence = 0;

export const newImei = () => String(350000000000000 + ++sequence);
export const newSlug = () => `slug-${++sequence}`;

export const EVENT_TIMES = { start_date: '2026-06-06', end_date: '2026-06-13', timezone: 'Europe/Tirane' };

export async function makeEvent(stack: Stack): Promise<EventFixture> {
	const create = async (collection: string, item: object) => (await stack.create(collection, item)).id;

	const organization = await create('organizations', { name: 'Club', slug: newSlug(), country: 'AL' });
	const vehicle = await create('vehicles', { organization, make: 'KTM', model: '450 Rally', year: 2026, kind: 'moto' });
	const device = await create('devices', { organization, imei: newImei() });
	const event = await create('events', {
		organization,
		name: 'Rally',
		slug: 'rally',
		...EVENT_TIMES,
	});
	const category = await create('classes', { event, code: 'R2', name: 'Rally2', kind: 'moto' });

	const entry = await create('entries', {
		event,
		race_number: 1,
		class: category,
		vehicle,
		crew: [{ name: 'Rider 001', nationality: 'AL', role: 'rider' }],
		devices: [{ device, assigned_from: '2026-06-06T06:00:00Z', assigned_to: '2026-06-07T06:00:00Z' }],
	});

	return { organization, vehicle, device, event, class: category, entry };
}

/** What flag-faulty would write of a minute of this device. */
export const flagOf = (device: string) => ({
	request: randomUUID(),
	device,
	faulty: true,
	from: '2026-06-07T08:00:00Z',
	to: '2026-06-07T08:01:00Z',
	ranges: [{ from: '2026-06-07T08:00:00.000000Z', to: '2026-06-07T08:01:00.000000Z' }],
	matched: 60,
	changed: 60,
});

/** @returns how many rows of the collection have the value in the field. */
export async function countRows(stack: Stack, collection: string, field: string, value: string): Promise<number> {
	const { rows } = await stack.db.query<{ count: number }>(
		`SELECT count(*)::int AS count FROM ${collection} WHERE "${field}" = $1`,
		[value],
	);

	return rows[0]?.count ?? 0;
}

/** @returns status and code of the first error of an answer. */
export async function refusal(answer: ReturnType<Stack['api']>): Promise<[number, string]> {
	const { status, body } = await answer;
	return [status, body?.errors?.[0]?.extensions.code];
}

/** Writes every column of the collection's rows that may be null: null, or a value of its type. */
export async function setNullable({ db }: Stack, collection: string, toNull: boolean): Promise<void> {
	const { rows: columns } = await db.query<{ name: string; type: string }>(
		`SELECT column_name AS name, data_type AS type FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name = $1 AND is_nullable = 'YES' AND data_type <> 'uuid'`,
		[collection],
	);

	const value = ({ type }: { type: string }) => {
		if (toNull) return 'NULL';
		if (type === 'integer') return '2147483647';
		if (type === 'boolean') return 'true';
		return type.startsWith('timestamp') ? `'2027-01-02T03:04:05.000006Z'` : `'x'`;
	};

	for (const column of columns) {
		await db.query(`UPDATE ${collection} SET "${column.name}" = ${value(column)}`);
	}
}
