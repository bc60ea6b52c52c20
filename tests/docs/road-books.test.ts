import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALL_KINDS, ERRORS, KINDS, REMEDIES } from '../../packages/road-book/index.js';

describe('docs/road-books.md', () => {
	const page = readFileSync(new URL('../../docs/road-books.md', import.meta.url), 'utf8');
	const rows = [...page.matchAll(/^\| (.+?) +\| (.*?) *\| ?(.*?) *\|?$/gm)].map(([, ...cells]) => cells);

	it('has every code of an error and of a warning, and no other', () => {
		const codes = rows.map(([code]) => /^`([A-Z_]+)`$/.exec(code ?? '')?.[1]).filter((code) => code !== undefined);
		expect(codes).toEqual([...Object.keys(ERRORS), ...Object.keys(REMEDIES)]);
	});

	it('has the default radii of every kind', () => {
		const metres = (radius: number | null) => (radius === null ? '' : `${radius} m`);
		const documented = rows.flatMap(([kinds = '', open, clear]) =>
			(kinds.match(/\b[A-Z]{2,4}\b/g) ?? []).map((kind) => `${kind} ${open}/${clear}`),
		);
		const expected = ALL_KINDS.map((kind) => `${kind} ${metres(KINDS[kind].open)}/${metres(KINDS[kind].clear)}`);
		expect(documented).toEqual(expect.arrayContaining(expected));
	});
});
