/** The part of JSON Schema that the contract uses; other keywords are compared as they stand. */
export interface JsonSchema {
	type?: string;
	anyOf?: JsonSchema[];
	enum?: unknown[];
	const?: unknown;
	pattern?: string;
	format?: string;
	properties?: Record<string, JsonSchema>;
	required?: string[];
	additionalProperties?: JsonSchema | boolean;
	items?: JsonSchema;
	minimum?: number;
	maximum?: number;
	minLength?: number;
	maxLength?: number;
	minItems?: number;
	maxItems?: number;
	[keyword: string]: unknown;
}

/** They say nothing about which values are valid. */
const ANNOTATIONS = new Set(['$schema', '$id', 'title', 'description', 'examples', 'deprecated']);

export const LOWER_BOUNDS = ['minimum', 'minLength', 'minItems'] as const;
export const UPPER_BOUNDS = ['maximum', 'maxLength', 'maxItems'] as const;

const UNDERSTOOD = new Set<string>([
	...['type', 'anyOf', 'enum', 'const', 'pattern', 'format', 'properties', 'required', 'additionalProperties', 'items'],
	...LOWER_BOUNDS,
	...UPPER_BOUNDS,
]);

/** The schemas of which a value has to satisfy one. */
export function alternatives(schema: JsonSchema): JsonSchema[] {
	const { anyOf, ...others } = schema;
	if (anyOf === undefined) return [schema];
	// Beside anyOf stand annotations only; anything else keeps the schema in one piece, which nothing else is like.
	const constraints = Object.keys(others).filter((keyword) => !ANNOTATIONS.has(keyword));
	return constraints.length === 0 ? anyOf.flatMap(alternatives) : [schema];
}

/** Whether it allows every value: `{}`. */
export function isAnything(schema: JsonSchema): boolean {
	return Object.keys(schema).every((keyword) => ANNOTATIONS.has(keyword));
}

/** The values that alone are allowed; null for no such list. */
export function valuesOf(schema: JsonSchema): unknown[] | null {
	return schema.enum ?? ('const' in schema ? [schema.const] : null);
}

/** What is not compared keyword by keyword: a change there is not understood, and so never allowed. */
export function unknownConstraints(schema: JsonSchema): string {
	const rest = Object.entries(schema).filter(([keyword]) => !ANNOTATIONS.has(keyword) && !UNDERSTOOD.has(keyword));
	const mixed = 'anyOf' in schema ? [['anyOf', schema.anyOf]] : [];
	return JSON.stringify([...rest, ...mixed].sort());
}

/** Whether one value satisfies a schema without alternatives, as far as its own keywords say. */
export function allows(schema: JsonSchema, value: unknown): boolean {
	const values = valuesOf(schema);
	if (values && !values.some((each) => JSON.stringify(each) === JSON.stringify(value))) return false;
	if (schema.type !== undefined && !isOfType(value, schema.type)) return false;
	if (typeof value === 'string' && schema.pattern !== undefined) return new RegExp(schema.pattern, 'u').test(value);
	if (typeof value === 'string')
		return value.length >= (schema.minLength ?? 0) && value.length <= (schema.maxLength ?? Infinity);
	if (typeof value === 'number') return value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity);
	return true;
}

function isOfType(value: unknown, type: string): boolean {
	if (type === 'null') return value === null;
	if (type === 'integer') return Number.isInteger(value);
	if (type === 'array') return Array.isArray(value);
	return typeof value === type && value !== null;
}
