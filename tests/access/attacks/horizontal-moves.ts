import type { Attack, Group } from './attack.js';
import { moved } from './every-route.js';

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

export const horizontalMoves: Group[] = [
	{ name: 'moving rows of A into B', attacks: outwards },
	{ name: 'moving rows of B into A', attacks: inwards },
];
