import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { COLLECTIONS as PUBLISHED } from '../../packages/event-contract/collections.js';
import { root } from '../support/environment.js';
import { countRows, EVENT_TIMES, flagOf, makeEvent, refusal, type EventFixture } from '../support/event-fixture.js';
import { insertFlag } from '../support/flagging.js';
import { useServedStack } from '../support/served.js';
import type { Stack } from '../support/stack.js';

const COLLECTIONS = [...PUBLISHED, 'position_flags'].sort();

let stack: Stack;
let given: EventFixture;

const post = (collection: string, item: object) => stack.api('POST', `/items/${collection}`, item);
const slugOf = async (id: string) => (await stack.api('GET', `/items/organizations/${id}`)).body.data.slug;
const imeiOf = async (id: string) => (await stack.api('GET', `/items/devices/${id}`)).body.data.imei;
const administrator = async () => (await stack.api('GET', '/users/me')).body.data.id;

useServedStack((served) => void (stack = served));

beforeEach(async () => {
	given = await makeEvent(stack);
});

describe('the snapshot', () => {
	it('makes the twelve collections', async () => {
		const { body } = await stack.api('GET', '/collections');
		const tables = body.data
			.filter(({ collection, schema }: { collection: string; schema: unknown }) => {
				return schema !== null && !collection.startsWith('directus_');
			})
			.map(({ collection }: { collection: string }) => collection);

		expect(tables.sort()).toEqual(COLLECTIONS);
	});

	it('has nothing left to apply, also with the constraints and triggers of after-schema in place', async () => {
		const { code, output } = await stack.cli(['schema', 'apply', '--dry-run', join(root, 'snapshots/schema.yaml')]);
		expect(output).toContain('No changes to apply.');
		expect(code).toBe(0);
	});

	it('names every collection and field, with a note', async () => {
		const [collections, fields] = await Promise.all([stack.api('GET', '/collections'), stack.api('GET', '/fields')]);
		const ours = ({ collection }: { collection: string }) => COLLECTIONS.includes(collection);
		const bare = [...collections.body.data, ...fields.body.data]
			.filter(ours)
			.filter(
				({ meta }) =>
					!meta.note || !meta.translations?.some(({ language }: { language: string }) => language === 'en-US'),
			)
			.map(({ collection, field }) => `${collection}.${field ?? ''}`);

		expect(bare).toEqual([]);
	});
});

/** Lends it to another organisation. @returns the loan. */
async function lend(collection: string, what: object): Promise<object> {
	const loan = { organization: (await makeEvent(stack)).organization, ...what };
	await stack.create(collection, loan);
	return loan;
}

describe('uniques', () => {
	it.each<[string, string, (given: EventFixture) => Promise<object> | object]>([
		['organizations', 'slug', async ({ organization }) => ({ name: 'Other', slug: await slugOf(organization) })],
		['devices', 'imei', async ({ organization, device }) => ({ organization, imei: await imeiOf(device) })],
		['organization_vehicles', 'organization, vehicle', ({ vehicle }) => lend('organization_vehicles', { vehicle })],
		['organization_devices', 'organization, device', ({ device }) => lend('organization_devices', { device })],
		[
			'events',
			'organization, slug',
			({ organization }) => ({ organization, name: 'Again', slug: 'rally', ...EVENT_TIMES }),
		],
		['classes', 'event, code', ({ event }) => ({ event, code: 'R2', name: 'Again', kind: 'moto' })],
		['entries', 'event, race_number', (given) => ({ event: given.event, race_number: 1, class: given.class })],
	])('%s (%s)', async (collection, field, item) => {
		const { status, body } = await post(collection, await item(given));
		expect(status).toBe(400);
		expect(body.errors[0].extensions).toMatchObject({ code: 'RECORD_NOT_UNIQUE', collection, field });
	});

	it('organization_users (organization, user)', async () => {
		const member = { organization: given.organization, user: await administrator(), role: 'owner' };
		await stack.create('organization_users', member);
		expect(await refusal(post('organization_users', { ...member, role: 'viewer' }))).toEqual([
			400,
			'RECORD_NOT_UNIQUE',
		]);
	});

	it('position_flags (request, device)', async () => {
		const flag = flagOf(given.device);
		await insertFlag(stack, flag);
		await expect(insertFlag(stack, flag)).rejects.toMatchObject({
			constraint: 'position_flags_request_device_unique',
		});
	});

	it('lets another event have the same slug, code and race number', async () => {
		const other = await makeEvent(stack);
		expect(other.event).not.toBe(given.event);
	});
});

describe('a tracker serves one entry at a time', () => {
	let second: string;

	beforeEach(async () => {
		second = (await stack.create('entries', { event: given.event, race_number: 2, class: given.class })).id;
	});

	const assign = (assigned_from: string, assigned_to: string | null) =>
		post('entry_devices', { entry: second, device: given.device, assigned_from, assigned_to });

	it.each([
		['inside', '2026-06-06T08:00:00Z', '2026-06-06T09:00:00Z'],
		['over the end', '2026-06-07T05:59:59Z', '2026-06-08T06:00:00Z'],
		['without an end', '2026-06-06T05:00:00Z', null],
	])('refuses a time %s of the other', async (_, from, to) => {
		const { status, body } = await assign(from, to);
		expect(status).toBe(400);
		expect(body.errors[0].extensions).toMatchObject({ code: 'FAILED_VALIDATION', field: 'device' });
		expect(await countRows(stack, 'entry_devices', 'entry', second)).toBe(0);
	});

	it('takes one that begins when the other ends', async () => {
		expect((await assign('2026-06-07T06:00:00Z', null)).status).toBe(200);
	});

	it('refuses an update that opens the end of the other into it', async () => {
		await assign('2026-06-07T06:00:00Z', null);
		const { body } = await stack.api('GET', `/items/entry_devices?filter[entry][_eq]=${given.entry}&fields=id`);
		const path = `/items/entry_devices/${body.data[0].id}`;
		expect(await refusal(stack.api('PATCH', path, { assigned_to: null }))).toEqual([400, 'FAILED_VALIDATION']);
	});

	it.each(['2026-06-10T06:00:00Z', '2026-06-09T06:00:00Z'])(
		'refuses an end at or before the beginning (%s)',
		async (to) => {
			expect(await refusal(assign('2026-06-10T06:00:00Z', to))).toEqual([400, 'FAILED_VALIDATION']);
		},
	);
});
