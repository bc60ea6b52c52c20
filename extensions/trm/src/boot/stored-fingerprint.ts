import beginFullBoot from './begin-full-boot.sql?raw';
import type { DatabaseState } from './boot-kind.js';
import { orStop } from './database-refusal.js';
import type { ImageState } from './fingerprint.js';
import { readPresentParts, type PresentParts } from './present-parts.js';
import readDirectusTables from './read-directus-tables.sql?raw';
import readFingerprint from './read-fingerprint.sql?raw';
import type { Sql } from './session.js';
import storeFingerprintSql from './store-fingerprint.sql?raw';

const failed = (file: string) => `boot fingerprint: ${file} failed`;

/** Reads what chooseBoot() decides on; writes nothing. @throws Stop */
export async function readDatabaseState(sql: Sql): Promise<DatabaseState> {
	return orStop(failed('read-fingerprint.sql'), async () => {
		const parts = await readPresentParts(sql);
		const [row] = parts.state
			? await sql.rows<{ value: unknown; stored_at: string | null; is_installing: boolean }>(readFingerprint)
			: [];
		const [lacking] = parts.missing_objects
			? await sql.rows<{ count: string }>('SELECT count(*) FROM trm.missing_objects')
			: [];
		const stored_at = row?.stored_at ?? null;

		return {
			stored: stored_at === null ? null : { value: row?.value, stored_at },
			isInstalling: row?.is_installing ?? false,
			tables: await tablesOf(sql, parts),
			lackingObjects: Number(lacking?.count ?? 0),
		};
	});
}

async function tablesOf(sql: Sql, { directus_tables }: PresentParts): Promise<string> {
	if (!directus_tables) return 'none';
	const [row] = await sql.rows<{ state: string | null }>(readDirectusTables);
	return row?.state ?? 'none';
}

/** @throws Stop */
export async function noteFullBoot(sql: Sql, { directus }: ImageState): Promise<void> {
	await orStop(failed('begin-full-boot.sql'), () => sql.rows(beginFullBoot, [directus]));
}

/** A boot of files that could not be read leaves no fingerprint, and the next one is a full one again. @throws Stop */
export async function storeFingerprint(sql: Sql, { parts }: ImageState): Promise<void> {
	if (parts === null) return;

	await orStop(failed('store-fingerprint.sql'), async () => {
		const tables = await tablesOf(sql, await readPresentParts(sql));
		await sql.rows(storeFingerprintSql, [JSON.stringify({ ...parts, completed: true, tables })]);
	});
}
