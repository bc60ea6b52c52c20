import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Stack } from '../support/stack.js';

/** An event and one row of everything that hangs on it; `vehicle` and `device` serve its only entry. */
export interface EventRows {
	event: string;
	class: string;
	vehicle: string;
	organization_vehicle: string;
	device: string;
	imei: string;
	organization_device: string;
	entry: string;
	crew: string;
	assignment: string;
	flag: string;
}

/** An organisation with a draft event and a published one. */
export interface Side {
	organization: string;
	draft: EventRows;
	published: EventRows;
}

export const EVENT_TIMES = { start_date: '2026-06-06', end_date: '2026-06-13', timezone: 'Europe/Tirane' };
/** The tracker of an entry: assigned all of June 2026; its fixes lie at FIX_TIMES. */
export const ASSIGNED = { assigned_from: '2026-06-01T00:00:00Z', assigned_to: '2026-07-01T00:00:00Z' };
export const FIX_RANGE = { from: '2026-06-07T08:00:00Z', to: '2026-06-07T08:10:00Z' };

/** Text that stands nowhere else, so that it is recognised in any answer. */
export const canary = () => `canary${randomBytes(6).toString('hex')}`;
export const newSlug = () => `slug-${randomBytes(8).toString('hex')}`;
export const newImei = () => `35${randomInt(10 ** 12, 10 ** 13 - 1)}`;
export const newVin = () => randomBytes(9).toString('hex').toUpperCase().slice(0, 17);
export const newPhone = () => `+355${randomInt(10 ** 8, 10 ** 9 - 1)}`;

/**
 * Makes an organisation with all that belongs to it, as the administrator.
 * @param borrower the organisation that its vehicles and trackers are lent to
 * @param crewUsers the users that are the rider of the draft and of the published event's entry
 */
export async function makeSide(
	stack: Stack,
	name: string,
	borrower: string,
	crewUsers: { draft: string | null; published: string | null },
): Promise<Side> {
	const { id } = await stack.create('organizations', { name: `${name} ${canary()}`, slug: newSlug(), country: 'AL' });

	const ids = { organization: id, borrower };

	return {
		organization: id,
		draft: await makeEvent(stack, ids, 'draft', crewUsers.draft),
		published: await makeEvent(stack, ids, 'published', crewUsers.published),
	};
}

async function makeEvent(
	stack: Stack,
	{ organization, borrower }: { organization: string; borrower: string },
	status: string,
	user: string | null,
): Promise<EventRows> {
	const create = async (collection: string, item: object) => (await stack.create(collection, item)).id;
	const imei = newImei();

	const event = await create('events', {
		organization,
		name: canary(),
		slug: newSlug(),
		status,
		...EVENT_TIMES,
	});
	const category = await create('classes', { event, code: canary(), name: canary(), kind: 'moto', sort: 1 });
	const vehicle = await create('vehicles', {
		organization,
		make: canary(),
		model: canary(),
		year: 2026,
		kind: 'moto',
		plate: canary(),
		vin: newVin(),
	});
	const device = await create('devices', {
		organization,
		imei,
		model: canary(),
		protocol: 'teltonika',
		phone: newPhone(),
	});
	const entry = await create('entries', { event, race_number: 1, class: category, vehicle, team: canary() });
	const crew = await create('entry_crew', { entry, name: canary(), nationality: 'AL', role: 'rider', user });
	const assignment = await create('entry_devices', { entry, device, ...ASSIGNED });

	return {
		event,
		class: category,
		vehicle,
		organization_vehicle: await create('organization_vehicles', { organization: borrower, vehicle }),
		device,
		imei,
		organization_device: await create('organization_devices', { organization: borrower, device }),
		entry,
		crew,
		assignment,
		flag: await flagSomething(stack, imei),
	};
}

/** Sixty fixes a second apart from 08:00 on, of which the first two are flagged as any operator does it. */
async function flagSomething(stack: Stack, imei: string): Promise<string> {
	await stack.db.query(
		`INSERT INTO positions (device_id, ts, latitude, longitude, speed)
		SELECT $1, $2::timestamptz + second * interval '1 second', 41.3, 19.8, 50 FROM generate_series(0, 59) AS second`,
		[imei, FIX_RANGE.from],
	);

	const { status, body } = await stack.api('POST', '/positions/flag-faulty', {
		reason: canary(),
		ranges: [{ device_id: imei, from: FIX_RANGE.from, to: '2026-06-07T08:00:02Z' }],
	});

	if (status !== 200) throw new Error(`flag-faulty answered ${status}: ${JSON.stringify(body)}`);
	return body.data.flags[0].id;
}

/** A request for what a device sent that nobody has flagged. */
export const newRequest = () => randomUUID();
