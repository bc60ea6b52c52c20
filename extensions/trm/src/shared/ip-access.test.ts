import { describe, expect, it } from 'vitest';
import { isAllowedFrom } from './ip-access.js';

describe('isAllowedFrom', () => {
	it.each([
		[null, '203.0.113.9'],
		['', '203.0.113.9'],
		['203.0.113.9', '203.0.113.9'],
		['10.0.0.0/8,203.0.113.0/24', '203.0.113.9'],
		['203.0.113.1-203.0.113.20', '203.0.113.9'],
		['2001:db8::/32', '2001:db8::7'],
		['127.0.0.0/8', '::ffff:127.0.0.1'],
	])('%j lets %s in', (ipAccess, ip) => {
		expect(isAllowedFrom(ipAccess, ip)).toBe(true);
	});

	it.each([
		['10.0.0.0/8', '203.0.113.9'],
		['10.0.0.0/8', null],
		['2001:db8::/32', '203.0.113.9'],
		['nonsense', '203.0.113.9'],
		['10.0.0.0/99', '10.0.0.1'],
	])('%j keeps %s out', (ipAccess, ip) => {
		expect(isAllowedFrom(ipAccess, ip)).toBe(false);
	});
});
