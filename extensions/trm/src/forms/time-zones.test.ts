import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { timeZoneChoices } from './time-zones.js';

interface Snapshot {
	fields: { collection: string; field: string; meta: { validation: { _and: { timezone: { _regex: string } }[] } } }[];
}

describe('timeZoneChoices', () => {
	const choices = timeZoneChoices();

	it('begins with UTC and has each zone once, by the name that IANA gives it', () => {
		const values = choices.map(({ value }) => value);
		expect(values[0]).toBe('UTC');
		expect(values.length).toBeGreaterThan(400);
		expect(new Set(values).size).toBe(values.length);
		expect(values).toEqual(expect.arrayContaining(['Europe/Vienna', 'Europe/Tirane', 'Europe/Kyiv', 'Asia/Kolkata']));
		expect(values).not.toContain('Europe/Kiev');
	});

	it('is found by words and by the former name', () => {
		expect(choices.find(({ text }) => text.includes('New York'))?.value).toBe('America/New_York');
		expect(choices.find(({ text }) => text.includes('Kiev'))?.value).toBe('Europe/Kyiv');
	});

	it('offers only what the field takes', () => {
		const file = join(import.meta.dirname, '../../../../snapshots/schema.yaml');
		const { fields } = load(readFileSync(file, 'utf8')) as Snapshot;
		const field = fields.find(({ collection, field }) => collection === 'events' && field === 'timezone');
		const taken = new RegExp(field?.meta.validation._and[0]?.timezone._regex ?? '^$');
		expect(choices.filter(({ value }) => !taken.test(value))).toEqual([]);
	});
});
