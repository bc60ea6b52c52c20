import { filterProblems } from '../../access/policies/rules/filter.js';
import { fieldOf, type Field, type Names } from '../../access/policies/rules/schema-names.js';
import { expectedFor } from '../../access/policies/rules/values.js';
import type { Preset, SettingsFile } from './form.js';
import { identityOf, nameOf, type RoleIds } from './presets.js';

/** Of a preset, what makes it one user's own, and what the database gives. */
const NOT_DECLARED = ['id', 'user'];

/**
 * Compares the declared names and values with the live schema: Directus ignores a name that it does not know.
 * @returns one problem a line with its place (`settings.project_nmae`); none when everything can be written.
 */
export function settingsProblems({ settings, presets }: SettingsFile, names: Names, roles: RoleIds): string[] {
	return [
		...Object.entries(settings).flatMap(([name, value]) =>
			valueProblem(`settings.${name}`, name === 'id' ? undefined : fieldOf(names, 'directus_settings', name), value),
		),
		...presets.flatMap((preset, index) => presetProblems(preset, `presets[${index}]`, names, roles)),
		...presets.flatMap((preset, index) => {
			const first = presets.findIndex((other) => nameOf(other) === nameOf(preset));
			return first < index
				? [`presets[${index}]: is for the same collection, role and bookmark as presets[${first}]`]
				: [];
		}),
	];
}

function presetProblems({ role, bookmark, ...preset }: Preset, place: string, names: Names, roles: RoleIds): string[] {
	const { collection, filter = null } = preset;
	const known = Object.hasOwn(names.schema.collections, collection);

	return [
		...Object.entries(preset).flatMap(([name, value]) =>
			valueProblem(
				`${place}.${name}`,
				NOT_DECLARED.includes(name) ? undefined : fieldOf(names, 'directus_presets', name),
				value,
			),
		),
		...(known ? [] : [`${place}.collection: there is no collection "${collection}"`]),
		...(identityOf({ collection, role, bookmark }, roles) === null
			? [`${place}.role: there is no role "${role}"`]
			: []),
		...(known && typeof filter === 'object'
			? filterProblems(names, collection, filter as Record<string, unknown>, { path: `${place}.filter` }).map(
					({ path, message }) => `${path}: ${message}`,
				)
			: []),
	];
}

function valueProblem(path: string, field: Field | undefined, value: unknown): string[] {
	if (field === undefined || field.alias) return [`${path}: there is no such name here`];

	if (value === null) return field.nullable ? [] : [`${path}: null is not possible`];

	const expected = expectedFor(field.type);
	if (expected === null || expected.fits(value)) return [];

	return [`${path}: ${JSON.stringify(value)} is not ${expected.words}`];
}
