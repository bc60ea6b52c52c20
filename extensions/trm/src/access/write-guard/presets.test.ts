import type { Accountability } from '@directus/types';
import { describe, expect, it } from 'vitest';
import { checkPresetChange, presetToMake } from './presets.js';

const ME = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';
const caller: Accountability = { user: ME, role: null, roles: [], admin: false, app: true, ip: null };
const refusal = expect.objectContaining({ status: 403 });

const FOREIGN: [string, object][] = [
	['another', { user: OTHER }],
	['everybody', { user: null }],
	['everybody, without a name', { user: undefined }],
	['himself as a row', { user: { id: ME } }],
	['a role', { role: OTHER }],
	['himself and a role', { user: ME, role: OTHER }],
	['a role to be made', { user: ME, role: { name: 'x' } }],
];

describe('presetToMake', () => {
	it('is the caller’s where the payload says nothing', () => {
		expect(presetToMake(caller, { collection: 'events', role: null })).toEqual({
			collection: 'events',
			role: null,
			user: ME,
		});
	});

	it('may say that it is his', () => {
		expect(presetToMake(caller, { user: ME })).toEqual({ user: ME });
	});

	it.each(FOREIGN)('may not be for %s', (_, payload) => {
		expect(() => presetToMake(caller, payload as Record<string, unknown>)).toThrow(refusal);
	});

	it('may not be of nobody who signed in', () => {
		expect(() => presetToMake({ ...caller, user: null }, {})).toThrow(refusal);
		expect(() => presetToMake({ ...caller, user: null }, { user: null })).toThrow(refusal);
	});

	it.each([null, { ...caller, admin: true }])('is as administrators and the deployment say', (who) => {
		expect(presetToMake(who, { user: null, role: OTHER })).toEqual({ user: null, role: OTHER });
		expect(presetToMake(who, {})).toEqual({});
	});
});

describe('checkPresetChange', () => {
	it.each(FOREIGN)('may not hand it to %s', (_, payload) => {
		expect(() => checkPresetChange(caller, payload as Record<string, unknown>)).toThrow(refusal);
	});

	it.each([{ bookmark: 'x' }, { user: ME, role: null, icon: 'x' }])('lets %j pass', (payload) => {
		expect(() => checkPresetChange(caller, payload)).not.toThrow();
	});

	it.each([null, { ...caller, admin: true }])('lets administrators and the deployment', (who) => {
		expect(() => checkPresetChange(who, { user: null, role: OTHER })).not.toThrow();
	});
});
