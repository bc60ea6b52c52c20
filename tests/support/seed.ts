import { join } from 'node:path';
import { root } from './environment.js';
import type { Stack } from './stack.js';

export const SEED_NAME = 'rally-albania-2026';
export const SEED = join(root, 'seeds', SEED_NAME);

/** The `value` of a query's first row. */
export async function one<T>({ db }: Stack, sql: string, values: unknown[] = []): Promise<T> {
	const { rows } = await db.query<{ value: T }>(sql, values);
	return rows[0]?.value as T;
}

export const count = (stack: Stack, table: string): Promise<number> =>
	one(stack, `SELECT count(*)::int AS value FROM ${table}`);
