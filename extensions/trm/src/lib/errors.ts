import { createError } from '@directus/errors';

/** A problem of one place in a request; `path` as in `positions[3].ts`, empty for the body as a whole. */
export interface RequestProblem {
	path: string;
	message: string;
}

interface InvalidPayloadExtensions {
	reason: string;
	path: string;
}

const InvalidPayloadError = createError<InvalidPayloadExtensions>(
	'INVALID_PAYLOAD',
	({ path, reason }) => `Invalid payload. ${path === '' ? '' : `"${path}": `}${reason}`,
	400,
);

const ForbiddenError = createError<{ reason?: string }>(
	'FORBIDDEN',
	({ reason }) => reason ?? "You don't have permission to access this.",
	403,
);

const RequiredFieldError = createError<{ field: string; path: string[]; type: string; validation_message: string }>(
	'FAILED_VALIDATION',
	({ validation_message }) => validation_message,
	400,
);

const MethodNotAllowedError = createError<{ current: string; allowed: string[] }>(
	'METHOD_NOT_ALLOWED',
	({ current, allowed }) => `${current} is not possible here, only ${allowed.join(', ')}.`,
	405,
);

const ServiceUnavailableError = createError<{ service: string; reason: string }>(
	'SERVICE_UNAVAILABLE',
	({ service, reason }) => `Service "${service}" is unavailable. ${reason}`,
	503,
);

const ContentTooLargeError = createError<{ reason: string }>(
	'CONTENT_TOO_LARGE',
	({ reason }) => `The request asks for too much. ${reason}`,
	413,
);

const UnsupportedMediaTypeError = createError<{ encoding: string }>(
	'UNSUPPORTED_MEDIA_TYPE',
	({ encoding }) => `A body with Content-Encoding "${encoding}" is not taken: send it as it is.`,
	415,
);

/** More problems than a person reads; a hostile body could otherwise make an answer larger than itself. */
const MOST_PROBLEMS_TOLD = 50;

/** 400, one entry of the answer's `errors` for each problem. Throw the array: Directus's error handler takes one. */
export function invalidPayload(problems: RequestProblem[]): Error[] {
	return problems
		.slice(0, MOST_PROBLEMS_TOLD)
		.map(({ path, message }) => new InvalidPayloadError({ path, reason: message }));
}

/**
 * 403, the same for "not yours" and "does not exist", so that neither can be told from the other.
 * @param reason only where it is the same for both.
 */
export function forbidden(reason?: string): Error {
	return new ForbiddenError(reason === undefined ? {} : { reason });
}

/** 400, shown by a form beside the field. */
export function requiredField(field: string, validation_message: string): Error {
	return new RequiredFieldError({ field, path: [], type: 'required', validation_message });
}

/** 413; `reason` names the limit and what to do instead. */
export function contentTooLarge(reason: string): Error {
	return new ContentTooLargeError({ reason });
}

/** 405; Directus's error handler makes the `Allow` header of it. */
export function methodNotAllowed(current: string, allowed: string[]): Error {
	return new MethodNotAllowedError({ current, allowed });
}

/** 503; `reason` says what does not answer, and nothing of how it is reached. */
export function serviceUnavailable(service: string, reason: string): Error {
	return new ServiceUnavailableError({ service, reason });
}

/** What to log of something thrown. */
export function messageOf(thrown: unknown): string {
	return thrown instanceof Error ? thrown.message : String(thrown);
}

/** 415, for a body that cannot be looked at. */
export function unsupportedMediaType(encoding: string): Error {
	return new UnsupportedMediaTypeError({ encoding });
}
