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
	readonly #withoutMutations = new Map<string, boolean>();

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
		if (error !== null && !(await this.#isMutationOfNobody(caller, path, body))) {
			this.serverErrors.push(`${nameOf(caller)} ${method} ${path} ${JSON.stringify(body) ?? ''}: ${error}`);
		}

		return answer;
	}

	graphql(caller: Caller, query: string, variables: object = {}, scope: 'items' | 'system' = 'items'): Promise<Answer> {
		return this.rest(caller, 'POST', pathOf(scope), { query, variables });
	}

	/**
	 * Who may write nothing has a schema without mutations, and Directus calls it an unexpected error when he sends one: a refusal,
	 * and no error of the server's.
	 */
	async #isMutationOfNobody(caller: Caller, path: string, body: unknown): Promise<boolean> {
		const query = (body as { query?: unknown } | null | undefined)?.query;
		if (!path.startsWith('/graphql') || typeof query !== 'string' || !query.startsWith('mutation')) return false;

		const key = `${path} ${JSON.stringify(caller)}`;
		const known = this.#withoutMutations.get(key);
		if (known !== undefined) return known;

		const { body: answer } = await this.rest(caller, 'POST', path, { query: '{ __schema { mutationType { name } } }' });
		const none = answer?.data?.__schema?.mutationType === null;
		this.#withoutMutations.set(key, none);
		return none;
	}
}

const pathOf = (scope: 'items' | 'system') => (scope === 'items' ? '/graphql' : '/graphql/system');

/** @returns what the server blames itself for, also inside an answer of GraphQL, which has status 200. */
function serverErrorIn({ status, body }: Answer): string | null {
	const text = JSON.stringify(body)?.slice(0, 300) ?? '';
	return status >= 500 || /"code":"INTERNAL_SERVER_ERROR"/.test(text) ? `${status} ${text}` : null;
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
