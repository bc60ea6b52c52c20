import type { RaceDay } from './race-day.js';
import type { Route } from './route.js';

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
