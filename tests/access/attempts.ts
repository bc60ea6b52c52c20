import type { Answer } from '../support/stack.js';
import type { Client } from './client.js';
import * as graphql from './graphql.js';
import type { Role } from './roles.js';
import { restPath } from './subject.js';
import { agreed, errorsOf, isRefusal, type Verdict } from './verdict.js';

/** A way to the row from another one, and whether it has to lead there for those who may read the row. */
export interface Way {
	collection: string;
	id: string;
	path: string[];
	leads: boolean;
}

/** Reads a row by id, in a list, counted and through another row. */
export async function readByRest(
	client: Client,
	role: Role,
	collection: string,
	id: string,
	way: Way | null,
): Promise<Verdict> {
	const rows = restPath(collection);
	const filter = `filter[id][_eq]=${id}`;

	const [single, list, counted] = await Promise.all([
		client.rest(role, 'GET', `${rows}/${id}?fields=id`),
		client.rest(role, 'GET', `${rows}?fields=id&${filter}`),
		client.rest(role, 'GET', `${rows}?aggregate[countDistinct]=id&${filter}`),
	]);

	const seen: Record<string, boolean | string> = {
		single: seenOr(single, ({ body }) => String(body.data.id) === id),
		list: seenOr(list, ({ body }) => body.data.some((row: { id: unknown }) => String(row.id) === id)),
		counted: seenOr(counted, ({ body }) => Number(body.data[0].countDistinct.id) === 1),
	};

	if (way !== null) {
		const [field] = way.path as [string];
		const only = LISTS.includes(field) ? `&deep=${JSON.stringify({ [field]: { _filter: { id: { _eq: id } } } })}` : '';
		const path = `${restPath(way.collection)}/${way.id}?fields=${way.path.join('.')}${only}`;
		const answer = await client.rest(role, 'GET', path);
		noteWay(
			seen,
			way,
			seenOr(answer, ({ body }) => holds(body.data, way.path, id)),
		);
	}

	return agreed(seen);
}

/** The same by GraphQL. */
export async function readByGraphql(
	client: Client,
	role: Role,
	collection: string,
	id: string,
	way: Way | null,
): Promise<Verdict> {
	const answer = await graphql.read(client, role, collection, id);
	const data = answer.body?.data;
	const foreseen = errorsOf(answer).every(isRefusal);

	const seen: Record<string, boolean | string> = foreseen
		? {
				single: String(data?.single?.id) === id,
				list: data?.list?.some((row: { id: unknown }) => String(row.id) === id) ?? false,
				counted: Number(data?.counted?.[0]?.countDistinct?.id ?? 0) === 1,
			}
		: { answer: JSON.stringify(answer.body).slice(0, 200) };

	if (way !== null) {
		const there = await graphql.nested(client, role, way, LISTS.includes(way.path[0] ?? '') ? id : null);
		if (!graphql.isKeyOnly(there)) noteWay(seen, way, holds(there.body?.data?.single, way.path, id));
	}

	return agreed(seen);
}

/** Fields that are lists of rows: many, of which the one is asked for. */
const LISTS = ['events', 'classes', 'entries', 'crew', 'devices', 'organizations', 'flags', 'users'];

/** A way that need not lead there counts only when it does though nothing else did. */
function noteWay(seen: Record<string, boolean | string>, way: Way, there: boolean | string): void {
	const otherwise = Object.values(seen).some((one) => one === true);
	if (way.leads || there !== false) seen['nested'] = there;
	else if (!otherwise) seen['nested'] = false;
}

function seenOr(answer: Answer, look: (answer: Answer) => boolean): boolean | string {
	if (answer.status === 403) return false;
	if (answer.status !== 200) return `${answer.status} ${JSON.stringify(answer.body)?.slice(0, 120)}`;
	return look(answer);
}

/** Whether the value is at the end of the path, through lists as well. */
function holds(value: unknown, path: string[], id: string): boolean {
	if (Array.isArray(value)) return value.some((one) => holds(one, path, id));
	const [field, ...rest] = path;
	if (field === undefined) return String(value) === id;
	return typeof value === 'object' && value !== null && holds((value as Record<string, unknown>)[field], rest, id);
}
