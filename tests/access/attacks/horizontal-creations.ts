import { randomUUID } from 'node:crypto';
import { canary, newImei, newSlug } from '../side.js';
import type { Attack, Group } from './attack.js';
import { created } from './every-route.js';
import { eventData } from './setting.js';

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
		{ imei: newImei(), organization: foreign.organization },
	]),
	created('makes a tracker of A that is lent to B', ({ own, foreign }) => [
		'devices',
		{ imei: newImei(), organization: own.organization, organizations: [{ organization: foreign.organization }] },
	]),
	created('makes a tracker in no organisation', () => ['devices', { imei: newImei() }], [400, 403]),
	created('makes a vehicle in B', ({ foreign }) => [
		'vehicles',
		{ make: canary(), kind: 'moto', organization: foreign.organization },
	]),
	created(
		'makes a vehicle in no organisation',
		() => ['vehicles', { make: canary(), kind: 'moto', organizations: [] }],
		[400, 403],
	),
	created('writes a flag past flag-faulty', ({ own }) => [
		'position_flags',
		{
			request: randomUUID(),
			organization: own.organization,
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

export const horizontalCreations: Group[] = [{ name: 'making rows that are not of A alone', attacks: creations }];
