import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSeed } from './read-seed.js';

const SEED = fileURLToPath(new URL('../../seeds/rally-albania-2026', import.meta.url));

let parent: string;
let directory: string;

beforeEach(async () => {
	parent = await mkdtemp(join(tmpdir(), 'trm-seed-'));
	directory = join(parent, 'rally-albania-2026');
	await cp(SEED, directory, { recursive: true });
});

afterEach(() => rm(parent, { recursive: true }));

async function edit(file: string, from: string | RegExp, to: string): Promise<void> {
	const path = join(directory, file);
	const text = await readFile(path, 'utf8');
	const edited = text.replace(from, to);
	expect(edited, `the edit of ${file} changes something`).not.toBe(text);
	await writeFile(path, edited);
}

async function problems(): Promise<string[]> {
	try {
		await readSeed(directory);
	} catch (error) {
		return [error as Error | Error[]].flat().map(({ message }) => message);
	}

	return [];
}

describe('readSeed', () => {
	it('reads the seed as it stands', async () => {
		const { name, rows, route } = await readSeed(directory);

		expect(name).toBe('rally-albania-2026');
		expect(rows.get('entries')).toHaveLength(63);
		expect(new Set(rows.get('entry_crew')?.map(({ fields }) => fields['nationality'])).size).toBe(25);
		expect(route.length / 1000).toBeGreaterThan(240);
		expect(rows.get('classes')?.find(({ key }) => key.endsWith('/MALLE'))?.references['parent']?.fields['code']).toBe(
			'RALLY2',
		);
	});

	it('gives every row an id that never changes', async () => {
		const { rows } = await readSeed(directory);
		const ids = [...rows.values()].flat().map(({ id }) => id);

		expect(new Set(ids).size).toBe(ids.length);
		// Databases out there hold these: a change of either means duplicates on the next load.
		expect(rows.get('organizations')?.[0]?.id).toBe('40e7e4a6-a9a4-5505-8149-b88778386f89');
		expect(rows.get('entry_devices')?.[0]?.id).toBe('b6fbd58c-ac46-5459-9290-2af215a009f8');
	});

	it.each([
		['devices.csv', '004409990000019', '004409990000018', 'devices.csv:2: imei must be an IMEI'],
		['entries.csv', ',1,RALLY2,', ',1,RALLY9,', 'entries.csv:2: class RALLY9 is no code in classes.csv'],
		[
			'entries.csv',
			',2,RALLY2,',
			',1,RALLY2,',
			'entries.csv:3: rally-albania-provisional/rally-albania-2026/1 stands in line 2',
		],
		['entries.csv', ',1,RALLY2,', ',1,QUAD,', "entries.csv:2: class QUAD is not for vehicle TRM-001's kind"],
		['entries.csv', 'started', 'flying', 'entries.csv:2: status'],
		['entry_crew.csv', ',AL,', ',QX,', 'entry_crew.csv:2: nationality must be an ISO 3166-1'],
		['entry_crew.csv', '1,Rider 001,AL,rider', '1,Rider 001,AL', 'entry_crew.csv:2: '],
		['entry_crew.csv', 'nationality', 'nation', 'entry_crew.csv:2: '],
		[
			'entry_devices.csv',
			'004409990000027',
			'004409990000019',
			'entry_devices.csv:3: device 004409990000019 serves another entry',
		],
		['classes.csv', 'RALLY2,2', 'SSV,2', 'classes.csv:3: parent SSV is no code in classes.csv above this line'],
		['events.csv', 'Europe/Tirane', 'Europe/Tirania', 'events.csv:2: timezone must be an IANA time zone'],
		[
			'events.csv',
			',rally-albania-2026,',
			',rally-albania-2027,',
			'classes.csv:2: event rally-albania-2026 is no slug',
		],
		[
			'race-day.yaml',
			'race_number: 2,',
			'race_number: 77,',
			'race-day.yaml: faults[0]: entry 77 has no primary tracker',
		],
		['race-day.yaml', 'at_s: 200', 'at_s: 86000', 'race-day.yaml: faults[0]: ends after'],
		['race-day.yaml', 'at_s: 260', 'at_s: 201', 'race-day.yaml: faults[1] overlaps faults[0]'],
		[
			'entries.csv',
			',901,BAJA-MOTO,',
			',1,BAJA-MOTO,',
			'entries.csv:62: race_number 1 stands in line 2 already, and other files refer to a row by it alone',
		],
		[
			'entries.csv',
			',901,BAJA-MOTO,',
			',901,RALLY2,',
			'entries.csv:62: class RALLY2 is not one of event ohrid-baja-2026',
		],
		['directus_users.csv', 'operator@', 'Operator@', 'directus_users.csv:5: email must be an e-mail address in lower'],
		['directus_users.csv', ',operator', ',admin', 'directus_users.csv:5: role'],
		['entry_crew.csv', 'rider.001@', 'rider.002@', 'entry_crew.csv:2: user rider.002@example.com is no email in'],
		['race-day.yaml', 'kind: jump', 'kind: leap', 'race-day.yaml: faults[1].kind'],
		['race-day.yaml', 'moto: {', 'moto: [', 'race-day.yaml is not valid YAML'],
		['stage-1.gpx', /<ele>[^<]*<\/ele><\/trkpt>/, '</trkpt>', 'stage-1.gpx is no usable GPX'],
		['stage-1.gpx', '</gpx>', '', 'stage-1.gpx is no usable GPX'],
	])('refuses %s with %s → %s, naming the place', async (file, from, to, message) => {
		await edit(file, from, to);
		expect(await problems()).toContainEqual(expect.stringContaining(message));
	});

	it('names a missing file and what to give instead', async () => {
		await rm(join(directory, 'vehicles.csv'));
		expect(await problems()).toContainEqual(
			expect.stringMatching(/^vehicles\.csv cannot be read in .* Give the directory/),
		);
	});

	it('does not blame the rows that refer to a bad one', async () => {
		await edit('entries.csv', 'TRM-001,', 'TRM-999,');
		expect(await problems()).toEqual(['entries.csv:2: vehicle TRM-999 is no plate in vehicles.csv']);
	});

	it('tells all problems at once', async () => {
		await edit('devices.csv', '004409990000019', '1');
		await edit('vehicles.csv', ',2026,', ',new,');
		expect((await problems()).length).toBeGreaterThan(1);
	});
});
