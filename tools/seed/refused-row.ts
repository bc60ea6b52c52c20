import { messageOf } from '../../extensions/trm/src/lib/errors.js';
import type { SeedRow } from './seed.js';

/** Runs the write of a row. @throws Error with its file and line when Directus or Postgres refuses it. */
export async function namingRow<T>(row: SeedRow, write: () => Promise<T>): Promise<T> {
	try {
		return await write();
	} catch (error) {
		const reasons = (Array.isArray(error) ? error : [error]).map(messageOf).join('; ');
		throw new Error(`${row.file}:${row.line}: ${row.key} was refused: ${reasons}. Nothing was written.`, {
			cause: error,
		});
	}
}
