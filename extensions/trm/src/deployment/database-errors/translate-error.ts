import { createError, ForbiddenError, ServiceUnavailableError } from '@directus/errors';
import { contentTooLarge } from '../../lib/errors.js';
import { CONSTRAINTS, type ConstraintMeaning } from './constraints.js';

/** SQLSTATEs by meaning. */
const EXCLUSION_VIOLATION = '23P01';
const CHECK_VIOLATION = '23514';
const FOREIGN_KEY_VIOLATION = '23503';
/** what ON DELETE RESTRICT raises from Postgres 18 on */
const RESTRICT_VIOLATION = '23001';

const INSUFFICIENT_PRIVILEGE = '42501';

/** knex puts the statement before what Postgres says. */
const DATA_MODEL_STATEMENT = /^\s*(?:create|alter|drop|comment)\s/i;

/** Deadlock, serialization failure, lock timeout: the same request may succeed the next time. */
const PASSING = new Set(['40P01', '40001', '55P03']);

/** Cancelled, by statement_timeout or an administrator. */
const QUERY_CANCELED = '57014';

/** The class of values that Postgres cannot read, hold or reckon with: a number as an id, a NUL in a text, an offset of 99 hours. */
const DATA_EXCEPTION = /^22/;

/** No function, operator or order for these types, such as the smallest of UUIDs, or groups sorted by what they are not grouped by. */
const UNFIT = new Set(['42803', '42804', '42846', '42883', '42P10', '42P18', '42P38']);

/** More columns, arguments or nesting than Postgres takes. */
const STATEMENT_TOO_LARGE = new Set(['54000', '54001', '54011', '54023']);

/** Out of memory, temp_file_limit reached. */
const OUT_OF_ROOM = new Set(['53200', '53400']);

const FailedValidationError = createError<Required<Omit<ConstraintMeaning, 'valid'>> & ConstraintMeaning>(
	'FAILED_VALIDATION',
	({ validation_message }) => validation_message,
	400,
);

const InvalidPayloadError = createError<{ reason: string }>(
	'INVALID_PAYLOAD',
	({ reason }) => `Invalid payload. ${reason}.`,
	400,
);

const RecordInUseError = createError<{ collection: string; constraint: string }>(
	'RECORD_IN_USE',
	({ collection }) => `The item is in use by "${collection}": remove it there first.`,
	409,
);

/** body-parser's words, which Directus passes on under a 400 of its own. */
const BODY_TOO_LARGE = 'request entity too large';

interface Refusal {
	code: string;
	message: string;
	table?: string;
	constraint?: string;
}

function isRefusal(error: unknown): error is Refusal {
	return error instanceof Error && error.name !== 'DirectusError' && 'code' in error && typeof error.code === 'string';
}

/**
 * Postgres's own sentence: knex puts the statement, values filled in, and ' - ' before it, which is nobody's business.
 * Both can hold values with a ' - ', but only within quotes, which knex doubles within quotes.
 */
function sentence({ message }: Refusal): string {
	for (const { 0: token, index } of message.matchAll(/'[^']*'|"[^"]*"| - /g)) {
		if (token === ' - ') return message.slice(index + token.length);
	}

	return message;
}

function isBodyTooLarge(error: unknown): boolean {
	return (
		error instanceof Error &&
		'extensions' in error &&
		(error.extensions as { reason?: unknown })?.reason === BODY_TOO_LARGE
	);
}

/** Directus reads the parameters of a query as the lists and texts that they should be. */
const isUnreadableQuery = (error: unknown) =>
	error instanceof TypeError && /\/api\/dist\/utils\/(sanitize|validate)-query\.js/.test(thrownAt(error));

/** The line of a stack that names a file: functions of JavaScript itself stand in none. */
const thrownAt = ({ stack }: Error) => stack?.split('\n').find((line) => /^\s+at .*:\d+:\d+\)?$/.test(line)) ?? '';

/** Who walks through what was sent walks by calling himself. */
const isTooDeep = (error: unknown) =>
	error instanceof RangeError && error.message === 'Maximum call stack size exceeded';

/** @returns an error with a 4xx where the database refused a request for what was in it, else the error unchanged. */
export function translateError(error: unknown): unknown {
	if (isBodyTooLarge(error)) return contentTooLarge('The body is larger than MAX_PAYLOAD_SIZE: send several requests.');
	if (error instanceof URIError) return new InvalidPayloadError({ reason: 'The path cannot be decoded' });
	if (isUnreadableQuery(error))
		return new InvalidPayloadError({ reason: 'A parameter of the query has the wrong type' });
	if (isTooDeep(error)) return new InvalidPayloadError({ reason: 'It is nested too deeply' });
	if (!isRefusal(error)) return error;
	const { code, constraint = '', table = '' } = error;

	if (code === EXCLUSION_VIOLATION || code === CHECK_VIOLATION) {
		const meaning = CONSTRAINTS[constraint];
		return meaning === undefined
			? new InvalidPayloadError({ reason: `It violates the constraint "${constraint}" of "${table}"` })
			: new FailedValidationError({ validation_message: sentence(error), ...meaning });
	}

	if (code === FOREIGN_KEY_VIOLATION || code === RESTRICT_VIOLATION) {
		return new RecordInUseError({ collection: table, constraint });
	}

	// Our triggers name their table; where Postgres itself lacks a right of DB_USER, the caller is not the one to ask.
	if (code === INSUFFICIENT_PRIVILEGE && table !== '') return new ForbiddenError({ reason: sentence(error) });

	// A server whose login does not own the tables (docs/database-roles.md).
	if (code === INSUFFICIENT_PRIVILEGE && DATA_MODEL_STATEMENT.test(error.message)) {
		return new ForbiddenError({
			reason: `This server may not change the data model (${sentence(error)}): change the snapshot, and let it be applied by a boot.`,
		});
	}

	if (PASSING.has(code)) return unavailable('Others were writing the same, try again', error);
	if (code === QUERY_CANCELED) return unavailable('It took longer than it may, ask for less or try again', error);

	if (OUT_OF_ROOM.has(code)) return unavailable('It needs more room than a statement may take, ask for less', error);
	if (STATEMENT_TOO_LARGE.has(code)) return contentTooLarge('The statement would be too large: ask for less.');

	if (UNFIT.has(code))
		return new InvalidPayloadError({
			reason: 'The type of a field does not allow this, or groups are sorted by another field',
		});

	return DATA_EXCEPTION.test(code) ? new InvalidPayloadError({ reason: sentence(error) }) : error;
}

const unavailable = (reason: string, cause: unknown) =>
	Object.assign(new ServiceUnavailableError({ service: 'database', reason }), { cause });
