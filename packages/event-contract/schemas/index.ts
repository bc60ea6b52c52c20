import type { z } from 'zod';
import type { EventType } from '../versions.js';
import { positionsFlagged } from './positions-flagged.js';
import { created, deleted, updated } from './row-events.js';
import { rows } from './rows.js';
import { streamParked, streamRebuilt, streamRewound } from './stream-events.js';

/**
 * The schema of `data` for every event type and version that can be on a stream: the only source of the contract. A version
 * stays for as long as a stream or an outbox may hold events of it.
 */
export const eventSchemas = {
	'trm.organizations.created': { 1: created(rows.organizations) },
	'trm.organizations.updated': { 1: updated(rows.organizations) },
	'trm.organizations.deleted': { 1: deleted(rows.organizations) },
	'trm.organization_users.created': { 1: created(rows.organization_users) },
	'trm.organization_users.updated': { 1: updated(rows.organization_users) },
	'trm.organization_users.deleted': { 1: deleted(rows.organization_users) },
	'trm.vehicles.created': { 1: created(rows.vehicles) },
	'trm.vehicles.updated': { 1: updated(rows.vehicles) },
	'trm.vehicles.deleted': { 1: deleted(rows.vehicles) },
	'trm.organization_vehicles.created': { 1: created(rows.organization_vehicles) },
	'trm.organization_vehicles.updated': { 1: updated(rows.organization_vehicles) },
	'trm.organization_vehicles.deleted': { 1: deleted(rows.organization_vehicles) },
	'trm.devices.created': { 1: created(rows.devices) },
	'trm.devices.updated': { 1: updated(rows.devices) },
	'trm.devices.deleted': { 1: deleted(rows.devices) },
	'trm.organization_devices.created': { 1: created(rows.organization_devices) },
	'trm.organization_devices.updated': { 1: updated(rows.organization_devices) },
	'trm.organization_devices.deleted': { 1: deleted(rows.organization_devices) },
	'trm.events.created': { 1: created(rows.events) },
	'trm.events.updated': { 1: updated(rows.events) },
	'trm.events.deleted': { 1: deleted(rows.events) },
	'trm.classes.created': { 1: created(rows.classes) },
	'trm.classes.updated': { 1: updated(rows.classes) },
	'trm.classes.deleted': { 1: deleted(rows.classes) },
	'trm.entries.created': { 1: created(rows.entries) },
	'trm.entries.updated': { 1: updated(rows.entries) },
	'trm.entries.deleted': { 1: deleted(rows.entries) },
	'trm.entry_crew.created': { 1: created(rows.entry_crew) },
	'trm.entry_crew.updated': { 1: updated(rows.entry_crew) },
	'trm.entry_crew.deleted': { 1: deleted(rows.entry_crew) },
	'trm.entry_devices.created': { 1: created(rows.entry_devices) },
	'trm.entry_devices.updated': { 1: updated(rows.entry_devices) },
	'trm.entry_devices.deleted': { 1: deleted(rows.entry_devices) },
	'trm.positions.flagged': { 1: positionsFlagged },
	'trm.stream.rebuilt': { 1: streamRebuilt },
	'trm.stream.rewound': { 1: streamRewound },
	'trm.stream.parked': { 1: streamParked },
} satisfies Record<EventType, Record<number, z.ZodType>>;

export type EventSchemas = typeof eventSchemas;
