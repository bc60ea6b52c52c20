import { describe, expect, test } from 'vitest';
import { parseTrackQuery } from './track-query.js';

const VALID = { device_id: '352094080000017', from: '2026-06-07T08:00:00Z', to: '2026-06-07T10:00:00+02:00' };
const LATER = { ...VALID, to: '2026-06-07T12:00:00+02:00' };

/** The messages of what was thrown, or an empty list. */
function problemsWith(input: Record<string, unknown>): string[] {
	try {
		parseTrackQuery(input);
		return [];
	} catch (thrown) {
		return (thrown as Error[]).map(({ message }) => message);
	}
}

test('reads times in any offset as UTC with microseconds, and the default limit', () => {
	expect(parseTrackQuery(LATER)).toEqual({
		deviceId: '352094080000017',
		from: '2026-06-07T08:00:00.000000Z',
		to: '2026-06-07T10:00:00.000000Z',
		limit: 5000,
		cursor: null,
	});
});

test('takes a cursor within the window and the largest limit', () => {
	const query = parseTrackQuery({ ...LATER, cursor: '2026-06-07T08:59:59.123456Z', limit: '20000' });
	expect(query).toMatchObject({ cursor: '2026-06-07T08:59:59.123456Z', limit: 20_000 });
});

test('leaves the access token to Directus', () => {
	expect(problemsWith({ ...LATER, access_token: 'x' })).toEqual([]);
});

describe('refuses with 400', () => {
	test.each([
		['an empty window', VALID, '"to"'],
		['no window', { device_id: '1', to: LATER.to }, '"from"'],
		['a time without offset', { ...LATER, from: '2026-06-07T08:00:00' }, '"from"'],
		['a day that does not exist', { ...LATER, from: '2026-02-30T08:00:00Z' }, '"from"'],
		['an offset that Postgres refuses', { ...LATER, from: '2026-06-07T08:00:00+23:00' }, '"from"'],
		['a year out of range', { ...LATER, to: '9999-01-01T00:00:00Z' }, '"to"'],
		['NUL in a device', { ...LATER, device_id: '1\0' }, '"device_id"'],
		['a device as an array', { ...LATER, device_id: ['1'] }, '"device_id"'],
		['a time as an object', { ...LATER, from: { gt: '1' } }, '"from"'],
		['a limit too large', { ...LATER, limit: '20001' }, '"limit"'],
		['a limit of nothing', { ...LATER, limit: '0' }, '"limit"'],
		['a limit in words', { ...LATER, limit: '1e3' }, '"limit"'],
		['a cursor of another window', { ...LATER, cursor: '2026-06-08T08:00:00Z' }, '"cursor"'],
		['an unknown parameter', { ...LATER, fields: '*' }, 'fields'],
	])('%s', (_, input, told) => {
		expect(problemsWith(input)).toEqual([expect.stringContaining(told)]);
	});
});
