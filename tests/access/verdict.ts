import type { Answer } from '../support/stack.js';

/** What an API did with a request: what it asked for, or a refusal; anything else is told as it is. */
export type Verdict = 'allowed' | 'refused' | { odd: string };

export const ALLOWED = 'allowed';
export const REFUSED = 'refused';

export function restVerdict(answer: Answer): Verdict {
	const { status, body } = answer;
	if (status === 200 || status === 204) return ALLOWED;
	if (status === 403 || errorsOf(answer).some(isRefusal)) return REFUSED;
	return { odd: `${status} ${JSON.stringify(body)?.slice(0, 200)}` };
}

/**
 * Of a mutation whose result is called `done`. What a role has no right to at all is not in its schema: such a request is
 * refused as one that names something unknown.
 */
export function graphqlVerdict(answer: Answer): Verdict {
	const errors = errorsOf(answer);
	if (errors.length > 0 && errors.every(isRefusal)) return REFUSED;
	if (answer.status === 200 && errors.length === 0 && answer.body?.data?.done?.id != null) return ALLOWED;
	return { odd: `${answer.status} ${JSON.stringify(answer.body)?.slice(0, 200)}` };
}

export interface GraphqlError {
	message: string;
	extensions?: { code?: string };
}

export const errorsOf = ({ body }: Answer): GraphqlError[] => body?.errors ?? [];

const UNKNOWN =
	/^(GraphQL validation error\.|Cannot query field|Unknown type|Field ".*" is not defined|Variable ".*" got invalid value)/;

/**
 * The values are such that the administrator may give them: where somebody else's do not pass a validation, it is the one of his
 * permission.
 */
const CODES = ['FORBIDDEN', 'FAILED_VALIDATION', 'GRAPHQL_VALIDATION', 'GRAPHQL_VALIDATION_EXCEPTION'];

export const isRefusal = ({ message, extensions }: GraphqlError) =>
	CODES.includes(extensions?.code ?? '') || UNKNOWN.test(message);

/** Several ways to the same row agree, or they are told apart. */
export function agreed(seen: Record<string, boolean | string>): Verdict {
	const all = Object.values(seen);
	if (all.every((one) => one === true)) return ALLOWED;
	if (all.every((one) => one === false)) return REFUSED;
	return {
		odd: Object.entries(seen)
			.map(([way, one]) => `${way}: ${typeof one === 'string' ? one : one ? 'seen' : 'not seen'}`)
			.join(', '),
	};
}

export const toText = (verdict: Verdict) => (typeof verdict === 'string' ? verdict : verdict.odd);
