import type { Request, RequestHandler } from 'express';
import { unsupportedMediaType } from '../../lib/errors.js';
import { isBelow, segmentsOf } from '../../lib/request-path.js';

/** Bytes of a body: of whoever shows no token, and of a query. All else MAX_PAYLOAD_SIZE limits. */
const MOST_BYTES = { withoutToken: 64 * 1024, query: 512 * 1024 };

/** Objects and lists inside one another. JSON.parse takes a second for a million of them. */
const MOST_NESTED = 64;

/** body-parser's words, which database-errors/ answers with 413. */
const TOO_LARGE = 'request entity too large';

/**
 * Refuses bodies that block the server while they are parsed, as they come in: Directus parses them before it knows who sends them.
 * @param hasToken whether a request shows a token, valid or not
 */
export function limitBody(hasToken: (request: Request) => boolean): RequestHandler {
	return (request, _response, next) => {
		// What a compressed body holds is not known before it is parsed.
		const encoding = request.headers['content-encoding'] ?? 'identity';
		if (encoding !== 'identity') {
			next(unsupportedMediaType(encoding));
			return;
		}

		if (request.is('json') || isQuery(request))
			watch(request, hasToken(request) ? mostBytes(request) : MOST_BYTES.withoutToken);
		next();
	};
}

const isQuery = (request: Request) => request.method === 'SEARCH' || isBelow(segmentsOf(request), 'graphql');
const mostBytes = (request: Request) => (isQuery(request) ? MOST_BYTES.query : Infinity);

/** Looks at each part of the body on its way to whoever reads it. */
function watch(request: Request, most: number): void {
	const emit = request.emit.bind(request) as (event: string, ...values: unknown[]) => boolean;
	const nesting = new Nesting();
	let bytes = 0;
	let isRefused = false;

	request.emit = (event: string, ...values: unknown[]) => {
		if (event !== 'data') return emit(event, ...values);
		if (isRefused) return true;

		const part = values[0] as Buffer;
		bytes += part.length;
		const refusal = bytes > most ? TOO_LARGE : nesting.of(part) > MOST_NESTED ? 'It is nested too deeply' : undefined;
		if (refusal === undefined) return emit(event, ...values);
		isRefused = true;
		return request.listenerCount('error') > 0 && emit('error', new Error(refusal));
	};
}

const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT, QUOTE, BACKSLASH] = Buffer.from(
	'[]{}"\\',
) as unknown as number[];

/** How deep JSON is nested, read in parts. */
class Nesting {
	#depth = 0;
	#deepest = 0;
	#isText = false;
	#isEscaped = false;

	/** @returns the greatest depth so far */
	of(part: Buffer): number {
		for (const byte of part) {
			if (this.#isText) {
				if (this.#isEscaped) this.#isEscaped = false;
				else if (byte === BACKSLASH) this.#isEscaped = true;
				else if (byte === QUOTE) this.#isText = false;
			} else if (byte === QUOTE) this.#isText = true;
			else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#deepest = Math.max(this.#deepest, ++this.#depth);
			else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) this.#depth -= 1;
		}

		return this.#deepest;
	}
}
