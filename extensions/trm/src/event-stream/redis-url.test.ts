import { describe, expect, it } from 'vitest';
import { parseRedisUrl } from './redis-url.js';

const one = { kind: 'single', nodes: [{ host: 'redis', port: 6379 }], isEncrypted: false, database: 0 };

describe('the address of Redis', () => {
	it.each([
		['redis://redis', one],
		['redis://redis:6380/3', { ...one, nodes: [{ host: 'redis', port: 6380 }], database: 3 }],
		['redis://:secret@redis/', { ...one, password: 'secret' }],
		['redis://relay:p%40ss%3A%2F@redis', { ...one, username: 'relay', password: 'p@ss:/' }],
		['redis://relay:p@ss:word@redis', { ...one, username: 'relay', password: 'p@ss:word' }],
		['rediss://redis', { ...one, isEncrypted: true }],
		['redis://[::1]:7000', { ...one, nodes: [{ host: '::1', port: 7000 }] }],
		[
			'redis-sentinel://relay:secret@a,b:26380/2#race',
			{
				kind: 'sentinel',
				nodes: [
					{ host: 'a', port: 26379 },
					{ host: 'b', port: 26380 },
				],
				isEncrypted: false,
				username: 'relay',
				password: 'secret',
				database: 2,
				master: 'race',
			},
		],
		[
			'rediss-cluster://a,b:7001',
			{
				kind: 'cluster',
				nodes: [
					{ host: 'a', port: 6379 },
					{ host: 'b', port: 7001 },
				],
				isEncrypted: true,
				database: 0,
			},
		],
	])('%s', (url, expected) => {
		expect(parseRedisUrl(url)).toEqual(expected);
	});

	it.each([
		'',
		'localhost:6379',
		'http://redis',
		'redis://',
		'redis://a,b',
		'redis://redis:70000',
		'redis://redis:port',
		'redis://redis/zero',
		'redis://%E0%A4%A@redis',
		'redis-sentinel://a,b',
		'redis://redis#master',
		'redis-cluster://a/1',
		'redis-ring://a',
	])('refuses %j', (url) => {
		expect(parseRedisUrl(url)).toBeNull();
	});
});
