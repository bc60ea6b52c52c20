import type { Knex } from 'knex';

/** trm.state (db-init/004): facts about this database that outlive a process. */
export async function readState<T>(database: Knex, key: string): Promise<T | null> {
	const { rows } = await database.raw<{ rows: { value: T }[] }>('SELECT value FROM trm.state WHERE key = ?', [key]);
	return rows[0]?.value ?? null;
}

export async function writeState(database: Knex, key: string, value: unknown): Promise<void> {
	await database.raw(
		`INSERT INTO trm.state (key, value) VALUES (?, ?::jsonb)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now()`,
		[key, JSON.stringify(value)],
	);
}
