import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/environment.js';
import { ROLES, type Role } from './roles.js';

/** One line of a table: what stands before the cells, and a cell for each role. */
export interface Line {
	labels: string[];
	cells: Record<Role, string>;
}

/**
 * Reads a table of tests/access: lines of words, the last ones a cell for each role; `#` begins a comment, and the first line
 * that is none names the columns.
 * @param cell what a cell looks like
 * @throws Error naming the line that has another number of words, an odd cell or labels that were there before.
 */
export function readTable(file: string, labels: number, cell: RegExp): Line[] {
	const lines = readFileSync(join(root, 'tests/access', file), 'utf8').split('\n');
	const [header, ...body] = lines
		.map((text, index) => ({ at: `${file}:${index + 1}`, words: wordsOf(text) }))
		.filter(({ words }) => words.length > 0);

	if (header?.words.slice(labels).join() !== ROLES.join())
		throw new Error(`${file}: the columns must be ${ROLES.join(' ')}`);
	const seen = new Set<string>();

	return body.map(({ at, words }) => {
		const key = words.slice(0, labels).join(' ');
		if (words.length !== labels + ROLES.length) throw new Error(`${at}: ${words.length} words`);
		if (seen.has(key)) throw new Error(`${at}: "${key}" stands there twice`);
		seen.add(key);

		const odd = words.slice(labels).find((word) => !cell.test(word));
		if (odd !== undefined) throw new Error(`${at}: "${odd}" is no cell`);

		const cells = Object.fromEntries(ROLES.map((role, index) => [role, words[labels + index]]));
		return { labels: words.slice(0, labels), cells: cells as Record<Role, string> };
	});
}

const wordsOf = (text: string) => (text.split('#')[0] as string).split(/\s+/).filter((word) => word !== '');
