import { describe, expect, it } from 'vitest';
import { writeMetrics } from './exposition.js';

describe('writeMetrics', () => {
	it('writes help, type and samples, each on a line of its own', () => {
		const text = writeMetrics([
			{ name: 'a_seconds', type: 'gauge', help: 'An age.', samples: [{ value: 0.25 }] },
			{ name: 'b_total', type: 'counter', help: 'A count.', samples: [{ value: 9007199254740991 }] },
		]);

		expect(text).toBe(
			[
				'# HELP a_seconds An age.',
				'# TYPE a_seconds gauge',
				'a_seconds 0.25',
				'# HELP b_total A count.',
				'# TYPE b_total counter',
				'b_total 9007199254740991',
				'',
			].join('\n'),
		);
	});

	it('leaves a sample without a value out, and keeps its neighbours', () => {
		const samples = [
			{ labels: { group: 'a' }, value: null },
			{ labels: { group: 'b' }, value: 0 },
		];
		expect(
			writeMetrics([{ name: 'm', type: 'gauge', help: 'M.', samples }])
				.split('\n')
				.slice(2),
		).toEqual(['m{group="b"} 0', '']);
	});

	it('escapes what a name of a group may hold', () => {
		const samples = [{ labels: { group: 'a "quoted" back\\slash\nline' }, value: 1 }];
		expect(writeMetrics([{ name: 'm', type: 'gauge', help: 'One\\two\nthree "four".', samples }])).toBe(
			[
				'# HELP m One\\\\two\\nthree "four".',
				'# TYPE m gauge',
				'm{group="a \\"quoted\\" back\\\\slash\\nline"} 1',
				'',
			].join('\n'),
		);
	});
});
