import { basename, resolve } from 'node:path';
import { messageOf } from '../../extensions/trm/src/lib/errors.js';
import { readYamlFile } from '../../extensions/trm/src/lib/yaml-file.js';
import { problemsOf } from '../../extensions/trm/src/lib/zod-problems.js';
import { checkSeed } from './check-seed.js';
import { SEED_COLLECTIONS, type SeedCollection } from './collections.js';
import { readCsv, readSeedFile } from './csv-file.js';
import { seededId } from './ids.js';
import { raceDaySchema, type RaceDay } from './race-day.js';
import { routeOf, type Route } from './route.js';
import type { Seed, SeedRow } from './seed.js';

/** What has been read so far. */
interface Reading {
	directory: string;
	rows: Map<string, SeedRow[]>;
	problems: string[];
	/** Collections with a row left out: a reference to one may be right. */
	incomplete: Set<string>;
}

export const RACE_DAY_FILE = 'race-day.yaml';

/**
 * Reads the CSV files, race-day.yaml and the route of a directory.
 * @throws Error[] one for each problem, with file and line, before anything was written anywhere.
 */
export async function readSeed(directory: string): Promise<Seed> {
	const path = resolve(directory);
	const reading: Reading = { directory: path, rows: new Map(), problems: [], incomplete: new Set() };
	const { rows, problems } = reading;

	for (const definition of SEED_COLLECTIONS) {
		rows.set(definition.collection, []);
		await readCollection(reading, definition);
	}

	if (problems.length > 0) throw asErrors(problems);

	const raceDay = await readRaceDay(path);
	const seed: Seed = { name: basename(path), rows, raceDay, route: await readRoute(path, raceDay.route) };
	const contradictions = checkSeed(seed);
	if (contradictions.length > 0) throw asErrors(contradictions);
	return seed;
}

async function readCollection(reading: Reading, definition: SeedCollection): Promise<void> {
	const { directory, rows, problems, incomplete } = reading;
	const file = `${definition.collection}.csv`;
	const own = rows.get(definition.collection) as SeedRow[];

	for (const { line, fields } of await readCsv(directory, file)) {
		const parsed = definition.row.safeParse(fields);

		if (!parsed.success) {
			problems.push(...problemsOf(parsed.error).map(({ path, message }) => `${file}:${line}: ${path} ${message}`));
			incomplete.add(definition.collection);
			continue;
		}

		const row = resolved(reading, definition, { file, line }, parsed.data as SeedRow['fields']);

		if (row === null) {
			incomplete.add(definition.collection);
			continue;
		}

		const { label } = definition;
		const twin = own.find(({ id }) => id === row.id);
		const namesake = label === undefined ? undefined : own.find((other) => other.fields[label] === row.fields[label]);
		if (twin !== undefined) problems.push(`${file}:${line}: ${row.key} stands in line ${twin.line} already`);
		else if (namesake !== undefined) {
			problems.push(
				`${file}:${line}: ${label} ${row.fields[label as string]} stands in line ${namesake.line} already, and other files refer to a row by it alone`,
			);
		}

		own.push(row);
	}
}

function resolved(
	{ rows, problems, incomplete }: Reading,
	definition: SeedCollection,
	place: { file: string; line: number },
	fields: SeedRow['fields'],
): SeedRow | null {
	const references: Record<string, SeedRow> = {};

	for (const [field, collection] of Object.entries(definition.references)) {
		const label = fields[field];
		if (label == null) continue;

		const by = SEED_COLLECTIONS.find((other) => other.collection === collection)?.label as string;
		const target = rows.get(collection)?.find((row) => row.fields[by] === label);

		if (target === undefined) {
			if (incomplete.has(collection)) return null;

			problems.push(
				`${place.file}:${place.line}: ${field} ${label} is no ${by} in ${collection}.csv` +
					(collection === definition.collection ? ' above this line' : ''),
			);
			return null;
		}

		references[field] = target;
	}

	const key = definition.key.map((field) => references[field]?.key ?? String(fields[field])).join('/');
	return { ...place, id: seededId(definition.collection, key), key, fields, references };
}

async function readRaceDay(directory: string): Promise<RaceDay> {
	const content = (await readYamlFile(resolve(directory, RACE_DAY_FILE)))?.content ?? null;
	const parsed = raceDaySchema.safeParse(content);
	if (parsed.success) return parsed.data;
	throw asErrors(problemsOf(parsed.error).map(({ path, message }) => `${RACE_DAY_FILE}: ${path} ${message}`));
}

async function readRoute(directory: string, file: string): Promise<Route> {
	const document = await readSeedFile(directory, file);

	try {
		return routeOf(document);
	} catch (error) {
		throw new Error(`${file} is no usable GPX track with elevations: ${messageOf(error)}`, { cause: error });
	}
}

function asErrors(problems: string[]): Error[] {
	return problems.map((problem) => new Error(problem));
}
