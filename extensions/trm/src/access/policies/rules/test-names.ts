import type { Field, Names } from './schema-names.js';

const field = (type: string, more: Partial<Field> = {}) =>
	({ type, alias: false, nullable: true, special: [], ...more }) as Field;

const list = field('alias', { alias: true, special: ['o2m'] });

const oneOf = (collection: string, name: string, related: string, back: string) => {
	return { collection, field: name, related_collection: related, meta: { one_field: back } };
};

/** For tests: a small part of the data model, as getSchema() gives it. */
export const testNames = {
	schema: {
		collections: {
			organizations: {
				fields: { id: field('uuid'), name: field('string', { nullable: false }), users: list, events: list },
			},
			organization_users: {
				fields: { id: field('uuid'), organization: field('uuid'), user: field('uuid'), role: field('string') },
			},
			events: {
				fields: {
					id: field('uuid'),
					organization: field('uuid'),
					name: field('string'),
					start_date: field('date'),
					rounds: field('integer'),
					open: field('boolean'),
					extra: field('json'),
					at: field('timestamp'),
					notes: list,
				},
			},
			notes: { fields: { id: field('uuid'), item: field('string'), collection: field('string') } },
			directus_users: {
				fields: {
					id: field('uuid'),
					email: field('string'),
					password: field('hash', { special: ['conceal'] }),
					role: field('uuid'),
				},
			},
			directus_roles: { fields: { id: field('uuid'), name: field('string') } },
			directus_policies: { fields: { id: field('uuid') } },
		},
		relations: [
			oneOf('organization_users', 'organization', 'organizations', 'users'),
			oneOf('organization_users', 'user', 'directus_users', 'memberships'),
			oneOf('events', 'organization', 'organizations', 'events'),
			oneOf('directus_users', 'role', 'directus_roles', 'users'),
			{
				collection: 'notes',
				field: 'item',
				related_collection: null,
				meta: { one_allowed_collections: ['events'], one_collection_field: 'collection' },
			},
		],
	},
	folders: new Set(['event_stream']),
	choices: new Map([['organization_users.role', ['owner', 'operator', 'viewer']]]),
} as unknown as Names;
