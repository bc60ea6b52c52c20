import { ACTIONS, placeOf, type AccessFile, type Action, type DeclaredPermission } from '../form.js';
import { filterProblems, type Problem } from './filter.js';
import { fieldOf, relationOf, type Names } from './schema-names.js';
import { valueProblem } from './values.js';

/**
 * Holds every permission of the file against the live schema.
 * @returns one problem a line with its place (`policies[3] "Operator".permissions.devices.read.fields[2]`).
 */
export function permissionProblems({ policies, public: everybody }: AccessFile, names: Names): string[] {
	return policies.flatMap(({ id, name, permissions }, index) =>
		Object.entries(permissions).flatMap(([collection, actions]) => {
			const place = `${placeOf('policies', index, name)}.permissions.${collection}`;

			if (!Object.hasOwn(names.schema.collections, collection) && !names.folders.has(collection)) {
				return [`${place}: there is no collection "${collection}"`];
			}

			return ACTIONS.flatMap((action) => {
				const permission = actions[action];
				if (permission === undefined) return [];

				return [
					...problemsOf(names, collection, action, permission),
					...(everybody.includes(id) ? anonymousProblems(permission) : []),
				].map(({ path, message }) => `${place}.${action}${path === '' ? '' : `.${path}`}: ${message}`);
			});
		}),
	);
}

function problemsOf(names: Names, collection: string, action: Action, permission: DeclaredPermission): Problem[] {
	if (names.folders.has(collection)) return folderProblems(action, permission);
	const { fields, filter, validation, presets } = permission;

	return [
		...fieldsProblems(names, collection, action, fields),
		...filterProblems(names, collection, filter, { path: 'filter' }),
		...filterProblems(names, collection, validation, { path: 'validation', of: 'payload' }),
		...presetProblems(names, collection, presets),
		...(['create', 'update'].includes(action)
			? []
			: (['validation', 'presets'] as const)
					.filter((path) => permission[path] !== null)
					.map((path) => ({ path, message: `is for create and update only` }))),
	];
}

/** A folder holds nothing: the permission is a name that a route asks for. */
function folderProblems(action: Action, { fields, filter, validation, presets }: DeclaredPermission): Problem[] {
	const isPlain = [filter, validation, presets].every((part) => part === null);
	if (action === 'read' && isPlain && (fields === null || (fields.length === 1 && fields[0] === '*'))) return [];
	return [
		{ path: '', message: "of a collection without a table only read is possible, with the fields ['*'] and no filter" },
	];
}

function fieldsProblems(names: Names, collection: string, action: Action, fields: string[] | null): Problem[] {
	const needed = action !== 'delete' && action !== 'share';
	if (fields === null) return needed ? [{ path: 'fields', message: `${action} needs a list of fields` }] : [];
	if (!needed && !(fields.length === 1 && fields[0] === '*'))
		return [{ path: 'fields', message: `${action} is of whole items` }];
	if (fields.includes('*') && fields.length > 1)
		return [{ path: 'fields', message: "'*' stands for all fields, beside others too" }];

	return fields.flatMap((name, index): Problem[] => {
		const path = `fields[${index}]`;
		if (name !== '*' && fieldOf(names, collection, name) === undefined) {
			return [{ path, message: `there is no field "${name}" in ${collection}` }];
		}

		return fields.indexOf(name) < index ? [{ path, message: `"${name}" stands there twice` }] : [];
	});
}

function presetProblems(names: Names, collection: string, presets: Record<string, unknown> | null): Problem[] {
	return Object.entries(presets ?? {}).flatMap(([name, value]): Problem[] => {
		const path = `presets.${name}`;
		const field = fieldOf(names, collection, name);
		if (field === undefined) return [{ path, message: `there is no field "${name}" in ${collection}` }];

		// What is related may be written along, as a mapping or a list.
		if (typeof value === 'object' && value !== null && relationOf(names, collection, name) !== null) return [];
		if (field.alias) return [{ path, message: `${name} holds no value` }];

		if (value === null && !field.nullable) return [{ path, message: 'null is not possible' }];
		const message = valueProblem(names, value, { collection, name, field });
		return message === null ? [] : [{ path, message }];
	});
}

/**
 * Who is not signed in has no user and no role: `_eq` with null asks for rows without a value, which Directus finds behind
 * every relation that leads nowhere.
 */
function anonymousProblems(permission: DeclaredPermission): Problem[] {
	return (['filter', 'validation', 'presets'] as const).flatMap((path) => {
		const variable = /\$CURRENT_(USER|ROLE)\b[^"]*/.exec(JSON.stringify(permission[path]))?.[0];
		if (variable === undefined) return [];
		return [
			{ path, message: `${variable} is null for who is not signed in, and this policy is for everybody (public)` },
		];
	});
}
