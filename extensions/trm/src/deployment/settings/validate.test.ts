import { describe, expect, it } from 'vitest';
import type { Names } from '../../access/policies/rules/schema-names.js';
import { settingsProblems } from './validate.js';

const field = (type: string, more: object = {}) => ({ type, alias: false, nullable: true, special: [], ...more });

const schema = {
	relations: [],
	collections: {
		vehicles: { fields: { kind: field('string') } },
		directus_settings: {
			fields: {
				id: field('integer', { nullable: false }),
				project_name: field('string', { nullable: false }),
				project_logo: field('uuid'),
				auth_login_attempts: field('integer'),
				public_registration: field('boolean'),
				module_bar: field('json'),
				theming_divider: field('alias', { alias: true }),
			},
		},
		directus_presets: {
			fields: {
				user: field('uuid'),
				collection: field('string'),
				layout: field('string'),
				layout_query: field('json'),
				filter: field('json'),
			},
		},
	},
} as unknown as Names['schema'];

const names: Names = { schema, folders: new Set(), choices: new Map() };
const roles = new Map([['Operator', '1']]);

const problems = (
	settings: Record<string, unknown>,
	presets: ({ collection: string; role?: string; bookmark?: string } & Record<string, unknown>)[] = [],
) => {
	const complete = presets.map((preset) => ({ role: null, bookmark: null, ...preset }));
	return settingsProblems({ settings, presets: complete }, names, roles);
};

describe('settingsProblems', () => {
	it('has nothing to say of names and values that fit', () => {
		const settings = { project_name: 'TRM', project_logo: null, auth_login_attempts: 5, module_bar: [] };
		expect(problems(settings, [{ collection: 'vehicles', layout: 'tabular', layout_query: {} }])).toEqual([]);
	});

	it.each(['project_nmae', 'id', 'theming_divider', 'constructor'])('does not know the setting %s', (name) => {
		expect(problems({ [name]: 'x' })).toEqual([`settings.${name}: there is no such name here`]);
	});

	it.each([
		['project_name', 5, '5 is not text'],
		['project_name', null, 'null is not possible'],
		['project_logo', 'logo.png', '"logo.png" is not a UUID'],
		['auth_login_attempts', 'many', '"many" is not a whole number'],
		['public_registration', 'yes', '"yes" is not true or false'],
		['module_bar', 'content', '"content" is not a list'],
	])('names the setting %s that is %j', (name, value, message) => {
		expect(problems({ [name]: value })[0]).toContain(`settings.${name}: ${message}`);
	});

	it('names every mistake of a preset with its place', () => {
		expect(
			problems({}, [{ collection: 'vehicles' }, { collection: 'vehicels', user: 'x', layuot: 'x', layout: 1 }]),
		).toEqual([
			'presets[1].user: there is no such name here',
			'presets[1].layuot: there is no such name here',
			'presets[1].layout: 1 is not text; put it in quotes',
			'presets[1].collection: there is no collection "vehicels"',
		]);
	});

	it('knows the roles that a bookmark can be for, and looks into its filter', () => {
		const bookmark = { collection: 'vehicles', role: 'Operator', bookmark: 'Motorcycles' };
		expect(problems({}, [{ ...bookmark, filter: { kind: { _eq: 'moto' } } }])).toEqual([]);

		expect(problems({}, [bookmark, { ...bookmark, bookmark: 'Cars' }, bookmark])).toEqual([
			'presets[2]: is for the same collection, role and bookmark as presets[0]',
		]);
		expect(problems({}, [{ ...bookmark, role: 'Operators', filter: { knid: { _eq: 'moto' } } }])).toEqual([
			'presets[0].role: there is no role "Operators"',
			'presets[0].filter.knid: there is no field "knid" in vehicles',
		]);
	});
});
