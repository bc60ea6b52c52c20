import { describe, expect, it } from 'vitest';
import { translateError } from './translate-error.js';

/** What was thrown while the request was read, not by the database. */
function thrown(work: () => unknown): unknown {
	try {
		work();
	} catch (error) {
		return error;
	}

	throw new Error('Nothing was thrown.');
}

const thrownIn = (...files: string[]) =>
	Object.assign(new TypeError('value.map is not a function'), {
		stack: [
			'TypeError: value.map is not a function',
			...files.map((file) => `    at read (${file}${file === '<anonymous>' ? '' : ':1:1'})`),
		].join('\n'),
	});

const READING = '/directus/node_modules/@directus/api/dist/utils/sanitize-query.js';
const CHECKING = '/directus/node_modules/@directus/api/dist/utils/validate-query.js';
const ELSEWHERE = '/directus/node_modules/@directus/api/dist/services/items.js';

describe('translateError answers 400', () => {
	it.each([
		['a path that cannot be decoded', thrown(() => decodeURIComponent('%E0%A4%A')), 'The path cannot be decoded'],
		['a query whose parameter cannot be read', thrownIn(READING, ELSEWHERE), 'A parameter of the query has the wrong'],
		['a query with nothing in the place of a list', thrownIn('<anonymous>', CHECKING), 'A parameter of the query has'],
		['a query whose parameter cannot be checked', thrownIn(CHECKING), 'A parameter of the query has the wrong type'],
		[
			'what is nested deeper than can be walked',
			thrown(function walk(): unknown {
				return [walk()];
			}),
			'It is nested too deeply',
		],
		[
			'what a field’s type does not allow',
			Object.assign(new Error('select min("id") - function min(uuid) does not exist'), { code: '42883' }),
			'The type of a field does not allow this',
		],
	])('to %s', (_, error, reason) => {
		const answer = translateError(error) as Error;
		expect(answer).toMatchObject({ status: 400, code: 'INVALID_PAYLOAD' });
		expect(answer.message).toContain(reason);
		expect(answer.message).not.toContain('select');
	});
});

it.each([
	['a TypeError of Directus from anywhere else', thrownIn(ELSEWHERE, READING)],
	['a TypeError without a stack', Object.assign(new TypeError('x'), { stack: undefined })],
	['a RangeError of another kind', thrown(() => new Array(-1))],
])('translateError leaves %s to be answered with 500', (_, error) => {
	expect(translateError(error)).toBe(error);
});
