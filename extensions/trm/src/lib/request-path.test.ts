import { describe, expect, it } from 'vitest';
import { isBelow, segmentsOf } from './request-path.js';

describe('segmentsOf', () => {
	it.each([
		['/items/events', ['items', 'events']],
		['/items//events/', ['items', 'events']],
		['//', []],
		['/%69tems/%65vents', ['items', 'events']],
		['/items/a%2Fb', ['items', 'a/b']],
		['/items/%E0%A4%A', ['items', '%E0%A4%A']],
	])('%s', (path, segments) => {
		expect(segmentsOf({ path })).toEqual(segments);
	});
});

describe('isBelow', () => {
	it.each([
		[
			['utils', 'sort', 'events'],
			['utils', 'sort'],
		],
		[
			['utils', 'sort'],
			['utils', 'sort'],
		],
		[
			['UTILS', 'Sort', 'events'],
			['utils', 'sort'],
		],
		[['anything'], []],
	])('%j is below %j', (segments, route) => {
		expect(isBelow(segments, ...route)).toBe(true);
	});

	it.each([
		[['utils'], ['utils', 'sort']],
		[
			['items', 'utils', 'sort'],
			['utils', 'sort'],
		],
		[
			['utils', 'sorted'],
			['utils', 'sort'],
		],
		[[], ['utils']],
	])('%j is not below %j', (segments, route) => {
		expect(isBelow(segments, ...route)).toBe(false);
	});
});
