import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLLECTIONS } from '../../packages/event-contract/collections.js';
import { countOutbox, settledStream } from '../support/events.js';
import { count, one, SEED, SEED_NAME } from '../support/seed.js';
import { startStack, type Stack } from '../support/stack.js';

async function csvRows(file: string): Promise<string[]> {
	return (await readFile(join(SEED, file), 'utf8')).trimEnd().split('\n').slice(1);
}

/** Everything a load could change, as one text. */
async function fingerprint(stack: Stack): Promise<string> {
	const tables = [
		...COLLECTIONS,
		'directus_users',
		'positions',
		'directus_activity',
		'directus_revisions',
		'trm.event_outbox',
	];
	const prints = tables.map((table) =>
		one<string>(stack, `SELECT count(*) || ' ' || coalesce(sum(hashtext(t::text)), 0) AS value FROM ${table} AS t`),
	);

	return (await Promise.all(prints)).map((print, index) => `${tables[index]}: ${print}`).join('\n');
}

describe('a stack with the seed', () => {
	let stack: Stack;

	beforeAll(async () => {
		stack = await startStack({ seed: true });
		// The relay numbers outbox rows: let it finish, so that it changes nothing between two fingerprints.
		await settledStream(stack);
	});

	afterAll(() => stack?.stop());

	it('holds every row of the files', async () => {
		for (const collection of COLLECTIONS) {
			expect(await count(stack, collection), collection).toBe((await csvRows(`${collection}.csv`)).length);
		}
	});

	it('is readable through the API, with its relations', async () => {
		const { body } = await stack.api(
			'GET',
			'/items/entries?filter[race_number][_eq]=21&fields=event.name,class.code,class.parent.code,vehicle.kind,crew.name,devices.device.imei',
		);

		expect(body.data).toEqual([
			{
				event: { name: 'Rally Albania 2026 (provisional)' },
				class: { code: 'MALLE', parent: { code: 'RALLY2' } },
				vehicle: { kind: 'moto' },
				crew: [{ name: 'Rider 015' }],
				devices: [{ device: { imei: expect.stringMatching(/^\d{15}$/) } }],
			},
		]);
	});

	it('has an event for every item, and none for a fix', async () => {
		const { rows } = await stack.db.query<{ type: string; count: number }>(
			'SELECT type, count(*)::int AS count FROM trm.event_outbox GROUP BY type',
		);

		const expected = await Promise.all(
			COLLECTIONS.map(async (collection) => ({
				type: `trm.${collection}.created`,
				count: (await csvRows(`${collection}.csv`)).length,
			})),
		);

		expect(rows.sort((a, b) => a.type.localeCompare(b.type))).toEqual(
			expected.sort((a, b) => a.type.localeCompare(b.type)),
		);
	});

	it('has fixes of every device assigned in its own event, with their microseconds', async () => {
		const devices = await one<number>(
			stack,
			`SELECT count(DISTINCT device_id)::int AS value FROM positions JOIN devices ON imei = device_id`,
		);

		const assigned = await one<number>(
			stack,
			`SELECT count(*)::int AS value FROM entry_devices JOIN entries ON entries.id = entry_devices.entry
			JOIN events ON events.id = entries.event WHERE slug = $1`,
			[SEED_NAME],
		);

		expect(devices).toBe(assigned);
		expect(await count(stack, 'positions')).toBeGreaterThan(150_000);
		expect(
			await one<number>(
				stack,
				`SELECT count(*)::int AS value FROM positions WHERE extract(microseconds FROM ts)::bigint % 1000 <> 0`,
			),
		).toBeGreaterThan(10_000);
	});

	it('has every fault of the manifest under its key', async () => {
		const keys = (await csvRows('faults.csv')).map((row) => row.split(',') as [string, string]);

		const found = await one<number>(
			stack,
			`SELECT count(*)::int AS value FROM unnest($1::text[], $2::timestamptz[]) AS key (device_id, ts)
			JOIN positions USING (device_id, ts)`,
			[keys.map(([device]) => device), keys.map(([, ts]) => ts)],
		);

		expect(found).toBe(keys.length);
	});

	it('says what it loaded', async () => {
		expect(await one(stack, `SELECT value FROM trm.state WHERE key = 'seed:${SEED_NAME}'`)).toMatchObject({
			fixes: await count(stack, 'positions'),
			entries: 60,
		});
	});

	it('does not change when it is loaded again', async () => {
		const before = await fingerprint(stack);
		const { code, output } = await stack.trm(['seed', 'load', SEED, '--hash', 'c0ffee00']);

		expect(output).toContain('0 items created, 0 updated, 423 kept; 0 fixes inserted');
		expect(code).toBe(0);
		expect(await fingerprint(stack)).toBe(before);
		expect(await one(stack, `SELECT value ->> 'hash' AS value FROM trm.state WHERE key = 'seed:${SEED_NAME}'`)).toBe(
			'c0ffee00',
		);
	});

	it('keeps what an operator has done, and puts fields back only when told to', async () => {
		const [entry] = (await stack.api('GET', '/items/entries?filter[race_number][_eq]=5')).body.data;
		await stack.api('PATCH', `/items/entries/${entry.id}`, { team: 'Edited by hand' });
		await stack.db.query(`UPDATE positions SET faulty = true WHERE device_id = '004409990000019'`);
		await settledStream(stack);
		const before = await fingerprint(stack);
		const arguments_ = ['seed', 'load', SEED, '--fixes-per-device', '10', '--entries', '1'];

		const kept = await stack.trm(arguments_);
		expect(kept.output).toContain('1 items were edited since');
		expect(await fingerprint(stack)).toBe(before);

		const events = await countOutbox(stack);
		const reset = await stack.trm([...arguments_, '--reset-fields']);
		expect(reset.output).toContain('1 updated');
		expect((await stack.api('GET', `/items/entries/${entry.id}`)).body.data.team).toBe(entry.team);
		expect(await countOutbox(stack)).toBe(events + 1);
		expect(
			await one(stack, `SELECT bool_and(faulty) AS value FROM positions WHERE device_id = '004409990000019'`),
		).toBe(true);
	});

	it('accepts an item that was made by hand under the same key', async () => {
		const imei = '004409990000019';
		const [old] = (await stack.api('GET', `/items/devices?filter[imei][_eq]=${imei}&fields=id,organization,entries.id`))
			.body.data;
		await stack.api('DELETE', `/items/entry_devices/${old.entries[0].id}`);
		expect((await stack.api('DELETE', `/items/devices/${old.id}`)).status).toBe(204);
		const { id } = await stack.create('devices', { imei, model: 'By hand', organization: old.organization });

		const { code, output } = await stack.trm(['seed', 'load', SEED, '--hours', '0']);
		expect(code, output).toBe(0);
		expect(await one(stack, `SELECT count(*)::int AS value FROM entry_devices WHERE device = $1`, [id])).toBe(1);
	});
});
