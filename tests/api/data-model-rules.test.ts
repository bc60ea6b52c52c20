import { beforeEach, describe, expect, it } from 'vitest';
import {
	countRows,
	EVENT_TIMES,
	flagOf,
	makeEvent,
	newSlug,
	refusal,
	type EventFixture,
} from '../support/event-fixture.js';
import { insertFlag } from '../support/flagging.js';
import { useServedStack } from '../support/served.js';
import type { Stack } from '../support/stack.js';

let stack: Stack;
let given: EventFixture;

const post = (collection: string, item: object) => stack.api('POST', `/items/${collection}`, item);
const remove = (collection: string, id: string) => stack.api('DELETE', `/items/${collection}/${id}`);

useServedStack((served) => void (stack = served));

beforeEach(async () => {
	given = await makeEvent(stack);
});

describe('deletions', () => {
	it('an event takes its classes, entries, crews and assignments along', async () => {
		const parent = given.class;
		await stack.create('classes', { event: given.event, code: 'MM', name: 'Malle Moto', kind: 'moto', parent });
		expect((await remove('events', given.event)).status).toBe(204);

		expect(await countRows(stack, 'classes', 'event', given.event)).toBe(0);
		expect(await countRows(stack, 'entries', 'event', given.event)).toBe(0);
		expect(await countRows(stack, 'entry_crew', 'entry', given.entry)).toBe(0);
		expect(await countRows(stack, 'entry_devices', 'entry', given.entry)).toBe(0);
		expect(await countRows(stack, 'devices', 'id', given.device)).toBe(1);
		expect(await countRows(stack, 'vehicles', 'id', given.vehicle)).toBe(1);
	});

	it('an organization that owns nothing takes its members and loans along, and nothing else', async () => {
		const lender = await makeEvent(stack);
		const { organization } = given;
		await stack.create('organization_vehicles', { organization, vehicle: lender.vehicle });
		await stack.create('organization_devices', { organization, device: lender.device });
		await remove('events', given.event);
		expect(await refusal(remove('organizations', organization))).toEqual([409, 'RECORD_IN_USE']);
		expect((await remove('vehicles', given.vehicle)).status).toBe(204);
		expect(await refusal(remove('organizations', organization))).toEqual([409, 'RECORD_IN_USE']);
		expect((await remove('devices', given.device)).status).toBe(204);

		expect((await remove('organizations', organization)).status).toBe(204);
		expect(await countRows(stack, 'organization_vehicles', 'organization', organization)).toBe(0);
		expect(await countRows(stack, 'organization_devices', 'organization', organization)).toBe(0);
		expect(await countRows(stack, 'devices', 'id', lender.device)).toBe(1);
		expect(await countRows(stack, 'vehicles', 'id', lender.vehicle)).toBe(1);
	});

	it.each(['vehicle', 'device'] as const)('a %s that is lent stays', async (kind) => {
		const { organization } = await makeEvent(stack);
		await stack.create(`organization_${kind}s`, { organization, [kind]: given[kind] });
		await remove('events', given.event);
		expect(await refusal(remove(`${kind}s`, given[kind]))).toEqual([409, 'RECORD_IN_USE']);
	});

	it.each(['vehicle', 'device'] as const)('a %s of others is no %s for an entry, unless it is lent', async (kind) => {
		const other = await makeEvent(stack);
		const use = () =>
			kind === 'vehicle'
				? stack.api('PATCH', `/items/entries/${given.entry}`, { vehicle: other.vehicle })
				: post('entry_devices', { entry: given.entry, device: other.device, assigned_from: '2027-01-01T00:00:00Z' });

		expect(await refusal(use())).toEqual([400, 'INVALID_FOREIGN_KEY']);
		const { id } = await stack.create(`organization_${kind}s`, {
			organization: given.organization,
			[kind]: other[kind],
		});
		expect((await use()).status).toBe(200);
		// What was assigned while it was lent is history.
		expect((await remove(`organization_${kind}s`, id)).status).toBe(204);
	});

	it.each<[string, keyof EventFixture, string]>([
		['organizations', 'organization', 'devices'],
		['classes', 'class', 'entries'],
		['vehicles', 'vehicle', 'entries'],
		['devices', 'device', 'entry_devices'],
	])('%s stay while in use', async (collection, key, by) => {
		const { status, body } = await remove(collection, given[key]);
		expect(status).toBe(409);
		expect(body.errors[0].extensions).toMatchObject({ code: 'RECORD_IN_USE', collection: by });
		expect(await countRows(stack, collection, 'id', given[key])).toBe(1);
	});

	it('a device with flagged fixes stays', async () => {
		await insertFlag(stack, flagOf(given.device));
		await remove('events', given.event);
		expect(await refusal(remove('devices', given.device))).toEqual([409, 'RECORD_IN_USE']);
	});

	it('a parent class leaves its sub-classes, without a parent', async () => {
		const parent = (await stack.create('classes', { event: given.event, code: 'P', name: 'Parent', kind: 'moto' })).id;
		const child = (
			await stack.create('classes', { event: given.event, code: 'C', name: 'Child', kind: 'moto', parent })
		).id;
		expect((await remove('classes', parent)).status).toBe(204);
		expect((await stack.api('GET', `/items/classes/${child}`)).body.data).toMatchObject({
			parent: null,
			event: given.event,
		});
	});

	it('a user leaves the crew place, and takes the membership along', async () => {
		const user = (await stack.api('POST', '/users', { email: `${newSlug()}@example.com` })).body.data.id;
		const crew = await stack.create('entry_crew', {
			entry: given.entry,
			name: 'Navigator 001',
			role: 'navigator',
			user,
		});
		await stack.create('organization_users', { organization: given.organization, user, role: 'marshal' });
		expect((await stack.api('DELETE', `/users/${user}`)).status).toBe(204);
		expect((await stack.api('GET', `/items/entry_crew/${crew.id}`)).body.data.user).toBeNull();
		expect(await countRows(stack, 'organization_users', 'user', user)).toBe(0);
	});
});

describe('what belongs to another event', () => {
	it('is no class of an entry and no parent of a class', async () => {
		const other = await makeEvent(stack);
		const entry = { event: given.event, race_number: 2, class: other.class };
		const category = { event: given.event, code: 'X', name: 'X', kind: 'moto', parent: other.class };
		expect(await refusal(post('entries', entry))).toEqual([400, 'INVALID_FOREIGN_KEY']);
		expect(await refusal(post('classes', category))).toEqual([400, 'INVALID_FOREIGN_KEY']);
	});

	it('is a parent where the event has a class of the same code: so is an event copied with its classes', async () => {
		const malle = { event: given.event, code: 'MM', name: 'Malle', kind: 'moto', parent: given.class };
		await stack.create('classes', malle);
		// As the app sends them: with the parents of the copied event, and in any order.
		const copied = [
			{ code: 'MM', name: 'Malle', kind: 'moto', parent: { id: given.class } },
			{ code: 'R2', name: 'Rally2', kind: 'moto', parent: null },
		];
		const copy = { organization: given.organization, name: 'Copy', slug: 'copy', ...EVENT_TIMES };

		for (const [slug, classes] of Object.entries({
			list: copied,
			changes: { create: copied, update: [], delete: [] },
		})) {
			const { status, body } = await post('events', { ...copy, slug, classes });
			expect(status).toBe(200);
			const { rows } = await stack.db.query(
				`SELECT child.code, parent.code AS parent, parent.event AS event FROM classes AS child
				JOIN classes AS parent ON parent.id = child.parent WHERE child.event = $1`,
				[body.data.id],
			);
			expect(rows).toEqual([{ code: 'MM', parent: 'R2', event: body.data.id }]);
		}
	});

	it('nor is a class its own parent', async () => {
		const answer = stack.api('PATCH', `/items/classes/${given.class}`, { parent: given.class });
		expect(await refusal(answer)).toEqual([400, 'FAILED_VALIDATION']);
	});

	it('nor is one of its descendants, also by two changes at once', async () => {
		const made = await Promise.all(
			['A', 'B', 'C'].map((code) => stack.create('classes', { event: given.event, code, name: code, kind: 'moto' })),
		);
		const [a = '', b = '', c = ''] = made.map(({ id }) => id);
		const setParent = (id: string, parent: string | null) => stack.api('PATCH', `/items/classes/${id}`, { parent });
		expect((await setParent(b, a)).status).toBe(200);
		expect((await setParent(c, b)).status).toBe(200);
		const { status, body } = await setParent(a, c);
		expect([status, body.errors[0].extensions]).toMatchObject([400, { code: 'FAILED_VALIDATION', field: 'parent' }]);
		expect(body.errors[0].message).toContain('Class A counts in itself');

		for (let round = 0; round < 5; round += 1) {
			await setParent(b, null);
			const answers = await Promise.all([setParent(b, a), setParent(a, b)]);
			expect(answers.map((answer) => answer.status).sort()).toEqual([200, 400]);
			await setParent(a, null);
		}
	});
});

describe('a vehicle in a class of another kind', () => {
	const refused = async (answer: ReturnType<typeof post>) => {
		const { status, body } = await answer;
		expect([status, body.errors[0].extensions.field]).toEqual([400, 'vehicle']);
		return body.errors[0].message;
	};

	it('is refused, with both kinds, by whatever change', async () => {
		const quad = (await stack.create('vehicles', { organization: given.organization, make: 'Yamaha', kind: 'quad' }))
			.id;
		const entry = { event: given.event, race_number: 2, class: given.class };
		expect(await refused(post('entries', { ...entry, vehicle: quad }))).toBe(
			'Entry 2: the vehicle is of kind quad and class R2 of kind moto: choose a vehicle or a class of the same kind.',
		);
		await refused(stack.api('PATCH', `/items/entries/${given.entry}`, { vehicle: quad }));
		expect(await refused(stack.api('PATCH', `/items/vehicles/${given.vehicle}`, { kind: 'car' }))).toContain(
			'kind car',
		);
		expect(await refused(stack.api('PATCH', `/items/classes/${given.class}`, { kind: 'ssv' }))).toContain('kind ssv');
		expect((await post('entries', entry)).status).toBe(200);
		expect((await stack.api('PATCH', `/items/vehicles/${quad}`, { kind: 'truck' })).status).toBe(200);
	});
});
