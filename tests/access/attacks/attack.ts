import type { Answer } from '../../support/stack.js';
import type { Caller, Client } from '../client.js';
import { errorsOf, isRefusal, type GraphqlError } from '../verdict.js';
import type { Setting } from './setting.js';

/** Who sends what: `['owner', 'PATCH', '/items/events/…', { organization: '…' }]`. */
export type Ask = [
	as: Caller,
	method: string,
	path: string,
	body?: unknown,
	headers?: Record<string, string> | undefined,
];

export interface Attack {
	/** what the attacker tries */
	name: string;
	asks(setting: Setting): Ask[];
	/** Sends one of them, where fetch would not send it as it stands. */
	send?(client: Client, ask: Ask): Promise<Answer>;
	/** @returns what is wrong with the answers, beyond what no answer may hold; null where nothing is. */
	judge(answers: Answer[], setting: Setting): string | null;
}

/** One group: what it must not change is compared before and after. */
export interface Group {
	name: string;
	attacks: Attack[];
}

/** What a request may be answered that Directus cannot make sense of, or only of a part of it. */
export const NO_SERVER_ERROR = [200, 400, 403, 404, 413, 414, 422, 431];

type Asked = (setting: Setting) => Ask | Ask[];

const listOf = (asked: Asked) => (setting: Setting) => {
	const one = asked(setting);
	return (Array.isArray(one[0]) ? one : [one]) as Ask[];
};

/** Every answer is a refusal: 403 unless told, or the validation of a permission, and by GraphQL errors of which each is one. */
export function refused(name: string, asked: Asked, statuses: number[] = [403]): Attack {
	return {
		name,
		asks: listOf(asked),
		judge: (answers) => firstOf(answers, (answer) => (isRefused(answer, statuses) ? null : wrong(answer, 'a refusal'))),
	};
}

function isRefused(answer: Answer, statuses: number[]): boolean {
	const told = errorsOf(answer);
	if (!isGraphql(answer)) return statuses.includes(answer.status) || (told.length > 0 && told.every(isRefusal));
	return (
		told.length > 0 && told.every((error) => isRefusal(error) || isInUse(error, statuses)) && isEmpty(answer.body.data)
	);
}

const isInUse = ({ extensions }: GraphqlError, statuses: number[]) =>
	statuses.includes(409) && extensions?.code === 'RECORD_IN_USE';

/** What a request is answered that is not understood, not allowed or asks for too much. */
const UNANSWERED = [400, 403, 404, 413];

/** Every answer is a refusal of any kind, and holds no data. */
export function unanswered(name: string, asked: Asked): Attack {
	return {
		name,
		asks: listOf(asked),
		judge: (answers) =>
			firstOf(answers, (answer) => {
				const isTold = Array.isArray(answer.body?.errors) && isEmpty(answer.body.data);
				const isRefusedByRoute = UNANSWERED.includes(answer.status) && isTold;
				return isRefusedByRoute || (answer.status === 200 && isTold) ? null : wrong(answer, 'a refusal');
			}),
	};
}

/** GraphQL answers what it could not do with 200 or 400 and a list of errors, beside `data`. */
const isGraphql = ({ status, body }: Answer) =>
	Array.isArray(body?.errors) && (status === 200 || body.errors.some(isGraphqlError));

const isGraphqlError = (error: { extensions?: { code?: string } }) => error.extensions?.code?.startsWith('GRAPHQL_');

/** The request may be answered, and then with no row and with no number above 0. */
export function nothing(name: string, asked: Asked, statuses: number[] = [200, 403]): Attack {
	return {
		name,
		asks: listOf(asked),
		judge: (answers) =>
			firstOf(answers, (answer) => {
				if (!statuses.includes(answer.status)) return wrong(answer, `one of ${statuses.join(', ')}`);
				if (answer.status !== 200) return null;
				return isEmpty(answer.body?.data ?? answer.body) ? null : wrong(answer, 'nothing in it');
			}),
	};
}

function isEmpty(value: unknown): boolean {
	if (value === null || value === undefined || value === 0 || value === '0' || value === '') return true;
	return typeof value === 'object' && Object.values(value).every(isEmpty);
}

/** The answers may be anything but a server error or a leak, and whatever was sent leaves everything as it was. */
export function harmless(name: string, asked: Asked, statuses: number[] | null = null): Attack {
	return {
		name,
		asks: listOf(asked),
		judge: (answers) =>
			firstOf(answers, (answer) =>
				statuses === null || statuses.includes(answer.status) ? null : wrong(answer, `one of ${statuses.join(', ')}`),
			),
	};
}

/**
 * The answers do not tell one from the other, so that a guess that is right cannot be told from one that is wrong.
 * @param masked texts that differ by themselves, such as the guesses
 */
export function alike(name: string, asked: Asked, masked: (setting: Setting) => string[] = () => []): Attack {
	return {
		name,
		asks: listOf(asked),
		judge: (answers, setting) => {
			const texts = answers.map(({ status, body }) =>
				masked(setting).reduce((text, mask) => text.replaceAll(mask, '…'), `${status} ${JSON.stringify(body)}`),
			);
			const other = texts.find((text) => text !== texts[0]);
			if (other !== undefined) return `answers differ: ${texts[0]?.slice(0, 200)} and ${other.slice(0, 200)}`;
			return texts.length > 1 ? null : 'there is nothing to compare';
		},
	};
}

const wrong = ({ status, body }: Answer, expected: string) =>
	`expected ${expected}, came ${status} ${JSON.stringify(body)?.slice(0, 300)}`;

function firstOf(answers: Answer[], problem: (answer: Answer) => string | null): string | null {
	return answers.map(problem).find((text) => text !== null) ?? null;
}
