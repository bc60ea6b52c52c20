import type { Stack } from '../support/stack.js';
import { readRows } from './rows.js';

/** What the database must say about a try, whatever the API answered. */
export interface Expectation {
	allowed: boolean;
	table?: string;
	/** rows that come into being */
	marks?: Record<string, string>[];
	/** rows that become others: their ids */
	changing?: string[];
	/** of these only this column counts: others may change the rest meanwhile */
	column?: string;
	/** rows that disappear: their ids */
	going?: string[];
}

/** The rows of many tries, read before and after them. */
export class Evidence {
	private constructor(
		readonly stack: Stack,
		readonly expectations: Expectation[],
		readonly before: Map<string, string>,
	) {}

	static async collect(stack: Stack, expectations: Expectation[]): Promise<Evidence> {
		return new Evidence(stack, expectations, await readAll(stack, expectations));
	}

	async again(): Promise<After> {
		const after = await readAll(this.stack, this.expectations);
		return new After(this.before, after, await countMarks(this.stack, this.expectations));
	}
}

class After {
	constructor(
		readonly before: Map<string, string>,
		readonly after: Map<string, string>,
		readonly counts: Map<string, number>,
	) {}

	/** @returns what the database says otherwise than the expectation, in words. */
	contradictions({ allowed, table = '', marks = [], changing = [], going = [], column }: Expectation): string[] {
		const came: string[] = [];
		const note = (isSo: boolean, yes: string, no: string) => {
			if (isSo !== allowed) came.push(isSo ? yes : no);
		};

		for (const mark of marks)
			note((this.counts.get(markKey(table, mark)) ?? 0) > 0, 'a row was made', 'no row was made');

		for (const id of [...changing, ...going]) {
			if (!this.before.has(`${table} ${id}`)) came.push('the row was not there to begin with');
		}

		for (const id of changing) {
			const key = `${table} ${id}`;
			const isChanged = part(this.after.get(key), column) !== part(this.before.get(key), column);
			note(isChanged, 'the row was changed', 'the row was not changed');
		}

		for (const id of going) note(!this.after.has(`${table} ${id}`), 'the row was deleted', 'the row was not deleted');
		return came;
	}
}

/** The row, or one column of it, as text. */
function part(row: string | undefined, column: string | undefined): string | undefined {
	if (row === undefined || column === undefined) return row;
	return JSON.stringify((JSON.parse(row) as Record<string, unknown>)[column]);
}

async function readAll(stack: Stack, expectations: Expectation[]): Promise<Map<string, string>> {
	const ids = new Map<string, string[]>();

	for (const { table, changing = [], going = [] } of expectations) {
		if (table !== undefined) ids.set(table, [...(ids.get(table) ?? []), ...changing, ...going]);
	}

	const found = new Map<string, string>();

	for (const [table, wanted] of ids) {
		for (const [id, row] of await readRows(stack, table, wanted)) found.set(`${table} ${id}`, row);
	}

	return found;
}

const markKey = (table: string, mark: Record<string, string>) => `${table} ${Object.values(mark).join(' ')}`;

async function countMarks({ db }: Stack, expectations: Expectation[]): Promise<Map<string, number>> {
	const wanted = new Map<string, { table: string; columns: string[]; values: string[] }>();

	for (const { table = '', marks = [] } of expectations) {
		for (const mark of marks) {
			const columns = Object.keys(mark);
			const group = wanted.get(`${table} ${columns}`) ?? { table, columns, values: [] };
			group.values.push(Object.values(mark).join(' '));
			wanted.set(`${table} ${columns}`, group);
		}
	}

	const counts = new Map<string, number>();

	for (const { table, columns, values } of wanted.values()) {
		const key = columns.map((column) => `"${column}"::text`).join(` || ' ' || `);
		const sql = `SELECT ${key} AS key, count(*)::int AS count FROM ${table} WHERE ${key} = ANY($1) GROUP BY 1`;
		const { rows } = await db.query<{ key: string; count: number }>(sql, [values]);
		for (const row of rows) counts.set(`${table} ${row.key}`, row.count);
	}

	return counts;
}
