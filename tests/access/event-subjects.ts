import { randomUUID } from 'node:crypto';
import type { Batch } from './rows.js';
import { addDevice, addEntry, addEvent, sideOf } from './catalogue-subjects.js';
import { ASSIGNED, canary, EVENT_TIMES, FIX_RANGE, newSlug } from './side.js';
import type { Context, Creation, Subject } from './subject.js';

/** Refers to rows of one's own where the situation is own; where it is foreign, all to theirs, and each of them alone. */
function creationsIn(context: Context, references: Record<string, [own: string, theirs: string]>, rest: () => object) {
	const own = Object.fromEntries(Object.entries(references).map(([field, [mine]]) => [field, mine]));
	const theirs = Object.fromEntries(Object.entries(references).map(([field, [, foreign]]) => [field, foreign]));
	if (context.situation === 'own') return [{ ...rest(), ...own }];
	const single = Object.keys(references).map((field) => ({ ...rest(), ...own, [field]: theirs[field] }));
	return [{ ...rest(), ...theirs }, ...(single.length > 1 ? single : [])];
}

const marked = (rows: object[], field: string): Creation[] =>
	rows.map((data) => ({
		data: data as Creation['data'],
		mark: { [field]: String((data as Creation['data'])[field]) },
	}));

const statusOf = ({ situation }: Context) => (situation === 'foreign_public' ? 'published' : 'draft');

const events: Subject = {
	collection: 'events',
	target: (context) => sideOf(context).rows.event,
	nested: (context) => ({ collection: 'organizations', id: sideOf(context).organization, path: ['events', 'id'] }),
	creations: (context) => {
		const { world } = context;
		const organization: [string, string] = [world.own.organization, sideOf(context).organization];
		const rows = creationsIn(context, { organization }, () => ({ name: canary(), slug: newSlug(), ...EVENT_TIMES }));
		return marked(
			rows.map((row) => ({ ...row, status: statusOf(context) })),
			'slug',
		);
	},
	updates: (context) => [
		{ id: addEvent(context.batch, sideOf(context).organization, statusOf(context)), data: { name: canary() } },
	],
	deletions: (context) => [addEvent(context.batch, sideOf(context).organization, statusOf(context))],
};

const addClass = (batch: Batch, event: string) =>
	batch.add('classes', { event, code: canary(), name: canary(), kind: 'moto' });

const classes: Subject = {
	collection: 'classes',
	target: (context) => sideOf(context).rows.class,
	nested: (context) => ({ collection: 'events', id: sideOf(context).rows.event, path: ['classes', 'id'] }),
	creations: (context) => {
		const event: [string, string] = [context.world.own.draft.event, sideOf(context).rows.event];
		return marked(
			creationsIn(context, { event }, () => ({ code: canary(), name: canary(), kind: 'moto' })),
			'code',
		);
	},
	updates: (context) => [{ id: addClass(context.batch, sideOf(context).rows.event), data: { name: canary() } }],
	deletions: (context) => [addClass(context.batch, sideOf(context).rows.event)],
};

/** In the competitor's own there is his name in the crew. */
function addOwnEntry(context: Context): string {
	const { batch, role, person, situation } = context;
	const entry = addEntry(batch, sideOf(context).rows);
	if (situation === 'own' && role === 'competitor') {
		batch.add('entry_crew', { entry, name: canary(), role: 'rider', user: person });
	}
	return entry;
}

let raceNumber = 5000;

const entries: Subject = {
	collection: 'entries',
	target: (context) => sideOf(context).rows.entry,
	nested: (context) => ({ collection: 'events', id: sideOf(context).rows.event, path: ['entries', 'id'] }),
	creations: (context) => {
		const { own } = context.world;
		const { rows } = sideOf(context);
		// The class is of the event: the database takes no other.
		const event: [string, string] = [own.draft.event, rows.event];
		const category: [string, string] = [own.draft.class, rows.class];
		const vehicle: [string, string] = [own.draft.vehicle, rows.vehicle];
		const made = creationsIn(context, { event, class: category, vehicle }, () => ({ race_number: ++raceNumber }));
		return made
			.map((data) => ({ data: { ...data, team: canary() } }))
			.map(({ data }) => ({ data, mark: { team: data.team } }));
	},
	updates: (context) => [{ id: addOwnEntry(context), data: { status: 'scrutineered' } }],
	deletions: (context) => [addOwnEntry(context)],
};

const addCrew = ({ batch, ...context }: Context) =>
	batch.add('entry_crew', { entry: sideOf({ batch, ...context }).rows.entry, name: canary(), role: 'mechanic' });

const entryCrew: Subject = {
	collection: 'entry_crew',
	target: (context) => sideOf(context).rows.crew,
	nested: (context) => ({ collection: 'entries', id: sideOf(context).rows.entry, path: ['crew', 'id'] }),
	creations: (context) => {
		const entry: [string, string] = [context.world.own.draft.entry, sideOf(context).rows.entry];
		return marked(
			creationsIn(context, { entry }, () => ({ name: canary(), role: 'mechanic' })),
			'name',
		);
	},
	updates: (context) => [{ id: addCrew(context), data: { name: canary() } }],
	deletions: (context) => [addCrew(context)],
};

function addAssignment(context: Context): string {
	const { organization, rows } = sideOf(context);
	const device = addDevice(context.batch, organization);
	return context.batch.add('entry_devices', { entry: rows.entry, device, ...ASSIGNED });
}

const entryDevices: Subject = {
	collection: 'entry_devices',
	target: (context) => sideOf(context).rows.assignment,
	nested: (context) => ({ collection: 'entries', id: sideOf(context).rows.entry, path: ['devices', 'id'] }),
	creations: (context) => {
		const { world, batch } = context;
		const { organization, rows } = sideOf(context);
		const made = (entry: string, owner: string): Creation => {
			const device = addDevice(batch, owner);
			return { data: { entry, device, ...ASSIGNED }, mark: { entry, device } };
		};
		const { own } = world;
		if (context.situation === 'own') return [made(own.draft.entry, organization)];
		// Theirs on theirs, theirs on one's own, one's own on theirs.
		return [made(rows.entry, organization), made(own.draft.entry, organization), made(rows.entry, own.organization)];
	},
	updates: (context) => [{ id: addAssignment(context), data: { role: 'backup' } }],
	deletions: (context) => [addAssignment(context)],
};

const flagRow = (organization: string, device: string) => ({
	request: randomUUID(),
	organization,
	device,
	faulty: true,
	from: FIX_RANGE.from,
	to: FIX_RANGE.to,
	ranges: [{ from: '2026-06-07T08:00:00.000000Z', to: '2026-06-07T08:10:00.000000Z' }],
	matched: 60,
	changed: 60,
});

const addFlag = (context: Context) =>
	context.batch.add('position_flags', flagRow(sideOf(context).organization, sideOf(context).rows.device));

const positionFlags: Subject = {
	collection: 'position_flags',
	target: (context) => sideOf(context).rows.flag,
	nested: (context) => ({ collection: 'devices', id: sideOf(context).rows.device, path: ['flags', 'id'] }),
	creations: (context) => marked([flagRow(sideOf(context).organization, sideOf(context).rows.device)], 'request'),
	updates: (context) => [{ id: addFlag(context), data: { reason: canary() } }],
	deletions: (context) => [addFlag(context)],
};

export const eventSubjects: Record<string, Subject> = {
	events,
	classes,
	entries,
	entry_crew: entryCrew,
	entry_devices: entryDevices,
	position_flags: positionFlags,
};
