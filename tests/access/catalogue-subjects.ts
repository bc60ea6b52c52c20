import { randomUUID } from 'node:crypto';
import type { Batch } from './rows.js';
import { canary, EVENT_TIMES, newImei, newSlug, type EventRows } from './side.js';
import type { Context, Creation, Subject } from './subject.js';

/** The organisation of a situation, and the rows of its event that tries are about. */
export function sideOf({ world, situation }: Context): { organization: string; rows: EventRows } {
	const { organization, draft, published } = situation === 'own' ? world.own : world.foreign;
	return { organization, rows: situation === 'foreign_public' ? published : draft };
}

let raceNumber = 1;

export const addEvent = (batch: Batch, organization: string, status: string) =>
	batch.add('events', { organization, name: canary(), slug: newSlug(), status, ...EVENT_TIMES });

export const addEntry = (batch: Batch, rows: EventRows, more: object = {}) =>
	batch.add('entries', { event: rows.event, class: rows.class, race_number: ++raceNumber, ...more });

const vehicleRow = () => ({ make: canary(), model: canary(), year: 2026, kind: 'moto' });
const deviceRow = () => ({ imei: newImei(), model: canary() });

export const addDevice = (batch: Batch, organization: string) => batch.add('devices', { organization, ...deviceRow() });

/** A vehicle of the organisation of the situation; where that is public it races, so that everybody sees it. */
function addVehicle(context: Context, organization = sideOf(context).organization): string {
	const { batch, situation } = context;
	const vehicle = batch.add('vehicles', { organization, ...vehicleRow() });
	const isTheirs = organization === sideOf(context).organization;
	if (situation === 'foreign_public' && isTheirs) addEntry(batch, sideOf(context).rows, { vehicle });
	return vehicle;
}

/** The other organisation of those to whom the situation's belongs. */
const borrowerOf = ({ world, situation }: Context) => (situation === 'own' ? world.sister : world.quiet);

/** A new device or vehicle: of the organisation of the situation; where that is foreign, also one's own lent to it, and nobody's. */
function creationsOf(context: Context, row: () => Record<string, string | number>, mark: string): Creation[] {
	const { organization } = sideOf(context);
	const owners = [
		{ organization },
		{ organization: context.world.own.organization, organizations: [{ organization }] },
		{ organization: randomUUID() },
	];

	return (context.situation === 'own' ? owners.slice(0, 1) : owners).map((owner) => {
		const data = row();
		return { data: { ...data, ...owner }, mark: { [mark]: String(data[mark]) } };
	});
}

/** From the sister into one's own; where the situation is foreign, one's own into theirs, and theirs into one's own. */
function linkCreations(context: Context, column: string, add: (organization: string) => string): Creation[] {
	const { world, situation } = context;
	const own = world.own.organization;
	const foreign = sideOf(context).organization;
	const link = (organization: string, id: string) => {
		const data = { organization, [column]: id };
		return { data, mark: data };
	};

	return situation === 'own' ? [link(own, add(world.sister))] : [link(foreign, add(own)), link(own, add(foreign))];
}

/** Where a loan would be moved to: out of one's own, or into it. */
const elsewhere = ({ world, situation }: Context) => (situation === 'own' ? world.quiet : world.own.organization);

const lendDevice = (context: Context) =>
	context.batch.add('organization_devices', {
		organization: borrowerOf(context),
		device: addDevice(context.batch, sideOf(context).organization),
	});

const lendVehicle = (context: Context) =>
	context.batch.add('organization_vehicles', { organization: borrowerOf(context), vehicle: addVehicle(context) });

/** The role in an organisation: those who are nothing there get a viewer's membership, which must not help them. */
export const membershipOf = (role: string) =>
	['owner', 'race_director', 'timekeeper', 'operator', 'marshal'].includes(role) ? role : 'viewer';

/** As own: one in which the person has the role. What has an event cannot be deleted. */
function addOrganization({ batch, role, person, situation }: Context, published = false): string {
	const organization = batch.add('organizations', { name: canary(), slug: newSlug(), country: 'AL' });
	if (situation === 'own') batch.add('organization_users', { organization, user: person, role: membershipOf(role) });
	if (published) addEvent(batch, organization, 'published');
	return organization;
}

const organizations: Subject = {
	collection: 'organizations',
	target: ({ world, situation }) =>
		situation === 'foreign_draft' ? world.quiet : world[situation === 'own' ? 'own' : 'foreign'].organization,
	nested: (context) =>
		context.situation === 'foreign_draft'
			? { collection: 'organization_users', id: context.world.memberships.stranger, path: ['organization', 'id'] }
			: { collection: 'events', id: sideOf(context).rows.event, path: ['organization', 'id'] },
	creations: () => {
		const slug = newSlug();
		return [{ data: { name: canary(), slug }, mark: { slug } }];
	},
	updates: (context) => [
		{ id: addOrganization(context, context.situation === 'foreign_public'), data: { name: canary() } },
	],
	deletions: (context) => [addOrganization(context)],
};

const vehicles: Subject = {
	collection: 'vehicles',
	target: (context) => sideOf(context).rows.vehicle,
	nested: (context) => ({ collection: 'entries', id: sideOf(context).rows.entry, path: ['vehicle', 'id'] }),
	creations: (context) => creationsOf(context, vehicleRow, 'make'),
	updates: (context) => [{ id: addVehicle(context), data: { model: canary() } }],
	// An entry would hold it.
	deletions: (context) => [
		addVehicle({ ...context, situation: context.situation === 'own' ? 'own' : 'foreign_draft' }),
	],
};

const organizationVehicles: Subject = {
	collection: 'organization_vehicles',
	target: (context) => sideOf(context).rows.organization_vehicle,
	nested: (context) => ({ collection: 'vehicles', id: sideOf(context).rows.vehicle, path: ['organizations', 'id'] }),
	creations: (context) => linkCreations(context, 'vehicle', (organization) => addVehicle(context, organization)),
	updates: (context) => [{ id: lendVehicle(context), data: { organization: elsewhere(context) } }],
	deletions: (context) => [lendVehicle(context)],
};

const devices: Subject = {
	collection: 'devices',
	target: (context) => sideOf(context).rows.device,
	nested: (context) => ({ collection: 'entry_devices', id: sideOf(context).rows.assignment, path: ['device', 'id'] }),
	creations: (context) => creationsOf(context, deviceRow, 'imei'),
	updates: (context) => [{ id: addDevice(context.batch, sideOf(context).organization), data: { model: canary() } }],
	deletions: (context) => [addDevice(context.batch, sideOf(context).organization)],
};

const organizationDevices: Subject = {
	collection: 'organization_devices',
	target: (context) => sideOf(context).rows.organization_device,
	nested: (context) => ({ collection: 'devices', id: sideOf(context).rows.device, path: ['organizations', 'id'] }),
	creations: (context) => linkCreations(context, 'device', (organization) => addDevice(context.batch, organization)),
	updates: (context) => [{ id: lendDevice(context), data: { organization: elsewhere(context) } }],
	deletions: (context) => [lendDevice(context)],
};

export const catalogueSubjects: Record<string, Subject> = {
	organizations,
	vehicles,
	organization_vehicles: organizationVehicles,
	devices,
	organization_devices: organizationDevices,
};
