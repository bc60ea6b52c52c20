import { z } from 'zod';
import { collections } from '../../packages/event-contract/collections.js';
import { isImei } from './imei.js';
import { USER_ROLES } from './user-roles.js';

/** How a CSV file of the seed becomes items of a collection. */
export interface SeedCollection {
	collection: string;
	/** One row as the file has it; empty fields arrive as null. */
	row: z.ZodObject;
	/** The fields that make a row what it is: its id is derived from them, and an existing item is found by them. */
	key: string[];
	/** Fields that hold another row's label instead of its id. */
	references: Record<string, string>;
	/** The field by which other files refer to a row; no two rows of a file have the same. */
	label?: string;
}

const text = z.string({ error: 'must not be empty' }).max(255);
const integer = z
	.string({ error: 'must not be empty' })
	.regex(/^\d{1,9}$/, 'must be a whole number')
	.transform(Number);
const slug = text.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens');
const date = z.iso.date('must be a date such as 2026-06-06');
const time = z.iso
	.datetime('must be a UTC time such as 2026-06-06T06:00:00Z')
	.transform((iso) => new Date(iso).toISOString());
// Lower case: Directus takes no two addresses that differ in case only, and references are compared as they stand.
const email = text.regex(
	/^[a-z0-9._+-]+@([a-z0-9-]+\.)+[a-z]{2,}$/,
	'must be an e-mail address in lower case such as operator@example.com',
);
const imei = text.refine(isImei, 'must be an IMEI: 15 digits, the last of them the Luhn check digit');
const kind = z.enum(collections.vehicles.choices.kind);

const country = text.refine(
	(code) =>
		/^[A-Z]{2}$/.test(code) && new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }).of(code) !== undefined,
	'must be an ISO 3166-1 alpha-2 code such as AL',
);

const timezone = text.refine((name) => {
	try {
		return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
	} catch {
		return false;
	}
}, 'must be an IANA time zone such as Europe/Tirane');

/** Users are made by another service and never changed (users.ts); their `role` is a label of USER_ROLES. */
export const USERS = 'directus_users';

/** In the order of writing: a row's references stand in files before its own, or further up in the same file. */
export const SEED_COLLECTIONS: SeedCollection[] = [
	{
		collection: 'organizations',
		row: z.strictObject({ slug, name: text, country, status: z.enum(collections.organizations.choices.status) }),
		key: ['slug'],
		references: {},
		label: 'slug',
	},
	{
		collection: USERS,
		row: z.strictObject({ email, first_name: text, last_name: text.nullable(), role: z.enum(Object.keys(USER_ROLES)) }),
		key: ['email'],
		references: {},
		label: 'email',
	},
	{
		collection: 'organization_users',
		row: z.strictObject({
			organization: slug,
			user: email,
			role: z.enum(collections.organization_users.choices.role),
		}),
		key: ['organization', 'user'],
		references: { organization: 'organizations', user: USERS },
	},
	{
		collection: 'vehicles',
		row: z.strictObject({
			organization: slug,
			make: text,
			model: text,
			year: integer,
			plate: text,
			vin: text.length(17),
			kind,
		}),
		key: ['plate'],
		references: { organization: 'organizations' },
		label: 'plate',
	},
	{
		collection: 'devices',
		row: z.strictObject({
			organization: slug,
			imei,
			model: text,
			protocol: text,
			phone: text.regex(/^\+[1-9]\d{6,14}$/, 'must be an international number such as +35560000001').nullable(),
			status: z.enum(collections.devices.choices.status),
		}),
		key: ['imei'],
		references: { organization: 'organizations' },
		label: 'imei',
	},
	{
		collection: 'organization_vehicles',
		row: z.strictObject({ organization: slug, vehicle: text }),
		key: ['organization', 'vehicle'],
		references: { organization: 'organizations', vehicle: 'vehicles' },
	},
	{
		collection: 'organization_devices',
		row: z.strictObject({ organization: slug, device: imei }),
		key: ['organization', 'device'],
		references: { organization: 'organizations', device: 'devices' },
	},
	{
		collection: 'events',
		row: z.strictObject({
			organization: slug,
			slug,
			name: text,
			start_date: date,
			end_date: date,
			timezone,
			status: z.enum(collections.events.choices.status),
		}),
		key: ['organization', 'slug'],
		references: { organization: 'organizations' },
		label: 'slug',
	},
	{
		collection: 'classes',
		row: z.strictObject({ event: slug, code: text, name: text, kind, parent: text.nullable(), sort: integer }),
		key: ['event', 'code'],
		references: { event: 'events', parent: 'classes' },
		label: 'code',
	},
	{
		collection: 'entries',
		row: z.strictObject({
			event: slug,
			race_number: integer,
			class: text,
			vehicle: text,
			team: text.nullable(),
			status: z.enum(collections.entries.choices.status),
		}),
		key: ['event', 'race_number'],
		references: { event: 'events', class: 'classes', vehicle: 'vehicles' },
		label: 'race_number',
	},
	{
		collection: 'entry_crew',
		row: z.strictObject({
			entry: integer,
			name: text,
			nationality: country,
			role: z.enum(collections.entry_crew.choices.role),
			user: email.nullable(),
		}),
		key: ['entry', 'name'],
		references: { entry: 'entries', user: USERS },
	},
	{
		collection: 'entry_devices',
		row: z.strictObject({
			entry: integer,
			device: imei,
			role: z.enum(collections.entry_devices.choices.role),
			assigned_from: time,
			assigned_to: time.nullable(),
		}),
		key: ['entry', 'device', 'assigned_from'],
		references: { entry: 'entries', device: 'devices' },
	},
];
