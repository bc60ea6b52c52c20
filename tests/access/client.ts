import type { Answer } from '../support/stack.js';
import type { Role } from './roles.js';

/** Whoever calls: a role of the tables, or a token itself; null for nobody. */
export type Caller = Role | { token: string | null };

/** Requests that are under way at once: enough to keep two cores busy, too few to wait for each other. */
const WIDTH = 8;

/**
 * Calls a stack's REST and GraphQL API as somebody, and keeps every answer that is the server's fault.
 * @example
 * const client = new Client(stack.url, world.tokens);
 * await client.rest('owner', 'GET', '/items/events');
 * await client.graphql('public', '{ events { id } }');
 * expect(client.serverErrors).toEqual([]);
 */
export class Client {
	/** one line for each 5xx, or the same inside a GraphQL answer */
	readonly serverErrors: string[] = [];
	requests = 0;
	readonly #mutations = new Map<string, boolean>();

	constructor(
		readonly url: string,
		readonly tokens: Record<Role, string | null>,
	) {}

	/** A string body is sent as it stands. The answer's body is text where it is no JSON, and null where there is none. */
	async rest(
		caller: Caller,
		method: string,
		path: string,
		body?: unknown,
		headers: Record<string, string> = {},
	): Promise<Answer> {
		const token = typeof caller === 'string' ? this.tokens[caller] : caller.token;

		this.requests += 1;
		const response = await fetch(`${this.url}${path}`, {
			method,
			redirect: 'manual',
			headers: {
				...(token === null ? {} : { Authorization: `Bearer ${token}` }),
				...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
				...headers,
			},
			...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
		});

		const answer = { status: response.status, body: parse(await response.text()) };
		const error = serverErrorIn(answer);
		if (error !== null) {
			this.serverErrors.push(`${nameOf(caller)} ${method} ${path} ${JSON.stringify(body) ?? ''}: ${error}`);
		}

		return answer;
	}

	async graphql(
		caller: Caller,
		query: string,
		variables: object = {},
		scope: 'items' | 'system' = 'items',
	): Promise<Answer> {
		const answer = await this.rest(caller, 'POST', pathOf(scope), { query, variables });
		const isUnexplained =
			answer.body?.data === undefined && /"INTERNAL_SERVER_ERROR"/.test(JSON.stringify(answer.body));
		if (!isUnexplained || !query.startsWith('mutation') || (await this.#hasMutations(caller, scope))) return answer;
		return { status: 400, body: { errors: [{ message: 'no mutations', extensions: { code: 'GRAPHQL_VALIDATION' } }] } };
	}

	/** Who may write nothing has a schema without mutations; Directus calls it an unexpected error when he sends one. */
	async #hasMutations(caller: Caller, scope: 'items' | 'system'): Promise<boolean> {
		const key = `${scope} ${JSON.stringify(caller)}`;

		if (!this.#mutations.has(key)) {
			const { body } = await this.graphql(caller, '{ __schema { mutationType { name } } }', {}, scope);
			this.#mutations.set(key, body.data.__schema.mutationType !== null);
		}

		return this.#mutations.get(key) === true;
	}
}

const pathOf = (scope: 'items' | 'system') => (scope === 'items' ? '/graphql' : '/graphql/system');

/**
 * @returns what the server blames itself for, also inside an answer of GraphQL, which has status 200. There it is one when the
 * query was begun, so that there are data: Directus gives the same code to a request that it cannot begin.
 */
function serverErrorIn({ status, body }: Answer): string | null {
	const text = JSON.stringify(body)?.slice(0, 300) ?? '';
	const isOfGraphql = body?.data !== undefined && /"code":"INTERNAL_SERVER_ERROR"/.test(text);
	return status >= 500 || isOfGraphql ? `${status} ${text}` : null;
}

const nameOf = (caller: Caller) => (typeof caller === 'string' ? caller : 'token');

function parse(text: string): unknown {
	if (text === '') return null;

	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/** Does the work for each of the items, several at a time. */
export async function inParallel<Item>(items: Iterable<Item>, work: (item: Item) => Promise<void>): Promise<void> {
	const rest = items[Symbol.iterator]();

	await Promise.all(
		Array.from({ length: WIDTH }, async () => {
			for (let next = rest.next(); next.done !== true; next = rest.next()) await work(next.value);
		}),
	);
}
