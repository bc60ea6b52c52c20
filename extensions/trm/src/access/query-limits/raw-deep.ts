import { invalidQuery } from './query-path.js';

type Part = Record<string, unknown>;

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null && !Array.isArray(value);
const isNames = (value: unknown) =>
	typeof value === 'string' || (Array.isArray(value) && value.every((name) => typeof name === 'string'));

/** What Directus parses by itself, and fails on where it is something else. */
const TAKES: Record<string, (value: unknown) => boolean> = {
	_fields: isNames,
	_sort: isNames,
	_filter: (value) => isPart(parsed(value)) && !looksUp(parsed(value)),
};

/**
 * Directus reads `deep` without waiting for it: what it fails on there is reported to nobody, is left out of the query, and would end
 * a process that has no handler for such failures.
 * @param deep as it came: JSON, or an object
 * @throws 400 for what Directus could not read.
 */
export function checkDeep(deep: unknown): void {
	if (deep === undefined) return;
	const part = parsed(deep);
	if (!isPart(part)) throw invalidQuery('deep takes an object of relations');
	checkPart(part);
}

function checkPart(part: Part): void {
	for (const [name, value] of Object.entries(part)) {
		const takes = Object.hasOwn(TAKES, name) ? TAKES[name] : undefined;
		if (takes?.(value) === false) throw invalidQuery(`deep: "${name}" cannot be read`);
		if (['_meta', '_aggregate', '_deep', '_groupBy'].includes(name)) {
			throw invalidQuery(`deep: "${name}" can be asked by a request of its own only`);
		}
		if (!name.startsWith('_') && isPart(value)) checkPart(value);
	}
}

/** Whether a value is one of the caller's own row, which Directus would have to read first: `$CURRENT_USER.first_name`. */
function looksUp(value: unknown): boolean {
	if (typeof value === 'string') return /^\$CURRENT_\w+\./.test(value);
	return typeof value === 'object' && value !== null && Object.values(value).some(looksUp);
}

function parsed(value: unknown): unknown {
	if (typeof value !== 'string') return value;

	try {
		return JSON.parse(value);
	} catch {
		return undefined;
	}
}
