import { z } from 'zod';
import { collections, type Collection } from '../collections.js';
import { date, integer, oneOf, text, timestamp, uuid } from './scalars.js';

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

const givenBy = (roles: string) => uuid.nullable().describe(`The organization, for ${roles}; else null`);
const lender = uuid.describe('The owner');
const whoseEvent = { organization: uuid.describe('Of the event') };

/** The rows of the published collections, version 1. Loose: a new column is a compatible change. */
export const rows = {
	organizations: row('Who runs events', {
		name: text.describe('As it stands on official documents'),
		slug: text.describe('Unique'),
		country: text.nullable().describe('ISO 3166-1 alpha-2'),
		status: oneOf(collections.organizations.choices.status),
	}),
	organization_users: row('What a user does for an organization', {
		organization: uuid,
		user: uuid.describe('Directus user'),
		role: oneOf(collections.organization_users.choices.role),
		owns: givenBy('owners'),
		directs: givenBy('owners and race directors'),
		operates: givenBy('owners, race directors and operators'),
		times: givenBy('owners, race directors and timekeepers'),
		tracks: givenBy('owners, race directors, operators and timekeepers'),
	}),
	vehicles: row('A vehicle', {
		organization: uuid.describe('The owner'),
		kind: oneOf(collections.vehicles.choices.kind).describe('Decides which classes the vehicle can enter'),
		make: text.describe('Manufacturer'),
		model: text.nullable(),
		year: integer.nullable().describe('Model year'),
		plate: text.nullable(),
		vin: text.nullable(),
	}),
	organization_vehicles: row('A vehicle that is lent to an organization', {
		organization: uuid,
		vehicle: uuid,
		lender,
	}),
	devices: row('A GPS tracker', {
		organization: uuid.describe('The owner'),
		imei: text.describe('Unique; equals positions.device_id'),
		status: oneOf(collections.devices.choices.status),
		model: text.nullable(),
		protocol: oneOf(collections.devices.choices.protocol).nullable().describe('What the processor decodes'),
		phone: text.nullable().describe('Of the SIM card, E.164'),
	}),
	organization_devices: row('A tracker that is lent to an organization', { organization: uuid, device: uuid, lender }),
	events: row('A rally', {
		organization: uuid,
		name: text,
		slug: text.describe('Unique in the organization'),
		status: oneOf(collections.events.choices.status),
		start_date: date.describe('First day, local to the event'),
		end_date: date.describe('Last day, local to the event; not before the first'),
		timezone: text.describe('IANA name'),
	}),
	classes: row('A classification of an event', {
		event: uuid,
		...whoseEvent,
		kind: oneOf(collections.classes.choices.kind).describe('Vehicles of this kind'),
		code: text.describe('Unique in the event'),
		name: text,
		parent: uuid.nullable().describe('A class of the same event in which entries of this one are ranked as well'),
		sort: integer.nullable(),
	}),
	entries: row('A competitor: a vehicle, its crew and its trackers', {
		event: uuid,
		...whoseEvent,
		status: oneOf(collections.entries.choices.status),
		race_number: integer.describe('Unique in the event'),
		class: uuid.describe('The narrowest one; parent classes follow from it'),
		vehicle: uuid.nullable(),
		team: text.nullable(),
	}),
	entry_crew: row('A person of a crew', {
		entry: uuid,
		...whoseEvent,
		role: oneOf(collections.entry_crew.choices.role),
		name: text,
		nationality: text.nullable().describe('ISO 3166-1 alpha-2'),
		user: uuid.nullable().describe('Directus user, when the person signs in'),
	}),
	entry_devices: row('A tracker that an entry carries for a time', {
		entry: uuid,
		...whoseEvent,
		device: uuid,
		role: oneOf(collections.entry_devices.choices.role),
		assigned_from: timestamp.describe('Inclusive'),
		assigned_to: timestamp.nullable().describe('Exclusive; null until further notice'),
	}),
} satisfies Record<Collection, z.ZodObject>;
