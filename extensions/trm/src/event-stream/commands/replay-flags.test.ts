import { describe, expect, it } from 'vitest';
import { EXIT } from '../../lib/exit-status.js';
import { parseReplayRequest } from './replay-flags.js';

const env = { REDIS: 'redis://127.0.0.1:6379/0' };
const flags = { from: '5', stream: 'again', dryRun: false };
const parse =
	(more: object, given: object = env) =>
	() =>
		parseReplayRequest({ ...flags, ...more }, { ...given });

describe('parseReplayRequest', () => {
	it('takes globs for types and subject', () => {
		expect(parse({ to: '9', type: ['trm.*.deleted', 'trm.entries.?pdated'], subject: 'vehicles/*' })()).toMatchObject({
			from: 5,
			to: 9,
			types: ['trm.%.deleted', 'trm.entries._pdated'],
			subject: 'vehicles/%',
			source: '/trm-directus',
		});
	});

	it('without them has every event', () => {
		expect(parse({})()).toMatchObject({ to: undefined, types: null, subject: null });
	});

	it.each<[object, string]>([
		[{ from: undefined }, '--from is needed'],
		[{ stream: undefined }, '--stream is needed'],
		[{ from: '0' }, '--from must be a sequence'],
		[{ from: '1e3' }, '--from must be a sequence'],
		[{ to: '4' }, '--to must not be below --from'],
		[{ type: [''] }, '--type '],
		[{ stream: '' }, '--stream must be the key'],
		[{ stream: 'trm:events' }, 'is the live stream'],
	])('refuses %j: %s', (more, message) => {
		expect(parse(more)).toThrow(message);
		expect(parse(more)).toThrow(expect.objectContaining({ status: EXIT.usage }));
	});

	it('knows the live stream by its configured name', () => {
		expect(parse({ stream: 'live' }, { ...env, EVENT_STREAM: 'live' })).toThrow('is the live stream');
		expect(parse({}, {})).toThrow('REDIS is not set');
		expect(parse({}, {})).toThrow(expect.objectContaining({ status: EXIT.configuration }));
	});
});
