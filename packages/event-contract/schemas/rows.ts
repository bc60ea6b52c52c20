import { z } from 'zod';
import { date, integer, oneOf, text, timestamp, uuid } from './scalars.js';

const KINDS = ['moto', 'quad', 'car', 'ssv', 'truck'] as const;

const bookkeeping = {
	date_created: timestamp.nullable().describe('When the item was created'),
	date_updated: timestamp.nullable().describe('When the item was last changed'),
	user_created: uuid
		.nullable()
		.describe('Directus user who created the item; null for SQL, and once that user is deleted'),
	user_updated: uuid.nullable().describe('Directus user who changed the item last'),
};

const row = <Columns extends z.ZodRawShape>(description: string, columns: Columns) =>
	z.looseObject({ id: uuid, ...columns, ...bookkeeping }).describe(description);

/** The rows of the published collections, version 1. Loose: a new column is a compatible change. */
export const rows = {
	organizations: row('Who runs events', {
		name: text.describe('As it stands on official documents'),
		slug: text.describe('Unique'),
		country: text.nullable().describe('ISO 3166-1 alpha-2'),
		status: oneOf(['active', 'archived']),
	}),
	organization_users: row('What a user does for an organization', {
		organization: uuid,
		user: uuid.describe('Directus user'),
		role: oneOf(['owner', 'race_director', 'timekeeper', 'operator', 'marshal', 'viewer']),
	}),
	vehicles: row('A vehicle', {
		kind: oneOf(KINDS).describe('Decides which classes the vehicle can enter'),
		make: text.describe('Manufacturer'),
		model: text.nullable(),
		year: integer.nullable().describe('Model year'),
		plate: text.nullable(),
		vin: text.nullable(),
	}),
	organization_vehicles: row('A vehicle of an organization', { organization: uuid, vehicle: uuid }),
	devices: row('A GPS tracker', {
		imei: text.describe('Unique; equals positions.device_id'),
		status: oneOf(['active', 'spare', 'lost', 'retired']),
		model: text.nullable(),
		protocol: oneOf(['teltonika', 'queclink', 'gt06']).nullable().describe('What the processor decodes'),
		phone: text.nullable().describe('Of the SIM card, E.164'),
	}),
	organization_devices: row('A tracker of an organization', { organization: uuid, device: uuid }),
	events: row('A rally', {
		organization: uuid,
		name: text,
		slug: text.describe('Unique in the organization'),
		status: oneOf(['draft', 'published', 'live', 'provisional', 'official', 'archived']),
		start_date: date.describe('First day, local to the event'),
		end_date: date.describe('Last day, local to the event; not before the first'),
		timezone: text.describe('IANA name'),
	}),
	classes: row('A classification of an event', {
		event: uuid,
		kind: oneOf(KINDS).describe('Vehicles of this kind'),
		code: text.describe('Unique in the event'),
		name: text,
		parent: uuid.nullable().describe('A class of the same event in which entries of this one are ranked as well'),
		sort: integer.nullable(),
	}),
	entries: row('A competitor: a vehicle, its crew and its trackers', {
		event: uuid,
		status: oneOf(['registered', 'scrutineered', 'started', 'retired', 'disqualified', 'finished']),
		race_number: integer.describe('Unique in the event'),
		class: uuid.describe('The narrowest one; parent classes follow from it'),
		vehicle: uuid.nullable(),
		team: text.nullable(),
	}),
	entry_crew: row('A person of a crew', {
		entry: uuid,
		role: oneOf(['rider', 'driver', 'co_driver', 'navigator', 'mechanic']),
		name: text,
		nationality: text.nullable().describe('ISO 3166-1 alpha-2'),
		user: uuid.nullable().describe('Directus user, when the person signs in'),
	}),
	entry_devices: row('A tracker that an entry carries for a time', {
		entry: uuid,
		device: uuid,
		role: oneOf(['primary', 'backup']),
		assigned_from: timestamp.describe('Inclusive'),
		assigned_to: timestamp.nullable().describe('Exclusive; null until further notice'),
	}),
};

export type Collection = keyof typeof rows;
