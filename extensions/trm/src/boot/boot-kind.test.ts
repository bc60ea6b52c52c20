import { describe, expect, it } from 'vitest';
import { Stop } from '../lib/exit-status.js';
import { chooseBoot, type DatabaseState } from './boot-kind.js';
import type { ImageState } from './fingerprint.js';

const parts = { directus: '11.17.4', migrations: 'm', snapshots: 's', code: 'c' };
const image: ImageState = { directus: '11.17.4', parts, problem: null };
const stored = (value: unknown) => ({ value, stored_at: '2026-06-07 08:00:00+00' });
const booted: DatabaseState = {
	stored: stored({ ...parts, completed: true, tables: '72 migrations' }),
	isInstalling: false,
	tables: '72 migrations',
	lackingObjects: 0,
};
const choose = (database: Partial<DatabaseState> = {}, of: Partial<ImageState> = {}, isForced = false) =>
	chooseBoot({ ...image, ...of }, { ...booted, ...database }, isForced);

describe('chooseBoot', () => {
	it('is warm where nothing differs, and says since when', () => {
		expect(choose()).toEqual({
			kind: 'warm',
			reason: expect.stringMatching(/^unchanged since 2026-06-07 08:00:00\+00 \(boot fingerprint [0-9a-f]{12}\)$/),
		});
	});

	it.each([
		['BOOT_FORCE=true', () => choose({}, {}, true)],
		['the first bootstrap of this database was interrupted', () => choose({ isInstalling: true })],
		['no boot of this database was completed yet', () => choose({ stored: null })],
		['the last boot was not completed', () => choose({ stored: stored({ ...parts, completed: false }) })],
		['changed since the last boot: snapshots', () => choose({}, { parts: { ...parts, snapshots: 'x' } })],
		[
			'changed since the last boot: code, migrations',
			() => choose({}, { parts: { ...parts, migrations: 'x', code: 'x' } }),
		],
		['changed since the last boot: tables', () => choose({ tables: '71 migrations' })],
		['triggers, constraints or functions of db-init/ are missing', () => choose({ lackingObjects: 1 })],
		['not all can be read', () => choose({}, { parts: null, problem: 'not all can be read' })],
	])('is full: %s', (reason, chosen) => {
		expect(chosen()).toEqual({ kind: 'full', reason });
	});

	it.each([
		null,
		true,
		5,
		'warm',
		[],
		{},
		{ completed: true },
		{ completed: 'true', directus: 7 },
		{ directus: '99999999.0.0' },
	])('takes no short cut where %j stands in the place of the fingerprint', (value) => {
		expect(choose({ stored: stored(value) }).kind).toBe('full');
	});

	it('refuses a database that a newer Directus has booted, forced or not', () => {
		const newer = { stored: stored({ ...parts, directus: '11.100.0' }) };
		expect(() => choose(newer, {}, true)).toThrow(Stop);
		expect(() => choose(newer, { parts: null, problem: 'p' })).toThrow(
			/^this image has Directus 11\.17\.4, and the database was booted with Directus 11\.100\.0.*remedy: run an image with Directus 11\.100\.0 or newer/s,
		);
	});

	it('compares versions by number, not by letter', () => {
		expect(
			choose({ stored: stored({ ...parts, completed: true, tables: '72 migrations', directus: '11.9.9' }) }),
		).toEqual({
			kind: 'full',
			reason: 'changed since the last boot: directus',
		});
	});
});
