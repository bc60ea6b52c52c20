import { canary } from '../side.js';
import { harmless, refused, type Attack, type Group } from './attack.js';
import type { Setting } from './setting.js';

const nested = (name: string, collection: string, id: (s: Setting) => string, body: (s: Setting) => object): Attack =>
	refused(name, (s) => [
		['owner', 'PATCH', `/items/${collection}/${id(s)}`, body(s)],
		['race_director', 'PATCH', `/items/${collection}`, [{ id: id(s), ...body(s) }]],
	]);

/** The same for what Directus takes for a row that is not in the list, and leaves alone. */
const ignored = (...given: Parameters<typeof nested>): Attack => {
	const [name] = given;
	return harmless(name, nested(...given).asks, [200, 403]);
};

const ownEvent = (s: Setting) => s.own.draft.event;
const ownEntry = (s: Setting) => s.own.draft.entry;
const ownClass = (s: Setting) => s.own.draft.class;

/** Rows of B in the lists of rows of A, in each of the forms that Directus takes. */
const lists: Attack[] = [
	nested("takes B's class by its key", 'events', ownEvent, (s) => ({ classes: [s.foreign.published.class] })),
	nested("takes B's class as an object", 'events', ownEvent, (s) => ({
		classes: [{ id: s.foreign.published.class, name: canary() }],
	})),
	nested("changes B's class as an update", 'events', ownEvent, (s) => ({
		classes: { create: [], update: [{ id: s.foreign.published.class, name: 'taken' }], delete: [] },
	})),
	nested("takes B's class as an update of its event", 'events', ownEvent, (s) => ({
		classes: { update: [{ id: s.foreign.published.class, event: s.own.draft.event }] },
	})),
	ignored("deletes B's class", 'events', ownEvent, (s) => ({
		classes: { create: [], update: [], delete: [s.foreign.published.class] },
	})),
	nested("makes a class below B's", 'events', ownEvent, (s) => ({
		classes: {
			create: [{ code: canary(), name: canary(), kind: 'moto', parent: s.foreign.published.class }],
			update: [],
			delete: [],
		},
	})),
	nested("makes a class in B's event, from an own one", 'events', ownEvent, (s) => ({
		classes: {
			create: [{ code: canary(), name: canary(), kind: 'moto', children: [s.foreign.published.class] }],
			update: [],
			delete: [],
		},
	})),
	nested("takes B's entry", 'events', ownEvent, (s) => ({ entries: [s.foreign.published.entry] })),
	ignored("deletes B's entry", 'events', ownEvent, (s) => ({
		entries: { create: [], update: [], delete: [s.foreign.published.entry] },
	})),
	nested("disqualifies B's entry", 'events', ownEvent, (s) => ({
		entries: { create: [], update: [{ id: s.foreign.published.entry, status: 'disqualified' }], delete: [] },
	})),
	nested("makes an entry on B's vehicle", 'events', ownEvent, (s) => ({
		entries: {
			create: [{ race_number: 81, class: s.own.draft.class, vehicle: s.foreign.draft.vehicle }],
			update: [],
			delete: [],
		},
	})),
	nested("takes B's class as a child", 'classes', ownClass, (s) => ({ children: [s.foreign.published.class] })),
	ignored("frees B's class of its parent", 'classes', ownClass, (s) => ({
		children: { create: [], update: [], delete: [s.foreign.published.class] },
	})),
	nested("takes B's crew", 'entries', ownEntry, (s) => ({ crew: [s.foreign.published.crew] })),
	nested("renames B's crew", 'entries', ownEntry, (s) => ({
		crew: { create: [], update: [{ id: s.foreign.published.crew, name: 'taken' }], delete: [] },
	})),
	ignored("deletes B's crew", 'entries', ownEntry, (s) => ({
		crew: { create: [], update: [], delete: [s.foreign.published.crew] },
	})),
	nested("makes B's owner one of the crew", 'entries', ownEntry, (s) => ({
		crew: { create: [{ name: canary(), role: 'mechanic', user: s.foreigner }], update: [], delete: [] },
	})),
	nested("takes B's tracker's assignment", 'entries', ownEntry, (s) => ({ devices: [s.foreign.draft.assignment] })),
	nested("assigns B's tracker", 'entries', ownEntry, (s) => ({
		devices: {
			create: [{ device: s.foreign.draft.device, assigned_from: '2027-01-01T00:00:00Z' }],
			update: [],
			delete: [],
		},
	})),
	ignored("ends B's assignment", 'entries', ownEntry, (s) => ({
		devices: { create: [], update: [], delete: [s.foreign.draft.assignment] },
	})),
];

/** What a row points to, as an object: Directus writes that one as well. */
const parents: Attack[] = [
	nested("renames B's organisation through an own event", 'events', ownEvent, (s) => ({
		organization: { id: s.foreign.organization, name: 'taken' },
	})),
	nested('makes an organisation through an own event', 'events', ownEvent, () => ({
		organization: { name: canary(), slug: canary() },
	})),
	nested("activates one's own organisation through an event", 'events', ownEvent, (s) => ({
		organization: { id: s.own.organization, status: 'archived' },
	})),
	nested("renames B's event through an own class", 'classes', ownClass, (s) => ({
		event: { id: s.foreign.published.event, name: 'taken' },
	})),
	nested("renames B's class through an own one", 'classes', ownClass, (s) => ({
		parent: { id: s.foreign.published.class, name: 'taken' },
	})),
	nested("paints B's vehicle through an own entry", 'entries', ownEntry, (s) => ({
		vehicle: { id: s.foreign.published.vehicle, make: 'taken' },
	})),
	nested(
		"takes B's entry's crew through an own crew member",
		'entry_crew',
		(s) => s.own.draft.crew,
		(s) => ({
			entry: { id: s.foreign.published.entry, status: 'retired' },
		}),
	),
	nested(
		"raises a colleague's rank through the crew",
		'entry_crew',
		(s) => s.own.draft.crew,
		(s) => ({
			user: { id: s.colleague, role: s.administrators.role },
		}),
	),
	nested(
		'makes an administrator through the crew',
		'entry_crew',
		(s) => s.own.draft.crew,
		(s) => ({
			user: { email: `${canary()}@example.com`, password: canary(), role: s.administrators.role },
		}),
	),
	nested(
		"retires B's tracker through an own assignment",
		'entry_devices',
		(s) => s.own.draft.assignment,
		(s) => ({
			device: { id: s.foreign.draft.device, status: 'retired' },
		}),
	),
	nested(
		"changes B's tracker's number through an own link",
		'organization_devices',
		(s) => s.own.draft.organization_device,
		(s) => ({
			device: { id: s.foreign.draft.device, phone: '+355000000' },
		}),
	),
	nested('makes oneself an administrator through the column for the author', 'events', ownEvent, (s) => ({
		user_created: { id: s.persons.owner, role: s.administrators.role },
	})),
	nested('makes somebody through the column for the last author', 'events', ownEvent, (s) => ({
		user_updated: { email: `${canary()}@example.com`, role: s.administrators.role },
	})),
];

/** Two levels down and back: each row on the way is one's own. */
const detours: Attack[] = [
	refused("reaches B's class through event, class and children", (s) => [
		'owner',
		'PATCH',
		`/items/events/${s.own.draft.event}`,
		{
			classes: {
				update: [{ id: s.own.draft.class, children: { update: [{ id: s.foreign.published.class, name: 'x' }] } }],
			},
		},
	]),
	refused("reaches B's vehicle through event and entry", (s) => [
		'owner',
		'PATCH',
		`/items/events/${s.own.draft.event}`,
		{ entries: { update: [{ id: s.own.draft.entry, vehicle: { id: s.foreign.published.vehicle, plate: 'x' } }] } },
	]),
	refused("reaches B's tracker through event, entry and assignment", (s) => [
		'owner',
		'PATCH',
		`/items/events/${s.own.draft.event}`,
		{
			entries: {
				update: [
					{
						id: s.own.draft.entry,
						devices: { update: [{ id: s.own.draft.assignment, device: { id: s.foreign.draft.device, phone: '1' } }] },
					},
				],
			},
		},
	]),
	refused('reaches the own membership through an organisation', (s) => [
		'race_director',
		'PATCH',
		`/items/organizations/${s.own.organization}`,
		{ users: { create: [{ user: s.persons.marshal, role: 'owner' }], update: [], delete: [] } },
	]),
	refused("adds B's tracker through one's own organisation", (s) => [
		'owner',
		'PATCH',
		`/items/organizations/${s.own.organization}`,
		{ devices: [{ device: s.foreign.draft.device }] },
	]),
	refused('reaches the memberships through the user himself', (s) => [
		'marshal',
		'PATCH',
		'/users/me',
		{ memberships: { create: [{ organization: s.own.organization, role: 'owner' }], update: [], delete: [] } },
	]),
	refused('makes an event with a class that is a parent of one of B', (s) => [
		'owner',
		'POST',
		'/items/events',
		{
			name: canary(),
			slug: canary(),
			organization: s.own.organization,
			start_date: '2026-06-06',
			end_date: '2026-06-07',
			timezone: 'UTC',
			classes: [{ code: canary(), name: canary(), kind: 'moto', children: [s.foreign.published.class] }],
		},
	]),
	refused('makes a tracker whose link names another tracker', (s) => [
		'owner',
		'POST',
		'/items/organization_devices',
		{ organization: s.own.organization, device: { id: s.foreign.draft.device, model: canary() } },
	]),
];

export const horizontalNested: Group[] = [
	{ name: "B's rows in the lists of own ones", attacks: lists },
	{ name: 'rows above own ones', attacks: parents },
	{ name: 'detours over several rows', attacks: detours },
];
