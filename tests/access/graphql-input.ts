import type { Client } from './client.js';
import type { Role } from './roles.js';
import type { Row } from './rows.js';
import { restPath } from './subject.js';

type Scope = 'items' | 'system';

interface Type {
	kind: string;
	name: string | null;
	ofType: Type | null;
}

/** Of an input type: its fields that are other objects, with their types, and those that must be given. */
interface Input {
	names: Set<string>;
	objects: Map<string, string>;
	required: string[];
}

/**
 * The data as GraphQL takes them. A reference is the other row's id where the role may not write the other collection, and an
 * object with it where he may; for a creation, with all that the other collection requires, so it is given as it stands.
 * @param type the input type, `create_entries_input`
 * @param gaps where it is noted what of the data the role's schema does not have
 */
export async function shapedFor(
	client: Client,
	role: Role,
	type: string,
	data: Row,
	scope: Scope,
	gaps: Set<string>,
): Promise<Row> {
	const input = await inputOf(client, role, type, scope);
	if (input === null) return data;
	Object.keys(data)
		.filter((field) => !input.names.has(field))
		.forEach((field) => gaps.add(`${type}.${field}`));

	const shape = async (inner: string | undefined, value: unknown): Promise<unknown> => {
		if (inner === undefined || value === null || value === undefined) return value;
		if (Array.isArray(value)) return Promise.all(value.map((one) => shape(inner, one)));
		const row = typeof value === 'object' ? value : await asItStands(client, role, inner, String(value), scope);
		return shapedFor(client, role, inner, row as Row, scope, gaps);
	};

	const entries = Object.entries(data).map(async ([field, value]) => [
		field,
		await shape(input.objects.get(field), value),
	]);

	return Object.fromEntries(await Promise.all(entries));
}

async function asItStands(client: Client, role: Role, type: string, id: string, scope: Scope): Promise<Row> {
	const required = (await inputOf(client, role, type, scope))?.required ?? [];
	if (required.length === 0) return { id };

	const collection = type.replace(/^(create|update)_/, '').replace(/_input$/, '');
	const path = `${restPath(collection)}/${id}?fields=${['id', ...required].join()}`;
	const { body } = await client.rest('administrator', 'GET', path);
	return body.data;
}

const known = new WeakMap<Client, Map<string, Promise<Input | null>>>();

/** @returns null where the role's schema has no such type. */
function inputOf(client: Client, role: Role, type: string, scope: Scope): Promise<Input | null> {
	const inputs = known.get(client) ?? new Map<string, Promise<Input | null>>();
	known.set(client, inputs);

	const key = `${role} ${scope} ${type}`;
	const input = inputs.get(key) ?? askForInput(client, role, type, scope);
	inputs.set(key, input);
	return input;
}

async function askForInput(client: Client, role: Role, type: string, scope: Scope): Promise<Input | null> {
	const shape = 'kind name ofType { kind name ofType { kind name ofType { kind name } } }';
	const query = `{ __type(name: "${type}") { inputFields { name type { ${shape} } } } }`;
	const { body } = await client.graphql(role, query, {}, scope);
	const fields: { name: string; type: Type }[] | null = body?.data?.__type?.inputFields ?? null;
	if (fields === null) return null;

	const objects = fields
		.map(({ name, type: wrapped }) => [name, innermost(wrapped)] as const)
		.filter(([, { kind }]) => kind === 'INPUT_OBJECT')
		.map(([name, inner]) => [name, String(inner.name)] as const);

	const required = fields.filter(({ type: { kind } }) => kind === 'NON_NULL').map(({ name }) => name);
	return { names: new Set(fields.map(({ name }) => name)), objects: new Map(objects), required };
}

const innermost = (type: Type): Type => (type.ofType ? innermost(type.ofType) : type);
