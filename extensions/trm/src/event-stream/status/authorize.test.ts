import { describe, expect, it } from 'vitest';
import { hasToken } from './authorize.js';
import { parseMetricsTokens } from './env.js';

const TOKENS = ['first-token', 'second-token'];

describe('hasToken', () => {
	it.each(['Metrics first-token', 'Metrics second-token', 'metrics first-token'])('with %j', (header) => {
		expect(hasToken(header, TOKENS)).toBe(true);
	});

	it.each([
		undefined,
		'',
		'Metrics',
		'Metrics ',
		'Metrics third-token',
		'Metrics first-token second-token',
		'Metrics first-toke',
		'Metrics first-token,second-token',
		'Bearer first-token',
		'first-token',
	])('not with %j', (header) => {
		expect(hasToken(header, TOKENS)).toBe(false);
	});

	it.each(['Metrics ', 'Metrics'])('not with %j where there are no tokens', (header) => {
		expect(hasToken(header, [])).toBe(false);
	});
});

describe('METRICS_TOKENS', () => {
	it.each([
		[
			['a', 'b'],
			['a', 'b'],
		],
		['a, b', ['a', 'b']],
		[[4711], ['4711']],
		[4711, ['4711']],
		[[''], []],
		['', []],
		[undefined, []],
	])('as %j is %j', (value, tokens) => {
		expect(parseMetricsTokens({ METRICS_TOKENS: value })).toEqual(tokens);
	});
});
