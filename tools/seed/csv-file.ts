import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { messageOf } from '../../extensions/trm/src/lib/errors.js';

/** A record of a CSV file, with the line where it ends. */
export interface CsvRow {
	line: number;
	fields: Record<string, string | null>;
}

/**
 * Reads a CSV file whose first line names the fields. An empty field is null.
 * @throws Error with file, line and remedy.
 */
export async function readCsv(directory: string, file: string): Promise<CsvRow[]> {
	const text = await readSeedFile(directory, file);

	try {
		const records = parse(text, {
			bom: true,
			columns: true,
			info: true,
			skip_empty_lines: true,
			trim: true,
			cast: (value, { header }) => (value === '' && !header ? null : value),
		}) as unknown as { record: Record<string, string | null>; info: { lines: number } }[];

		return records.map(({ record, info }) => ({ line: info.lines, fields: record }));
	} catch (error) {
		const line = error instanceof CsvError && typeof error['lines'] === 'number' ? `:${error['lines']}` : '';
		throw new Error(`${file}${line}: ${messageOf(error)}. Each line needs one value for each field of the header.`, {
			cause: error,
		});
	}
}

/** @throws Error naming the file and the directory. */
export async function readSeedFile(directory: string, file: string): Promise<string> {
	try {
		return await readFile(join(directory, file), 'utf8');
	} catch (error) {
		throw new Error(
			`${file} cannot be read in ${directory}: ${messageOf(error)}. Give the directory of one event's seed, such as seeds/rally-albania-2026.`,
			{ cause: error },
		);
	}
}
