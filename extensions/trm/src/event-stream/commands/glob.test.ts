import { describe, expect, it } from 'vitest';
import { likeOfGlob } from './glob.js';

describe('likeOfGlob', () => {
	it.each([
		['trm.*.created', 'trm.%.created'],
		['vehicles/????', 'vehicles/____'],
		['trm.entry_crew.*', 'trm.entry\\_crew.%'],
		['100%', '100\\%'],
		['a\\b', 'a\\\\b'],
	])('%s is %s', (glob, like) => {
		expect(likeOfGlob(glob)).toBe(like);
	});
});
