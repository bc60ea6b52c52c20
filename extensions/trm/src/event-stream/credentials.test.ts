import { describe, expect, it } from 'vitest';
import { withoutCredentials } from './credentials.js';

describe('withoutCredentials', () => {
	it.each([
		['redis://trm:secret@redis:6379/0 is not there', 'redis://***@redis:6379/0 is not there'],
		['redis://:se/cr@et@redis:6379', 'redis://***@redis:6379'],
		['rediss://trm:secret@a:1,b:2', 'rediss://***@a:1,b:2'],
		['tried redis://:one@a and redis://:two@b', 'tried redis://***@a and redis://***@b'],
	])('hides what stands before the host: %s', (text, shown) => {
		expect(withoutCredentials(text)).toBe(shown);
	});

	it.each(['connect ECONNREFUSED 127.0.0.1:6379', 'redis://redis:6379/0', 'mail admin@example.com'])(
		'leaves alone: %s',
		(text) => {
			expect(withoutCredentials(text)).toBe(text);
		},
	);
});
