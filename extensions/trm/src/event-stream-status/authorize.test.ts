import type { Accountability } from '@directus/types';
import { describe, expect, it } from 'vitest';
import { administrator } from '../shared/administrator.js';
import { requireMonitor } from './authorize.js';
import { parseMetricsTokens } from './env.js';

const nobody: Accountability = { ...administrator, admin: false };
const TOKENS = ['first-token', 'second-token'];

describe('requireMonitor', () => {
	it('lets an administrator pass, without any token', () => {
		expect(() => requireMonitor(administrator, undefined, [])).not.toThrow();
	});

	it.each(['Metrics first-token', 'Metrics second-token', 'metrics first-token'])('lets pass: %s', (header) => {
		expect(() => requireMonitor(nobody, header, TOKENS)).not.toThrow();
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
	])('refuses: %s', (header) => {
		expect(() => requireMonitor(nobody, header, TOKENS)).toThrow("You don't have permission");
		expect(() => requireMonitor(undefined, header, TOKENS)).toThrow("You don't have permission");
	});

	it.each(['Metrics ', 'Metrics'])('has nobody pass with %j where there are no tokens', (header) => {
		expect(() => requireMonitor(nobody, header, [])).toThrow("You don't have permission");
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
