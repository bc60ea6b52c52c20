import { randomUUID } from 'node:crypto';
import { refused, type Ask, type Attack } from './attack.js';
import type { Setting } from './setting.js';

type Move = (s: Setting) => [collection: string, id: string, body: object];

/** The same change through every route that changes a row: alone, in a list, by keys, by a query, and by GraphQL. */
export function moved(name: string, move: Move): Attack {
	return refused(name, (s) => {
		const [collection, id, body] = move(s);
		const path = `/items/${collection}`;
		const mutation = `mutation ($data: update_${collection}_input!) { update_${collection}_item(id: "${id}", data: $data) { id } }`;

		return [
			['owner', 'PATCH', `${path}/${id}`, body],
			['owner', 'PATCH', path, [{ id, ...body }]],
			['owner', 'PATCH', path, { keys: [id], data: body }],
			['owner', 'PATCH', path, { query: { filter: { id: { _eq: id } } }, data: body }],
			['race_director', 'PATCH', `${path}/${id}`, body],
			...byGraphql(body, mutation),
		];
	});
}

/**
 * The same creation through every route that makes a row.
 * @param statuses of a refusal: 400 too where the answer says what is missing.
 */
export function created(
	name: string,
	make: (s: Setting) => [collection: string, body: object],
	statuses?: number[],
): Attack {
	const asked = (s: Setting): Ask[] => {
		const [collection, body] = make(s);
		const mutation = `mutation ($data: create_${collection}_input!) { create_${collection}_item(data: $data) { id } }`;

		return [
			['owner', 'POST', `/items/${collection}`, body],
			['race_director', 'POST', `/items/${collection}`, [body]],
			['owner', 'PATCH', `/items/${collection}`, [{ id: randomUUID(), ...body }]],
			...byGraphql(body, mutation),
		];
	};

	return refused(name, asked, statuses);
}

/** Its input types have a place for what one may write of a related row, which no id is: only plain values get through. */
function byGraphql(body: object, query: string): Ask[] {
	const isPlain = Object.values(body).every((value) => value !== null && !/^[0-9a-f-]{36}$/.test(String(value)));
	return isPlain ? [['owner', 'POST', '/graphql', { query, variables: { data: body } }]] : [];
}
