import type { Batch, Row } from './rows.js';
import type { Role, Situation } from './roles.js';
import type { World } from './world.js';

/** Whom a try is made for and where. */
export interface Context {
	world: World;
	role: Role;
	/** the user of the role; for the public somebody else's */
	person: string;
	situation: Situation;
	/** for rows that have to be there before the try */
	batch: Batch;
}

/** What is sent to make a row, and how the row would be recognised in the database. */
export interface Creation {
	data: Row;
	/** columns and values that no other row of the table has */
	mark: Record<string, string>;
}

/** A change to a row that exists. */
export interface Update {
	id: string;
	data: Row;
}

/**
 * A row of the rights tables: what to try on a collection. What is forbidden is tried in every way that is given; what is allowed
 * must succeed with the first creation and with all updates.
 */
export interface Subject {
	collection: string;
	/** the row that is read, and whose share is tried: its id */
	target(context: Context): string;
	/** a way to it from another row: what is read, and whether the target is in the answer */
	nested?(context: Context): { collection: string; id: string; path: string[] };
	creations?(context: Context): Creation[];
	updates?(context: Context): Update[];
	/** rows that may go: their ids */
	deletions?(context: Context): string[];
}

/** Where a collection of Directus's own has its routes: `/items/events`, `/users`. */
export const restPath = (collection: string) =>
	collection.startsWith('directus_') ? `/${collection.slice('directus_'.length)}` : `/items/${collection}`;
