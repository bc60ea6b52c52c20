import { describe, expect, it } from 'vitest';
import { withMemory } from '../request-memory.js';
import { readListsOnce } from './read-once.js';

/** A service as far as the method goes, whose lists change with each reading. */
function service({ accountability = null as never, isTransaction = false } = {}) {
	let readings = 0;
	const readOne = readListsOnce(async (_key, query) =>
		Object.fromEntries((query?.fields ?? []).map((field) => [field, ++readings])),
	);
	const self = { accountability, knex: { isTransaction } as never };
	return (fields: string[], query: object = {}, key = 'anna') => readOne.call(self, key, { fields, ...query });
}

const within = <T>(request: () => Promise<T>): Promise<T> =>
	new Promise((resolve, reject) => withMemory(() => void request().then(resolve, reject)));

describe('the lists of a caller', () => {
	it('are read once in a request that only reads, and give what was asked for', async () => {
		const read = service();
		const [first, second, again] = await within(async () => [
			await read(['owns']),
			await read(['rides', 'owns']),
			await read(['owns']),
		]);
		expect(Object.keys(second ?? {})).toEqual(['rides', 'owns']);
		expect([first, again]).toEqual([{ owns: second?.['owns'] }, { owns: second?.['owns'] }]);
	});

	it('are read anew in the next request, and in one that writes', async () => {
		const read = service();
		const [one, next] = [await within(() => read(['owns'])), await within(() => read(['owns']))];
		expect(next).not.toEqual(one);
		expect(await read(['owns'])).not.toEqual(await read(['owns']));
	});

	it('of one user are not those of another', async () => {
		const read = service();
		const [anna, bert] = await within(async () => [await read(['owns']), await read(['owns'], {}, 'bert')]);
		expect(bert).not.toEqual(anna);
	});

	it.each([
		['within a transaction', service({ isTransaction: true }), ['owns'], {}],
		['by a user', service({ accountability: { user: 'anna' } as never }), ['owns'], {}],
		['with other fields', service(), ['owns', 'email'], {}],
		['of a version', service(), ['owns'], { version: 'draft' }],
	] as const)('are read anew %s', async (_how, read, fields, query) => {
		const [first, second] = await within(async () => [await read([...fields], query), await read([...fields], query)]);
		expect(second?.['owns']).not.toEqual(first?.['owns']);
	});
});
