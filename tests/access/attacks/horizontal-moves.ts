import { randomUUID } from 'node:crypto';
import { canary, newImei, newSlug } from '../side.js';
import { refused, type Ask, type Attack, type Group } from './attack.js';
import { eventData, type Setting } from './setting.js';

type Move = (s: Setting) => [collection: string, id: string, body: object];

/** The same change through every route that changes a row: alone, in a list, by keys, by a query, and by GraphQL. */
function moved(name: string, move: Move): Attack {
	return refused(name, (s) => {
		const [collection, id, body] = move(s);
		const path = `/items/${collection}`;
		const mutation = `mutation ($data: update_${collection}_input!) { update_${collection}_item(id: "${id}", data: $data) { id } }`;

		return [
			['owner', 'PATCH', `${path}/${id}`, body],
			['owner', 'PATCH', path, [{ id, ...body }]],
			['owner', 'PATCH', path, { keys: [id], data: body }],
			['owner', 'PATCH', path, { query: { filter: { id: { _eq: id } } }, data: body }],
			['race_director', 'PATCH', `${path}/${id}`, body],
			...byGraphql(body, mutation),
		];
	});
}

/** Its input types have a place for what one may write of a related row, which no id is: only plain values get through. */
function byGraphql(body: object, query: string): Ask[] {
	const isPlain = Object.values(body).every((value) => value !== null && !/^[0-9a-f-]{36}$/.test(String(value)));
	return isPlain ? [['owner', 'POST', '/graphql', { query, variables: { data: body } }]] : [];
}

/** Out of A into B, by whatever points to an organisation or to what belongs to one. */
const outwards: Attack[] = [
	moved("gives an own event to B's organisation", ({ own, foreign }) => [
		'events',
		own.draft.event,
		{ organization: foreign.organization },
	]),
	moved('gives an own event to an organisation that shows nothing', ({ own, quiet }) => [
		'events',
		own.draft.event,
		{ organization: quiet },
	]),
	moved('gives an own event to what is no key at all, to have the database say so', ({ own }) => [
		'events',
		own.draft.event,
		{ organization: "no key' --" },
	]),
	moved("puts an own class into B's draft event", ({ plainClass, foreign }) => [
		'classes',
		plainClass,
		{ event: foreign.draft.event },
	]),
	moved("puts an own class into B's published event", ({ plainClass, foreign }) => [
		'classes',
		plainClass,
		{ event: foreign.published.event },
	]),
	moved("hangs an own class below B's published class", ({ plainClass, foreign }) => [
		'classes',
		plainClass,
		{ parent: foreign.published.class },
	]),
	moved("enters an own entry in B's published event", ({ plainEntry, foreign }) => [
		'entries',
		plainEntry,
		{ event: foreign.published.event, class: foreign.published.class },
	]),
	moved("puts an own crew member into B's draft entry", ({ own, foreign }) => [
		'entry_crew',
		own.draft.crew,
		{ entry: foreign.draft.entry },
	]),
	moved("puts an own crew member into B's published entry", ({ own, foreign }) => [
		'entry_crew',
		own.draft.crew,
		{ entry: foreign.published.entry },
	]),
	moved("puts an own tracker on B's published entry", ({ own, foreign }) => [
		'entry_devices',
		own.draft.assignment,
		{ entry: foreign.published.entry },
	]),
	moved("gives an own vehicle's link to B", ({ own, foreign }) => [
		'organization_vehicles',
		own.draft.organization_vehicle,
		{ organization: foreign.organization },
	]),
	moved("gives an own tracker's link to B", ({ own, foreign }) => [
		'organization_devices',
		own.draft.organization_device,
		{ organization: foreign.organization },
	]),
	moved('moves a colleague into B', ({ memberships, foreign }) => [
		'organization_users',
		memberships.colleague,
		{ organization: foreign.organization },
	]),
];

/** Into A what is B's. */
const inwards: Attack[] = [
	moved("takes B's draft event", ({ own, foreign }) => [
		'events',
		foreign.draft.event,
		{ organization: own.organization },
	]),
	moved("takes B's published event", ({ own, foreign }) => [
		'events',
		foreign.published.event,
		{ organization: own.organization },
	]),
	moved("takes B's published class", ({ own, foreign }) => [
		'classes',
		foreign.published.class,
		{ event: own.draft.event },
	]),
	moved("takes B's published entry", ({ own, foreign }) => [
		'entries',
		foreign.published.entry,
		{ event: own.draft.event, class: own.draft.class },
	]),
	moved("rides B's draft vehicle", ({ plainEntry, foreign }) => [
		'entries',
		plainEntry,
		{ vehicle: foreign.draft.vehicle },
	]),
	moved("rides B's published vehicle, and so reads its plate", ({ plainEntry, foreign }) => [
		'entries',
		plainEntry,
		{ vehicle: foreign.published.vehicle },
	]),
	moved("starts in B's published class", ({ plainEntry, foreign }) => [
		'entries',
		plainEntry,
		{ class: foreign.published.class },
	]),
	moved("takes B's crew member", ({ plainEntry, foreign }) => [
		'entry_crew',
		foreign.published.crew,
		{ entry: plainEntry },
	]),
	moved("names B's owner as crew, and so reads who he is", ({ own, foreigner }) => [
		'entry_crew',
		own.draft.crew,
		{ user: foreigner },
	]),
	moved("takes B's tracker from its entry", ({ plainEntry, foreign }) => [
		'entry_devices',
		foreign.draft.assignment,
		{ entry: plainEntry },
	]),
	moved("puts B's tracker on an own entry", ({ own, foreign }) => [
		'entry_devices',
		own.draft.assignment,
		{ device: foreign.draft.device },
	]),
	moved("takes B's vehicle's link", ({ own, foreign }) => [
		'organization_vehicles',
		foreign.draft.organization_vehicle,
		{ organization: own.organization },
	]),
	moved("points an own vehicle's link at B's published vehicle", ({ own, foreign }) => [
		'organization_vehicles',
		own.draft.organization_vehicle,
		{ vehicle: foreign.published.vehicle },
	]),
	moved("points an own tracker's link at B's tracker", ({ own, foreign }) => [
		'organization_devices',
		own.draft.organization_device,
		{ device: foreign.draft.device },
	]),
	moved("takes B's owner into A", ({ own, memberships }) => [
		'organization_users',
		memberships.foreigner,
		{ organization: own.organization },
	]),
	moved("points a colleague's membership at B's owner", ({ memberships, foreigner }) => [
		'organization_users',
		memberships.colleague,
		{ user: foreigner },
	]),
];

const changes: Attack[] = [
	moved("renames B's organisation", ({ foreign }) => ['organizations', foreign.organization, { name: 'taken' }]),
	moved("renames B's published event", ({ foreign }) => ['events', foreign.published.event, { name: 'taken' }]),
	moved("withdraws B's published event", ({ foreign }) => ['events', foreign.published.event, { status: 'draft' }]),
	moved("renames B's published class", ({ foreign }) => ['classes', foreign.published.class, { name: 'taken' }]),
	moved("disqualifies B's published entry", ({ foreign }) => [
		'entries',
		foreign.published.entry,
		{ status: 'disqualified' },
	]),
	moved("renames B's rider", ({ foreign }) => ['entry_crew', foreign.published.crew, { name: 'taken' }]),
	moved("paints B's published vehicle", ({ foreign }) => ['vehicles', foreign.published.vehicle, { make: 'taken' }]),
	moved("retires B's tracker", ({ foreign }) => ['devices', foreign.published.device, { status: 'retired' }]),
	moved("ends the assignment of B's tracker", ({ foreign }) => [
		'entry_devices',
		foreign.published.assignment,
		{ assigned_to: '2026-06-02T00:00:00Z' },
	]),
	moved('makes a flag of B one of no effect', ({ foreign }) => [
		'position_flags',
		foreign.published.flag,
		{ faulty: false },
	]),
];

/** The same creation through every route that makes a row. */
function created(name: string, make: (s: Setting) => [collection: string, body: object]): Attack {
	return refused(name, (s): Ask[] => {
		const [collection, body] = make(s);
		const mutation = `mutation ($data: create_${collection}_input!) { create_${collection}_item(data: $data) { id } }`;

		return [
			['owner', 'POST', `/items/${collection}`, body],
			['race_director', 'POST', `/items/${collection}`, [body]],
			['owner', 'PATCH', `/items/${collection}`, [{ id: randomUUID(), ...body }]],
			...byGraphql(body, mutation),
		];
	});
}

const creations: Attack[] = [
	created('makes an event of B', ({ foreign }) => ['events', eventData(foreign.organization)]),
	created('makes an event of nobody', () => ['events', { ...eventData(''), organization: null }]),
	created('makes an organisation', () => ['organizations', { name: canary(), slug: newSlug() }]),
	created("makes a class in B's published event", ({ foreign }) => [
		'classes',
		{ event: foreign.published.event, code: canary(), name: canary(), kind: 'moto' },
	]),
	created("makes a class below B's published class", ({ own, foreign }) => [
		'classes',
		{ event: own.draft.event, parent: foreign.published.class, code: canary(), name: canary(), kind: 'moto' },
	]),
	created("enters B's published event", ({ foreign }) => [
		'entries',
		{ event: foreign.published.event, class: foreign.published.class, race_number: 77 },
	]),
	created("enters B's published vehicle in an own event", ({ own, foreign }) => [
		'entries',
		{ event: own.draft.event, class: own.draft.class, race_number: 78, vehicle: foreign.published.vehicle },
	]),
	created("adds somebody to the crew of B's entry", ({ foreign }) => [
		'entry_crew',
		{ entry: foreign.published.entry, name: canary(), role: 'mechanic' },
	]),
	created("links B's published vehicle to A", ({ own, foreign }) => [
		'organization_vehicles',
		{ organization: own.organization, vehicle: foreign.published.vehicle },
	]),
	created("links B's draft vehicle to A", ({ own, foreign }) => [
		'organization_vehicles',
		{ organization: own.organization, vehicle: foreign.draft.vehicle },
	]),
	created('links an own vehicle to B', ({ own, foreign }) => [
		'organization_vehicles',
		{ organization: foreign.organization, vehicle: own.draft.vehicle },
	]),
	created("links B's tracker to A", ({ own, foreign }) => [
		'organization_devices',
		{ organization: own.organization, device: foreign.draft.device },
	]),
	created('links an own tracker to B', ({ own, foreign }) => [
		'organization_devices',
		{ organization: foreign.organization, device: own.draft.device },
	]),
	created("puts B's tracker on an own entry", ({ plainEntry, foreign }) => [
		'entry_devices',
		{ entry: plainEntry, device: foreign.draft.device, assigned_from: '2027-01-01T00:00:00Z' },
	]),
	created("puts an own tracker on B's entry", ({ own, foreign }) => [
		'entry_devices',
		{ entry: foreign.published.entry, device: own.draft.device, assigned_from: '2027-01-01T00:00:00Z' },
	]),
	created('makes a tracker in B', ({ foreign }) => [
		'devices',
		{ imei: newImei(), organizations: [{ organization: foreign.organization }] },
	]),
	created('makes a tracker in A and B', ({ own, foreign }) => [
		'devices',
		{ imei: newImei(), organizations: [{ organization: own.organization }, { organization: foreign.organization }] },
	]),
	created('makes a tracker in no organisation', () => ['devices', { imei: newImei() }]),
	created('makes a vehicle in B', ({ foreign }) => [
		'vehicles',
		{ make: canary(), kind: 'moto', organizations: [{ organization: foreign.organization }] },
	]),
	created('makes a vehicle in no organisation', () => [
		'vehicles',
		{ make: canary(), kind: 'moto', organizations: [] },
	]),
	created('writes a flag past flag-faulty', ({ own }) => [
		'position_flags',
		{
			request: randomUUID(),
			device: own.draft.device,
			faulty: true,
			reason: canary(),
			from: '2026-06-07T08:00:00Z',
			to: '2026-06-07T08:00:01Z',
			matched: 1,
			changed: 1,
			ranges: [{ from: '2026-06-07T08:00:00Z', to: '2026-06-07T08:00:01Z' }],
		},
	]),
];

export const horizontalMoves: Group[] = [
	{ name: 'moving rows of A into B', attacks: outwards },
	{ name: 'moving rows of B into A', attacks: inwards },
	{ name: "changing B's rows", attacks: changes },
	{ name: 'making rows that are not of A alone', attacks: creations },
];
