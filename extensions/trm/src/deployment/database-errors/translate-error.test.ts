import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONSTRAINTS } from './constraints.js';
import { translateError } from './translate-error.js';

const refusal = (code: string, message = '', more: object = {}) => Object.assign(new Error(message), { code, ...more });

describe('translateError', () => {
	it('names the field and the remedy of a constraint of ours', () => {
		expect(translateError(refusal('23P01', '', { constraint: 'entry_devices_one_entry_per_device' }))).toMatchObject({
			status: 400,
			code: 'FAILED_VALIDATION',
			extensions: { field: 'device', type: 'unique' },
		});
	});

	it('answers 400 for a constraint it does not know', () => {
		const answer = translateError(refusal('23514', '', { constraint: 'someone_elses', table: 'events' }));
		expect(answer).toMatchObject({ status: 400, code: 'INVALID_PAYLOAD' });
		expect((answer as Error).message).toContain('someone_elses');
	});

	it.each(['23503', '23001'])('answers 409 with the collection that still refers to it (%s)', (code) => {
		expect(translateError(refusal(code, '', { table: 'events' }))).toMatchObject({
			status: 409,
			code: 'RECORD_IN_USE',
			extensions: { collection: 'events' },
		});
	});

	it('gives the database’s sentence and not the statement', () => {
		const message = 'insert into "events" ("id") values ($1) - invalid input syntax for type uuid: "nope"';
		const answer = translateError(refusal('22P02', message)) as Error;
		expect(answer.message).toBe('Invalid payload. invalid input syntax for type uuid: "nope".');
	});

	it.each([
		[`insert into "t" ("a", "b") values ('x - y', 'it''s - "') - `, 'invalid input syntax for type uuid: "p - q"'],
		['insert into "t - u" ("a") values ($1) returning "id" - ', 'invalid input syntax for type uuid: "it\'s - so"'],
		[`update "t" set "a" = E'\\\\ - '' - ' - `, 'unsupported Unicode escape sequence'],
	])('tells them apart by more than a hyphen: %s', (statement, own) => {
		const answer = translateError(refusal('22P02', statement + own)) as Error;
		expect(answer.message).toBe(`Invalid payload. ${own}.`);
	});

	it('answers 403 with the remedy where a trigger refuses a right, and not where Postgres does', () => {
		const message = 'update "t" set "a" = 1 - do it elsewhere';
		const answer = translateError(refusal('42501', message, { table: 't' }));
		expect(answer).toMatchObject({ status: 403, code: 'FORBIDDEN', message: 'do it elsewhere' });

		const postgres = refusal('42501', 'select 1 - permission denied for table t');
		expect(translateError(postgres)).toBe(postgres);
	});

	it.each([
		['create table "x" ("id" uuid) - ', 'permission denied for schema public'],
		['alter table "events" add column "x" text null - ', 'must be owner of table events'],
		['drop table "events" - ', 'must be owner of table events'],
	])('answers 403 where the login of the server may not change the data model: %s', (statement, own) => {
		const answer = translateError(refusal('42501', statement + own)) as Error;
		expect(answer).toMatchObject({ status: 403, code: 'FORBIDDEN' });
		expect(answer.message).toContain(`This server may not change the data model (${own})`);
		expect(answer.message).not.toContain(statement);
	});

	it.each([
		['40P01', 'Others were writing the same'],
		['40001', 'Others were writing the same'],
		['55P03', 'Others were writing the same'],
		['57014', 'It took longer than it may'],
	])('answers 503 for what passes (%s)', (code, reason) => {
		const error = refusal(code, 'update "t" - deadlock detected');
		const answer = translateError(error) as Error;
		expect(answer).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE', cause: error });
		expect(answer.message).toContain(reason);
	});

	it('answers 413 for a body that Directus calls an invalid payload', () => {
		const tooLarge = Object.assign(new Error('Invalid payload. request entity too large.'), {
			name: 'DirectusError',
			code: 'INVALID_PAYLOAD',
			extensions: { reason: 'request entity too large' },
		});

		expect(translateError(tooLarge)).toMatchObject({ status: 413, code: 'CONTENT_TOO_LARGE' });
	});

	it('leaves alone what is no refusal of a value', () => {
		for (const error of [refusal('57P01'), new Error('plain'), [new Error('one of many')], null]) {
			expect(translateError(error)).toBe(error);
		}
	});

	it('leaves an error of Directus alone, whatever its code', () => {
		const error = Object.assign(refusal('23503'), { name: 'DirectusError' });
		expect(translateError(error)).toBe(error);
	});
});

describe('the constraints of db-init', () => {
	const directory = join(import.meta.dirname, '../../../../../db-init');
	const sql = readdirSync(directory, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.sql'))
		.map((name) => readFileSync(join(directory, name), 'utf8'))
		.join('\n');
	const named = [...sql.matchAll(/ADD CONSTRAINT (\w+)\s+(?:CHECK|EXCLUDE)|^\s*CONSTRAINT = '(\w+)'/gm)].map(
		([, checked, kept]) => (checked ?? kept) as string,
	);

	// Postgres reports an unknown zone as an unreadable value, before the check is decided.
	const decidedElsewhere = ['events_timezone_known'];

	it('each have a meaning', () => {
		expect(Object.keys(CONSTRAINTS).sort()).toEqual(named.filter((name) => !decidedElsewhere.includes(name)).sort());
	});
});
