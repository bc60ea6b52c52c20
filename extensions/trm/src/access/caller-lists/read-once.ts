import type { Accountability } from '@directus/types';
import type { Knex } from 'knex';
import { remembered } from '../request-memory.js';
import { CALLER_LISTS } from './lists.js';

type Lists = Record<string, unknown>;

/** What Directus's UsersService is to its method `readOne`. */
interface Reading {
	accountability: Accountability | null;
	knex: Knex;
}

type ReadOne = (this: Reading, key: string, query?: { fields?: string[] }, options?: object) => Promise<Lists>;

/**
 * Directus reads the caller's lists anew for each collection of a query, with all that a service does for a question: up to fifteen times for
 * one page.
 * @returns the method, by which a request that only reads reads them once, all together.
 */
export function readListsOnce(readOne: ReadOne): ReadOne {
	return async function (key, query, options) {
		if (!isForLists(this, query, options)) return readOne.call(this, key, query, options);

		const all = await remembered(`lists of ${key}`, () => readOne.call(this, key, { fields: [...CALLER_LISTS] }));
		return Object.fromEntries((query?.fields ?? []).map((field) => [field, all[field]]));
	};
}

/** Whether Directus itself asks, for the variables of a permission, and of what is committed. */
function isForLists({ accountability, knex }: Reading, query: object = {}, options: object | undefined): boolean {
	const { fields, ...others } = query as { fields?: string[] };
	const isAsked = fields !== undefined && fields.length > 0 && fields.every((field) => isList.has(field));
	return isAsked && Object.keys(others).length === 0 && options === undefined && !accountability && !knex.isTransaction;
}

const isList: ReadonlySet<string> = new Set(CALLER_LISTS);
