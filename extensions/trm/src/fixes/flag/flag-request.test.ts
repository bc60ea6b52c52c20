import { describe, expect, it } from 'vitest';
import { mergeRanges, parseFlagRequest } from './flag-request.js';

const ts = '2026-06-07T08:00:00.123456Z';

function refusal(body: unknown): { status: number; code: string; path: string }[] {
	try {
		parseFlagRequest(body);
	} catch (thrown) {
		return (Array.isArray(thrown) ? thrown : [thrown]).map((error) => ({
			status: error.status,
			code: error.code,
			path: error.extensions?.path,
		}));
	}

	throw new Error('the body was accepted');
}

describe('parseFlagRequest', () => {
	it('takes keys, groups them by device and drops repeats of one instant', () => {
		const request = parseFlagRequest({
			positions: [
				{ device_id: 'b', ts },
				{ device_id: 'a', ts },
				{ device_id: 'b', ts: '2026-06-07T10:00:00.123456+02:00' },
				{ device_id: 'b', ts: '2026-06-07T07:00:00Z' },
			],
		});

		expect(request).toEqual({
			faulty: true,
			reason: null,
			targets: [
				{ deviceId: 'a', keys: [ts] },
				{ deviceId: 'b', keys: ['2026-06-07T07:00:00.000000Z', ts] },
			],
		});
	});

	it('takes ranges and joins those that overlap', () => {
		const request = parseFlagRequest({
			faulty: false,
			reason: 'tracker fell off',
			ranges: [
				{ device_id: 'a', from: '2026-06-07T08:30:00Z', to: '2026-06-07T09:30:00Z' },
				{ device_id: 'a', from: '2026-06-07T08:00:00Z', to: '2026-06-07T09:00:00Z' },
			],
		});

		expect(request.targets).toEqual([
			{ deviceId: 'a', ranges: [{ from: '2026-06-07T08:00:00.000000Z', to: '2026-06-07T09:30:00.000000Z' }] },
		]);
	});

	it.each([
		[undefined, ''],
		[null, ''],
		['text', ''],
		[[], ''],
		[{}, ''],
		[{ positions: [] }, 'positions'],
		[{ positions: 'all' }, 'positions'],
		[{ positions: [{ device_id: 'a', ts }], ranges: [{ device_id: 'a', from: ts, to: '2027-01-01T00:00:00Z' }] }, ''],
		[{ positions: [{ device_id: 'a', ts: 1 }] }, 'positions[0].ts'],
		[{ positions: [{ device_id: 'a', ts: 'now()' }] }, 'positions[0].ts'],
		[{ positions: [{ device_id: 1, ts }] }, 'positions[0].device_id'],
		[{ positions: [{ device_id: "'; DROP TABLE positions; --", ts }] }, 'positions[0].device_id'],
		[{ positions: [{ device_id: 'a\0', ts }] }, 'positions[0].device_id'],
		[{ positions: [{ device_id: 'a', ts, faulty: true }] }, 'positions[0]'],
		[{ positions: [{ device_id: 'a', ts }], faulty: 'yes' }, 'faulty'],
		[{ positions: [{ device_id: 'a', ts }], reason: 'x'.repeat(501) }, 'reason'],
		[{ positions: [{ device_id: 'a', ts }], reason: 'a\0b' }, 'reason'],
		[{ positions: [{ device_id: 'a', ts }], reason: '\ud800' }, 'reason'],
		[{ positions: [{ device_id: 'a', ts }], resaon: 'typo' }, ''],
		[{ ranges: [{ device_id: 'a', from: ts, to: ts }] }, 'ranges[0].to'],
	])('answers %j with 400 and the path %j', (body, path) => {
		expect(refusal(body)).toEqual([{ status: 400, code: 'INVALID_PAYLOAD', path }]);
	});

	it('names every problem', () => {
		expect(
			refusal({
				positions: [
					{ device_id: '', ts },
					{ device_id: 'a', ts: '' },
				],
			}),
		).toMatchObject([{ path: 'positions[0].device_id' }, { path: 'positions[1].ts' }]);
	});

	it('answers too many keys or ranges with 413, whatever is in them', () => {
		const tooLarge = [{ status: 413, code: 'CONTENT_TOO_LARGE', path: undefined }];

		expect(refusal({ positions: Array.from({ length: 10_001 }, () => null) })).toEqual(tooLarge);
		expect(refusal({ ranges: Array.from({ length: 101 }, () => null) })).toEqual(tooLarge);
	});
});

describe('mergeRanges', () => {
	it('joins touching ranges and keeps gaps', () => {
		expect(
			mergeRanges([
				{ from: '5', to: '6' },
				{ from: '1', to: '2' },
				{ from: '2', to: '3' },
			]),
		).toEqual([
			{ from: '1', to: '3' },
			{ from: '5', to: '6' },
		]);
	});

	it('keeps the longer of two nested ranges', () => {
		expect(
			mergeRanges([
				{ from: '1', to: '9' },
				{ from: '2', to: '3' },
			]),
		).toEqual([{ from: '1', to: '9' }]);
	});
});
