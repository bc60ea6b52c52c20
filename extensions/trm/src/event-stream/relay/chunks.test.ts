import { expect, it } from 'vitest';
import { inChunks } from './chunks.js';

const sizes = (...data: string[]) =>
	inChunks(
		data.map((text) => ({ data: text })),
		10,
	).map((chunk) => chunk.map(({ data }) => data));

it('fills each chunk up to its bytes, in order, and gives what is larger a chunk of its own', () => {
	expect(sizes('aaaa', 'bbbbbb', 'c', 'x'.repeat(50), 'd', 'eeee')).toEqual([
		['aaaa', 'bbbbbb'],
		['c'],
		['x'.repeat(50)],
		['d', 'eeee'],
	]);
	expect(sizes('ääää', 'bbb')).toEqual([['ääää'], ['bbb']]);
	expect(sizes()).toEqual([]);
});
