import type { Attack, Group } from './attack.js';
import { moved } from './every-route.js';

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

export const horizontalChanges: Group[] = [{ name: "changing B's rows", attacks: changes }];
