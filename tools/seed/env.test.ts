import { describe, expect, it } from 'vitest';
import { parseLoadFlags } from './env.js';

const messages = (flags: object, env = {}): string => {
	try {
		parseLoadFlags({ resetFields: false, ...flags }, env);
	} catch (error) {
		return [error].flat().map(String).join('\n');
	}

	return '';
};

describe('parseLoadFlags', () => {
	it('leaves the size to the seed where nothing is said', () => {
		expect(parseLoadFlags({ resetFields: false }, { SEED_HOURS: '' })).toEqual({
			hash: null,
			fixesPerDevice: undefined,
			entries: undefined,
			resetFields: false,
			credentials: null,
		});
	});

	it('counts a flag more than the environment', () => {
		expect(parseLoadFlags({ resetFields: false }, { SEED_HOURS: 0.5 }).fixesPerDevice).toBe(1800);
		expect(parseLoadFlags({ resetFields: false, hours: '2' }, { SEED_HOURS: 0.5 }).fixesPerDevice).toBe(7200);
		expect(parseLoadFlags({ resetFields: false, fixesPerDevice: '7' }, { SEED_HOURS: 0.5 }).fixesPerDevice).toBe(7);
	});

	it.each([
		[{ hours: 'x' }, '--hours'],
		[{ hours: '25' }, '--hours'],
		[{ fixesPerDevice: '1.5' }, '--fixes-per-device'],
		[{ entries: '-1' }, '--entries'],
		[{ hash: "'; DROP" }, '--hash'],
		[{ credentials: '' }, '--credentials'],
		[{ hours: '1', fixesPerDevice: '1' }, '--fixes-per-device'],
	])('refuses %j, naming %s', (flags, name) => {
		expect(messages(flags)).toContain(name);
	});

	it('names the variable', () => {
		expect(messages({}, { SEED_HOURS: 'abc' })).toContain('SEED_HOURS');
	});
});
