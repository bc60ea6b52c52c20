import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const directory = resolve(import.meta.dirname, '../../../../db-init/after-schema');

const files = readdirSync(directory)
	.filter((name) => name.endsWith('.sql'))
	.sort()
	.map((name) => ({ name, sql: readFileSync(resolve(directory, name), 'utf8').replaceAll('\r', '') }));

const LIST = /CREATE (?:OR REPLACE )?FUNCTION trm\.expected_after_schema_objects\(\)[^;]*?AS \$\$([^$]*)\$\$/;

/** The list that a database ends up with is that of the last file which makes the function. */
const list = files.flatMap(({ sql }) => LIST.exec(sql)?.[1] ?? []).at(-1) ?? '';

const declared = [...list.matchAll(/\('(\w+)', '(\w+)', '(\w+)', '([\w.]+)'\)/g)].map((match) =>
	match.slice(1).join(' '),
);

/** What a file makes, as `kind name table file`; a trigger in a loop once for each table of the loop's array. */
function madeBy({ name, sql }: { name: string; sql: string }): string[] {
	// The function that recreates triggers holds their text a second time.
	const text = sql.replaceAll(/CREATE (?:OR REPLACE )?FUNCTION[^$]*\$\$[^$]*\$\$/g, '');
	const looped = [...(/FOREACH \w+ IN ARRAY ARRAY\[([^\]]*)\]/.exec(text)?.[1]?.matchAll(/'(\w+)'/g) ?? [])];

	const constraints = [...text.matchAll(/ALTER TABLE public\.(\w+)([^;]*)/g)].flatMap(([, table, actions]) =>
		[...(actions ?? '').matchAll(/ADD CONSTRAINT (\w+)/g)].map(([, made]) => `constraint ${made} ${table} ${name}`),
	);

	const triggers = [...text.matchAll(/CREATE TRIGGER (\w+)[^;]*? ON public\.(%I|\w+)/g)].flatMap(
		([, made, table = '']) =>
			(table === '%I' ? looped.map(([, each]) => each) : [table]).map((each) => `trigger ${made} ${each} ${name}`),
	);

	return [...constraints, ...triggers];
}

describe('trm.expected_after_schema_objects', () => {
	const made = files.flatMap(madeBy);

	it('is compared with what is really made', () => {
		// As many as the statements there are, whatever their form; the one of 004's loop stands for eleven, of 009's for seven.
		const statements = files
			.filter(({ name }) => name !== '006_expected_objects.sql')
			.flatMap(({ sql }) => [...sql.matchAll(/\b(?:ADD CONSTRAINT|CREATE TRIGGER)\b/g)]);

		expect(made).toHaveLength(statements.length + 10 + 6);
		expect(made).toContain('trigger trm_emit_row_change entries 004_event_triggers.sql');
	});

	it('lists every constraint and trigger that a migration after the schema makes, and nothing else', () => {
		expect(declared.toSorted()).toEqual(made.toSorted());
	});
});
