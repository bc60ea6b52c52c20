import type { SchemaOverview } from '@directus/types';
import { expectedFor } from '../rules/values.js';
import type { SettingsFile } from './form.js';

type Fields = SchemaOverview['collections'][string]['fields'];

/** Of a preset, what makes it the default for everyone, and what the database gives. */
const NOT_DECLARED = ['id', 'user', 'role', 'bookmark'];

/**
 * Compares the declared names and values with the live schema: Directus ignores a name that it does not know.
 * @returns one problem a line with its place (`settings.project_nmae`); none when everything can be written.
 */
export function settingsProblems({ settings, presets }: SettingsFile, { collections }: SchemaOverview): string[] {
	const settingFields = collections['directus_settings']?.fields ?? {};
	const presetFields = collections['directus_presets']?.fields ?? {};

	return [
		...Object.entries(settings).flatMap(([name, value]) =>
			valueProblem(`settings.${name}`, name === 'id' ? undefined : own(settingFields, name), value),
		),
		...presets.flatMap((preset, index) => [
			...Object.entries(preset).flatMap(([name, value]) =>
				valueProblem(
					`presets[${index}].${name}`,
					NOT_DECLARED.includes(name) ? undefined : own(presetFields, name),
					value,
				),
			),
			...(Object.hasOwn(collections, preset.collection)
				? []
				: [`presets[${index}].collection: there is no collection "${preset.collection}"`]),
		]),
	];
}

function own(fields: Fields, name: string): Fields[string] | undefined {
	return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function valueProblem(path: string, field: Fields[string] | undefined, value: unknown): string[] {
	if (field === undefined || field.alias) return [`${path}: there is no such name here`];

	if (value === null) return field.nullable ? [] : [`${path}: null is not possible`];

	const expected = expectedFor(field.type);
	if (expected === null || expected.fits(value)) return [];

	return [`${path}: ${JSON.stringify(value)} is not ${expected.words}`];
}
