import { canary } from '../side.js';
import { refused, type Ask, type Attack, type Group } from './attack.js';

/** Timekeeper of B and owner of A: what he may read there does not become his by what he may do here. */
const attacks: Attack[] = [
	refused("links B's tracker to A, to change it there", (s) => [
		[
			s.guest,
			'POST',
			'/items/organization_devices',
			{ organization: s.own.organization, device: s.foreign.draft.device },
		],
		[
			s.guest,
			'PATCH',
			`/items/organization_devices/${s.own.draft.organization_device}`,
			{ device: s.foreign.draft.device },
		],
	]),
	refused("links B's vehicle to A", (s) => [
		[
			s.guest,
			'POST',
			'/items/organization_vehicles',
			{ organization: s.own.organization, vehicle: s.foreign.draft.vehicle },
		],
		[
			s.guest,
			'POST',
			'/items/organization_vehicles',
			{ organization: s.own.organization, vehicle: s.foreign.published.vehicle },
		],
	]),
	// He may read it: that it is neither owned by A nor lent to A is what refuses it.
	refused(
		"puts B's tracker on an entry of A, which would hide its fixes from B",
		(s) => [
			[
				s.guest,
				'POST',
				'/items/entry_devices',
				{ entry: s.plainEntry, device: s.foreign.draft.device, assigned_from: '2027-01-01T00:00:00Z' },
			],
			[s.guest, 'PATCH', `/items/entry_devices/${s.own.draft.assignment}`, { device: s.foreign.draft.device }],
			[
				s.guest,
				'PATCH',
				`/items/entries/${s.plainEntry}`,
				{ devices: [{ device: s.foreign.draft.device, assigned_from: '2027-01-01T00:00:00Z' }] },
			],
		],
		[400, 403],
	),
	refused("moves B's rows into A", (s) => [
		[s.guest, 'PATCH', `/items/events/${s.foreign.draft.event}`, { organization: s.own.organization }],
		[s.guest, 'PATCH', `/items/classes/${s.foreign.draft.class}`, { event: s.own.draft.event }],
		[s.guest, 'PATCH', `/items/entry_crew/${s.foreign.draft.crew}`, { entry: s.plainEntry }],
		[s.guest, 'PATCH', `/items/entry_devices/${s.foreign.draft.assignment}`, { entry: s.plainEntry }],
	]),
	refused("moves A's rows into B", (s) => [
		[s.guest, 'PATCH', `/items/events/${s.own.draft.event}`, { organization: s.foreign.organization }],
		[s.guest, 'PATCH', `/items/classes/${s.plainClass}`, { event: s.foreign.draft.event }],
		[s.guest, 'PATCH', `/items/entry_crew/${s.own.draft.crew}`, { entry: s.foreign.draft.entry }],
	]),
	refused("changes more of B's entry than its status", (s) =>
		[{ team: 'x' }, { race_number: 666 }, { status: 'retired', team: 'x' }, { vehicle: null }, { crew: [] }].map(
			(body): Ask => [s.guest, 'PATCH', `/items/entries/${s.foreign.draft.entry}`, body],
		),
	),
	refused('makes rows in B', (s) => [
		[s.guest, 'POST', '/items/classes', { event: s.foreign.draft.event, code: canary(), name: canary(), kind: 'moto' }],
		[s.guest, 'POST', '/items/entry_crew', { entry: s.foreign.draft.entry, name: canary(), role: 'mechanic' }],
		[
			s.guest,
			'POST',
			'/items/entry_devices',
			{ entry: s.foreign.draft.entry, device: s.own.draft.device, assigned_from: '2027-01-01T00:00:00Z' },
		],
	]),
	refused("flags the fixes of B's tracker", (s) => [
		s.guest,
		'POST',
		'/positions/flag-faulty',
		{
			reason: 'mine',
			ranges: [{ device_id: s.foreign.draft.imei, from: '2026-06-07T08:00:30Z', to: '2026-06-07T08:00:40Z' }],
		},
	]),
	refused("makes B's members owners", (s) => [
		[s.guest, 'PATCH', `/items/organization_users/${s.memberships.foreigner}`, { organization: s.own.organization }],
		[
			s.guest,
			'POST',
			'/items/organization_users',
			{ organization: s.foreign.organization, user: s.colleague, role: 'viewer' },
		],
	]),
	refused("reads B's memberships and e-mails", (s) => [
		[s.guest, 'GET', `/items/organization_users/${s.memberships.foreigner}`],
		[s.guest, 'GET', `/users/${s.foreigner}?fields=token`],
	]),
	refused('changes a tracker and a vehicle of B', (s) => [
		[s.guest, 'PATCH', `/items/devices/${s.foreign.draft.device}`, { status: 'lost' }],
		[s.guest, 'PATCH', `/items/vehicles/${s.foreign.draft.vehicle}`, { make: 'x' }],
		[s.guest, 'DELETE', `/items/devices/${s.foreign.draft.device}`],
	]),
];

export const twoHats: Group[] = [{ name: 'a timekeeper of B who owns A', attacks }];
