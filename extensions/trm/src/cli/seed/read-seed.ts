import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../../shared/errors.js';
import { readYamlFile } from '../../shared/yaml-file.js';
import { problemsOf } from '../../shared/zod-problems.js';
import { checkSeed } from './check-seed.js';
import { SEED_COLLECTIONS, type SeedCollection } from './collections.js';
import { readCsv, readSeedFile } from './csv-file.js';
import { seededId } from './ids.js';
import { raceDaySchema, type RaceDay } from './race-day.js';
import { routeOf, type Route } from './route.js';

/** One row of a seed. */
export interface SeedRow {
	file: string;
	line: number;
	id: string;
	/** What makes the row what it is, in words: rally-albania-2026/14. */
	key: string;
	/** The values as in the file: references are labels. */
	fields: Record<string, string | number | null>;
	/** The references, resolved. */
	references: Record<string, SeedRow>;
}

/** A whole seed, read and checked; nothing in it needs the database. */
export interface Seed {
	/** The directory's name, which is the event's slug. */
	name: string;
	rows: Map<string, SeedRow[]>;
	raceDay: RaceDay;
	route: Route;
}

export const RACE_DAY_FILE = 'race-day.yaml';

/**
 * Reads the CSV files, race-day.yaml and the route of a directory.
 * @throws Error[] one for each problem, with file and line, before anything was written anywhere.
 */
export async function readSeed(directory: string): Promise<Seed> {
	const path = resolve(directory);
	const rows = new Map<string, SeedRow[]>();
	const problems: string[] = [];

	for (const definition of SEED_COLLECTIONS) {
		rows.set(definition.collection, []);
		await readCollection(path, definition, rows, problems);
	}

	if (problems.length > 0) throw asErrors(problems);

	const raceDay = await readRaceDay(path);
	const seed: Seed = { name: basename(path), rows, raceDay, route: await readRoute(path, raceDay.route) };
	const contradictions = checkSeed(seed);
	if (contradictions.length > 0) throw asErrors(contradictions);
	return seed;
}

async function readCollection(
	directory: string,
	definition: SeedCollection,
	rows: Map<string, SeedRow[]>,
	problems: string[],
): Promise<void> {
	const file = `${definition.collection}.csv`;
	const own = rows.get(definition.collection) as SeedRow[];

	for (const { line, fields } of await readCsv(directory, file)) {
		const parsed = definition.row.safeParse(fields);

		if (!parsed.success) {
			problems.push(...problemsOf(parsed.error).map(({ path, message }) => `${file}:${line}: ${path} ${message}`));
			continue;
		}

		const row = resolved(definition, { file, line }, parsed.data as SeedRow['fields'], rows, problems);
		if (row === null) continue;

		const twin = own.find(({ id }) => id === row.id);
		if (twin !== undefined) problems.push(`${file}:${line}: ${row.key} stands in line ${twin.line} already`);
		own.push(row);
	}
}

function resolved(
	definition: SeedCollection,
	place: { file: string; line: number },
	fields: SeedRow['fields'],
	rows: Map<string, SeedRow[]>,
	problems: string[],
): SeedRow | null {
	const references: Record<string, SeedRow> = {};

	for (const [field, collection] of Object.entries(definition.references)) {
		const label = fields[field];
		if (label == null) continue;

		const by = SEED_COLLECTIONS.find((other) => other.collection === collection)?.label as string;
		const target = rows.get(collection)?.find((row) => row.fields[by] === label);

		if (target === undefined) {
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
		const reason =
			error instanceof z.ZodError
				? problemsOf(error).map(({ path, message }) => `${path} ${message}`)
				: [messageOf(error)];

		throw new Error(`${file} is no usable GPX 1.1 track with elevations: ${reason.join('; ')}`, { cause: error });
	}
}

function asErrors(problems: string[]): Error[] {
	return problems.map((problem) => new Error(problem));
}
