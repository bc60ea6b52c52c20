import { expect, it } from 'vitest';
import { duration } from './duration.js';

it.each([
	['90s', 90],
	['15m', 15 * 60],
	['12h', 12 * 60 * 60],
	['14d', 14 * 24 * 60 * 60],
	['999999s', 999_999],
])('%s is %d seconds', (text, seconds) => {
	expect(duration.parse(text)).toBe(seconds);
});

it.each(['', '14', 'd', '0d', '-1d', '1.5h', '014d', '1000000s', '14D', '14 d', '14days', '1w', 'x14d', '14d\n'])(
	'%j is no duration',
	(text) => {
		const { error } = duration.safeParse(text);
		expect(error?.issues[0]?.message).toBe('must be a number with s, m, h or d, such as 14d');
	},
);
