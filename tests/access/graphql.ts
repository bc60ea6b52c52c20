import type { Answer } from '../support/stack.js';
import type { Client } from './client.js';
import { shapedFor } from './graphql-input.js';
import type { Role } from './roles.js';
import type { Row } from './rows.js';

/** Directus has two GraphQL endpoints, and leaves out the prefix in names of its own collections. */
export const scopeOf = (collection: string) => (collection.startsWith('directus_') ? 'system' : 'items');
export const nameOf = (collection: string) => collection.replace(/^directus_/, '');

/** An id as a value in a query: some of Directus's own are numbers. */
export const literal = (id: string) => (/^\d+$/.test(id) ? id : JSON.stringify(id));

export function create(client: Client, role: Role, collection: string, data: Row): Promise<Answer> {
	const type = `create_${collection}_input`;
	const query = `mutation ($data: ${type}!) { done: create_${nameOf(collection)}_item(data: $data) { id } }`;
	return write(client, role, collection, { type, query, data });
}

export function update(client: Client, role: Role, collection: string, id: string, data: Row): Promise<Answer> {
	const type = `update_${collection}_input`;
	const query = `mutation ($data: ${type}!) {
		done: update_${nameOf(collection)}_item(id: ${JSON.stringify(id)}, data: $data) { id } }`;
	return write(client, role, collection, { type, query, data });
}

async function write(
	client: Client,
	role: Role,
	collection: string,
	{ type, query, data }: { type: string; query: string; data: Row },
): Promise<Answer> {
	const scope = scopeOf(collection);
	const gaps = new Set<string>();
	const shaped = await shapedFor(client, role, type, data, scope, gaps);
	const answer = await client.graphql(role, query, { data: shaped }, scope);

	// What cannot be said in the role's schema is answered as an error that nobody foresaw; nothing was begun.
	const isUnsaid = gaps.size > 0 && answer.body?.data === undefined && answer.status < 500;
	return isUnsaid ? { status: 400, body: { errors: [UNSAID] } } : answer;
}

const UNSAID = { message: 'not in the schema', extensions: { code: 'GRAPHQL_VALIDATION' } };

export function remove(client: Client, role: Role, collection: string, id: string): Promise<Answer> {
	const query = `mutation { done: delete_${nameOf(collection)}_item(id: ${JSON.stringify(id)}) { id } }`;
	return client.graphql(role, query, {}, scopeOf(collection));
}

/** By id, in a list and counted: one request, of which each part is null where it is refused. */
export function read(client: Client, role: Role, collection: string, id: string): Promise<Answer> {
	const name = nameOf(collection);
	const filter = `filter: { id: { _eq: ${literal(id)} } }`;
	const query = `{
		single: ${name}_by_id(id: ${JSON.stringify(id)}) { id }
		list: ${name}(${filter}) { id }
		counted: ${name}_aggregated(${filter}) { countDistinct { id } }
	}`;

	return client.graphql(role, query, {}, scopeOf(collection));
}

/**
 * Fields of a row on a path from another one: `{ collection: 'entries', id, path: ['vehicle', 'id'] }`.
 * @param one of a list, the only row that is asked for
 */
export function nested(
	client: Client,
	role: Role,
	{ collection, id, path }: { collection: string; id: string; path: string[] },
	one: string | null = null,
) {
	const [first = '', ...rest] = path;
	const only = one === null ? '' : `(filter: { id: { _eq: ${literal(one)} } })`;
	const fields = rest.length === 0 ? first : `${first}${only} { ${rest.join(' { ')}${' }'.repeat(rest.length)}`;
	const query = `{ single: ${nameOf(collection)}_by_id(id: ${JSON.stringify(id)}) { ${fields} } }`;
	return client.graphql(role, query, {}, scopeOf(collection));
}

/** A role whose rights do not reach the other side of a relation gets the key there, and no row behind it. */
export const isKeyOnly = (answer: Answer) => JSON.stringify(answer.body).includes('must not have a selection');
