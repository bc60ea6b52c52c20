import type { TimeWindow } from './types.js';

/** What a link to Race Control says; null for what it leaves open. */
export interface Link {
	event: string | null;
	entry: string | null;
	device: string | null;
	window: TimeWindow | null;
}

type Query = Record<string, unknown>;

/** From the query part of the address; whatever is not usable counts as left open. */
export function readLink(query: Query): Link {
	const from = readTime(query['from']);
	const to = readTime(query['to']);

	return {
		event: readText(query['event']),
		entry: readText(query['entry']),
		device: readText(query['device']),
		window: from !== null && to !== null && from < to ? { from, to } : null,
	};
}

export function writeLink({ event, entry, device, window }: Link): Record<string, string> {
	const times = window && { from: new Date(window.from).toISOString(), to: new Date(window.to).toISOString() };
	const parts = { event, entry, device, ...times };
	return Object.fromEntries(Object.entries(parts).filter((part): part is [string, string] => part[1] !== null));
}

function readText(value: unknown): string | null {
	return typeof value === 'string' && value !== '' ? value : null;
}

function readTime(value: unknown): number | null {
	const time = typeof value === 'string' ? Date.parse(value) : NaN;
	return Number.isNaN(time) ? null : time;
}
