import { describe, expect, it } from 'vitest';
import { circlesOf } from './circles.js';

describe('circlesOf', () => {
	it('finds none where all imports lead one way', () => {
		const graph = new Map([
			['a', ['b', 'c']],
			['b', ['c']],
			['c', []],
		]);
		expect(circlesOf(graph)).toEqual([]);
	});

	it('finds a circle behind files that are in none', () => {
		const graph = new Map([
			['a', ['b']],
			['b', ['c']],
			['c', ['d', 'b']],
		]);
		expect(circlesOf(graph)).toEqual([['b', 'c', 'b']]);
	});

	it('finds a file that imports itself', () => {
		expect(circlesOf(new Map([['a', ['a']]]))).toEqual([['a', 'a']]);
	});
});
