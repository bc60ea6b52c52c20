import type { Answer } from '../support/stack.js';
import type { Client } from './client.js';
import type { Role } from './roles.js';
import type { Row } from './rows.js';

/** Directus has two GraphQL endpoints, and leaves out the prefix in names of its own collections. */
export const scopeOf = (collection: string) => (collection.startsWith('directus_') ? 'system' : 'items');
export const nameOf = (collection: string) => collection.replace(/^directus_/, '');

/** An id as a value in a query: some of Directus's own are numbers. */
export const literal = (id: string) => (/^\d+$/.test(id) ? id : JSON.stringify(id));

export function create(client: Client, role: Role, collection: string, data: Row): Promise<Answer> {
	const query = `mutation ($data: create_${collection}_input!) { done: create_${nameOf(collection)}_item(data: $data) { id } }`;
	return client.graphql(role, query, { data }, scopeOf(collection));
}

export function update(client: Client, role: Role, collection: string, id: string, data: Row): Promise<Answer> {
	const query = `mutation ($data: update_${collection}_input!) {
		done: update_${nameOf(collection)}_item(id: ${JSON.stringify(id)}, data: $data) { id } }`;
	return client.graphql(role, query, { data }, scopeOf(collection));
}

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
		counted: ${name}_aggregated(${filter}) { count { id } }
	}`;

	return client.graphql(role, query, {}, scopeOf(collection));
}

/** Fields of a row on a path from another one: `{ collection: 'entries', id, path: ['vehicle', 'id'] }`. */
export function nested(client: Client, role: Role, way: { collection: string; id: string; path: string[] }) {
	const { collection, id, path } = way;
	const fields = path.reduceRight((inner, field) => (inner === '' ? field : `${field} { ${inner} }`), '');
	const query = `{ single: ${nameOf(collection)}_by_id(id: ${JSON.stringify(id)}) { ${fields} } }`;
	return client.graphql(role, query, {}, scopeOf(collection));
}
