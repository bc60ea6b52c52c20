import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { parseEnvironment } from './environment.js';

afterEach(() => vi.unstubAllEnvs());

const schema = z.object({ NAME: z.string(), COUNT: z.coerce.number().optional(), SWITCH: z.stringbool().optional() });

describe('parseEnvironment', () => {
	it.each([
		[12345, '12345'],
		[true, 'true'],
		[['a', 'b'], 'a,b'],
		[{ a: 1 }, '{"a":1}'],
		['rally', 'rally'],
	])('takes for text what Directus made %j of', (value, text) => {
		expect(parseEnvironment(schema, { NAME: value }).NAME).toBe(text);
	});

	it('takes it as it was set, not as a number is written', () => {
		vi.stubEnv('NAME', '1e3');
		expect(parseEnvironment(schema, { NAME: 1000 }).NAME).toBe('1e3');
	});

	it('still reads numbers and switches, and names what is wrong without its value', () => {
		expect(parseEnvironment(schema, { NAME: 'a', COUNT: 5, SWITCH: false })).toEqual({
			NAME: 'a',
			COUNT: 5,
			SWITCH: false,
		});
		expect(() => parseEnvironment(schema, { NAME: 'a', COUNT: 'secret' })).toThrow(/^(?!.*secret).*COUNT/);
	});
});
