import { expect, it } from 'vitest';
import { onlyChoice } from './only-choice.js';

it.each([
	['none', [], null],
	['one', ['a'], 'a'],
	['two', ['a', 'b'], null],
])('of %s memberships', (_count, organizations, expected) => {
	expect(onlyChoice(organizations.map((organization) => ({ organization })))).toBe(expected);
});
