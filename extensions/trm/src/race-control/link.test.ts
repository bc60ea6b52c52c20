import { expect, test } from 'vitest';
import { readLink, writeLink } from './link.js';

test('a link says what was looked at', () => {
	const window = { from: Date.parse('2026-06-07T06:00:00Z'), to: Date.parse('2026-06-07T07:00:00Z') };
	const link = { event: 'e', entry: 'n', device: '3520', window };
	expect(readLink(writeLink(link))).toEqual(link);
	expect(writeLink({ event: 'e', entry: null, device: null, window: null })).toEqual({ event: 'e' });
});

test('what is not usable counts as left open', () => {
	const nothing = { event: null, entry: null, device: null, window: null };
	expect(readLink({})).toEqual(nothing);
	expect(readLink({ event: ['a', 'b'], entry: '', device: null, from: 'x', to: '2026-06-07' })).toEqual(nothing);
	expect(readLink({ from: '2026-06-08', to: '2026-06-07' })).toEqual(nothing);
});
