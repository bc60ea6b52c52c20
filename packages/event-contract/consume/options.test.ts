import { describe, expect, it } from 'vitest';
import { deadLetter } from './dead-letter.js';
import { MemoryLedger } from './ledger.js';
import { isOutage, withDefaults, type ConsumeOptions } from './options.js';

const coded = (code: string, cause?: unknown) => Object.assign(new Error(code, { cause }), { code });

describe('isOutage', () => {
	it.each([
		['a refused connection', coded('ECONNREFUSED')],
		['Postgres shutting down', coded('57P01')],
		['Postgres with too many clients', coded('53300')],
		['the cause of an error', new Error('save failed', { cause: coded('ETIMEDOUT') })],
		['a deadlock', coded('40P01')],
		['a transaction that has to be tried again', coded('40001')],
		['one of several', new AggregateError([coded('ECONNREFUSED'), coded('ENOTFOUND')])],
	])('is %s', (_what, error) => expect(isOutage(error)).toBe(true));

	it.each([
		['an error without a code', new Error('no such stage')],
		['a violated constraint', coded('23505')],
		['a thrown text', 'ECONNREFUSED'],
		['nothing', undefined],
	])('is not %s', (_what, error) => expect(isOutage(error)).toBe(false));

	it('does not follow a circle of causes for ever', () => {
		const error = new Error('round');
		error.cause = error;
		expect(isOutage(error)).toBe(false);

		const several = new AggregateError([]);
		several.errors.push(several);
		expect(isOutage(several)).toBe(false);
	});
});

describe('the options', () => {
	const options = { stream: '{trm}:events', group: 'processor' } as ConsumeOptions;
	const withThose = (those: Partial<ConsumeOptions>) =>
		withDefaults({ ...options, ...those }, () => new MemoryLedger());

	it('have defaults that fit together', () => {
		const { deadLetters, retryDelay, maxDeliveries } = withThose({});

		expect(deadLetters).toBe('{trm}:events:dead:processor');
		expect(maxDeliveries).toBe(5);
		expect([1, 2, 3, 20].map(retryDelay)).toEqual([200, 400, 800, 10_000]);
	});

	it.each<Partial<ConsumeOptions>>([
		{ block: 0 },
		{ count: 1.5 },
		{ maxDeliveries: 0 },
		{ minIdle: NaN },
		{ patience: 0 },
	])('refuse %o', (those) => {
		expect(() => withThose(those)).toThrow(RangeError);
	});
});

describe('a dead letter', () => {
	it('has all fields of the entry, and why it is there with the causes', () => {
		const error = new Error('no result', { cause: new Error('no stage') });
		const why = { group: 'processor', consumer: 'worker-1', deliveries: 5, error };
		const fields = deadLetter({ id: '7-0', fields: { id: 'x', data: '{}' } }, why);

		expect(fields).toMatchObject({
			id: 'x',
			data: '{}',
			deadentry: '7-0',
			deadgroup: 'processor',
			deaddeliveries: '5',
		});
		expect(fields.deaderror).toMatch(/^Error: no result[^]*caused by Error: no stage/);
	});

	it('has names that CloudEvents allows, and an error of bounded length', () => {
		const why = { group: 'g', consumer: 'c', deliveries: 1, error: 'x'.repeat(100_000) };
		const fields = deadLetter({ id: '7-0', fields: {} }, why);

		expect(Object.keys(fields).filter((name) => !/^[a-z0-9]{1,20}$/.test(name))).toEqual([]);
		expect(fields.deaderror).toHaveLength(8_000);
	});
});
