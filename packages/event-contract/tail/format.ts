import { EventError } from '../event-error.js';
import { parseEvent } from '../parse-event.js';

/** As styleText of node:util, so that colours are decided in one place. */
export type Paint = (colour: 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold', text: string) => string;

const VERBS = { created: 'green', updated: 'yellow', deleted: 'red', flagged: 'cyan' } as const;

/** Columns that Directus writes with every change. */
const BOOKKEEPING = new Set(['date_updated', 'user_updated']);

const LONGEST_VALUE = 60;

/**
 * One event for a reader: `time  sequence  type  subject  what`, and what is wrong with it where it does not fit its schema.
 * It may come from a publisher that is newer or is not ours at all, so nothing of it is taken for granted.
 */
export function formatEntry(entryId: string, fields: Record<string, string>, paint: Paint): string {
	const { type = '?', subject = '?', time = '', sequence = entryId } = fields;
	const colour = VERBS[type.split('.').at(-1) as keyof typeof VERBS] ?? 'bold';

	const head = [
		paint('dim', printable(time.replace('T', ' ').padEnd(27))),
		printable(sequence).padStart(7),
		paint(colour, printable(type).padEnd(32)),
		printable(subject),
	].join('  ');

	return [head, ...detailsOf(fields, paint), ...problemOf(fields, paint)].join('\n');
}

function detailsOf({ type = '', data = '' }: Record<string, string>, paint: Paint): string[] {
	const value = parse(data);
	if (!isRecord(value)) return [];
	if (type.startsWith('trm.stream.')) return [line(value, paint)];

	if (type === 'trm.positions.flagged') {
		const { faulty, changed, matched, from, to, reason } = value;
		return [line({ faulty, changed, matched, from, to, ...(reason == null ? {} : { reason }) }, paint)];
	}

	if (type.endsWith('.updated') && isRecord(value['changed'])) {
		return Object.entries(value['changed'])
			.filter(([column]) => !BOOKKEEPING.has(column))
			.map(([column, change]) => {
				const { old, new: now } = isRecord(change) ? change : {};
				return `    ${printable(column)}: ${paint('red', show(old))} → ${paint('green', show(now))}`;
			});
	}

	return [];
}

function problemOf(fields: Record<string, string>, paint: Paint): string[] {
	try {
		parseEvent(fields);
		return [];
	} catch (error) {
		return error instanceof EventError ? [`    ${paint('red', printable(error.message))}`] : [];
	}
}

const line = (values: Record<string, unknown>, paint: Paint) =>
	`    ${Object.entries(values)
		.map(([name, value]) => `${paint('dim', printable(name))} ${show(value)}`)
		.join('  ')}`;

function show(value: unknown): string {
	const text = printable(JSON.stringify(value) ?? 'none');
	return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** Control characters could take the terminal over. */
function printable(text: string): string {
	return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => JSON.stringify(character).slice(1, -1));
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The event as one line of JSON. */
export function jsonLine(entryId: string, fields: Record<string, string>): string {
	const { data, sequence, ...others } = fields;
	const parsed = data === undefined ? {} : { data: parse(data) ?? data };
	return JSON.stringify({ entry: entryId, sequence: Number(sequence ?? entryId.split('-')[0]), ...others, ...parsed });
}
