import type { SchemaOverview } from '@directus/types';
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

interface Expected {
	words: string;
	fits: (value: unknown) => boolean;
}

const isText = (value: unknown) => typeof value === 'string';

/** What YAML must give for a field's type; null where any value may do. */
function expectedFor(type: Fields[string]['type']): Expected | null {
	switch (type) {
		case 'string':
		case 'text':
		case 'hash':
			return { words: 'text; put it in quotes', fits: isText };
		case 'uuid':
			return {
				words: 'a UUID',
				fits: (value) => isText(value) && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value as string),
			};
		case 'boolean':
			return { words: 'true or false', fits: (value) => typeof value === 'boolean' };
		case 'integer':
		case 'bigInteger':
			return { words: 'a whole number', fits: Number.isSafeInteger };
		case 'float':
		case 'decimal':
			return { words: 'a number', fits: Number.isFinite };
		case 'json':
			return { words: 'a list or a mapping', fits: (value) => typeof value === 'object' };
		default:
			return null;
	}
}
