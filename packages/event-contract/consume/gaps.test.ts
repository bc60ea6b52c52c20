import { expect, it } from 'vitest';
import { Gaps } from './gaps.js';

it('finds a gap again with the same entry where the stream could not be read before', async () => {
	let isReadable = false;
	const gaps = new Gaps(
		{
			async *sequencesBetween() {
				if (!isReadable) throw new Error('the connection is closed');
				yield 4;
			},
		},
		1,
	);

	await expect(gaps.before(5)).rejects.toThrow('the connection is closed');
	isReadable = true;
	expect(await gaps.before(5)).toEqual([{ expected: 2, found: 4 }]);
	expect(await gaps.before(5)).toEqual([]);
});
