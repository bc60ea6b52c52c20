import type { Response } from 'express';

interface Told {
	message: string;
	extensions?: { code?: string };
}

/** Directus's words differ by what it found: an item of others to change, none, so that it would be made, or a field that is not given. */
const OF_DIRECTUS = /^You don't have permissions? to (?:perform|access) /;
const ALIKE = "You don't have permission to access this.";

/** Refuses the writing of an item of others, also within another item, in the same words as of one that does not exist. */
export function tellAlike(response: Response): void {
	const send = response.json.bind(response);
	response.json = (body) => send(alike(body));
}

/** @param body of REST or GraphQL. @returns it without what tells an item of others from none. */
export function alike(body: unknown): unknown {
	const { errors } = (body ?? {}) as { errors?: unknown };
	if (!Array.isArray(errors)) return body;
	return { ...(body as object), errors: errors.map(aliked) };
}

const aliked = (error: Told): Told =>
	error.extensions?.code === 'FORBIDDEN' && OF_DIRECTUS.test(error.message)
		? { ...error, message: ALIKE, extensions: { code: 'FORBIDDEN' } }
		: error;
