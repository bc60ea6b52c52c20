import { Readable, type Writable } from 'node:stream';
import type { Request } from 'express';
import { invalidPayload } from '../../lib/errors.js';
import { isBelow, segmentsOf } from '../../lib/request-path.js';
import { importText, NotUtf8 } from './import-text.js';

type Listener = (...parameters: unknown[]) => unknown;

interface FileStream extends Readable {
	/** cut off at the largest size that is taken */
	truncated?: boolean;
}

/** The requests whose form broke off or holds what is not taken, with what to say of it. */
const broken = new WeakMap<Request, string>();

const BROKEN_OFF = 'the form breaks off or cannot be read';

/**
 * Directus hands a form to a parser and its files on as they come. Of a form that breaks off the file fails while nobody listens, which ends
 * the process, or its import waits for the rest inside a transaction. So a file ends here when its form has ended well; else
 * it fails, after all of it that came was read, and whoever reads it takes back what he has done.
 */
export function readWholeForms(request: Request): void {
	const pipe = request.pipe.bind(request);
	// A router takes its own part off the path.
	const isImport = isBelow(segmentsOf(request), 'utils', 'import');

	request.pipe = (destination, options) => {
		if (destination.listenerCount('file') > 0) superviseParser(request, destination as unknown as Writable, isImport);
		return pipe(destination, options);
	};
}

/** @returns the 400 that a request with a form that cannot be read gets, whatever failed because of it; undefined for others. */
export function refusalOfForm(request: Request, error: unknown): Error[] | undefined {
	const message = broken.get(request) ?? (isOfParser(error) ? BROKEN_OFF : undefined);
	return message === undefined ? undefined : invalidPayload([{ path: '', message }]);
}

/** Takes the place of the listeners that the controller has set, so that it hears of an error once and of the end after no error. */
function superviseParser(request: Request, parser: Writable, isImport: boolean): void {
	const [onFile, onError, onClose] = ['file', 'error', 'close'].map((event) => takeListeners(parser, event)) as [
		Listener[],
		Listener[],
		Listener[],
	];
	const formEnd = promise();
	let files = 0;
	let hasFailed = false;
	let isReported = false;

	const report = (error: unknown) => {
		if (isReported) return;
		isReported = true;
		onError.forEach((listener) => listener(error));
	};

	/** @param error of the parser, or of a file's reader, which tells the parser */
	const fail = (error: unknown) => {
		const isFirst = !hasFailed;
		hasFailed = true;
		if (isFirst && isOfParser(error)) broken.set(request, BROKEN_OFF);
		if (isFirst) stop(error);
		// A reader whose file fails reports that itself; and what the parser says when it is stopped is no news.
		if (!isOfParser(error) || (isFirst && files === 0)) report(error);
	};

	const stop = (error: unknown) => {
		formEnd.reject(error);
		request.unpipe(parser);
		request.resume();
		parser.destroy();
	};

	parser.on('error', fail);
	parser.on('finish', () => formEnd.resolve());
	parser.on('close', () => {
		if (hasFailed) return;
		onClose.forEach((listener) => listener());
		// An import waits for a file without end.
		if (files === 0 && onClose.length === 0) report(invalidPayload([{ path: '', message: 'the form has no file' }]));
	});
	parser.on('file', (name: string, stream: FileStream, info: unknown) => {
		files += 1;
		const file = wholeFile(
			stream,
			contentOf(request, isImport ? importText(chunksOf(stream)) : chunksOf(stream), formEnd.promise),
		);
		onFile.forEach((listener) => void (async () => listener(name, file, info))().catch(fail));
	});
	request.once('close', () => {
		if (!request.complete) parser.destroy();
	});
}

function takeListeners(parser: Writable, event: string): Listener[] {
	const listeners = parser.listeners(event) as Listener[];
	parser.removeAllListeners(event);
	return listeners;
}

function promise() {
	let resolve!: () => void;
	let reject!: (error: unknown) => void;
	const made = new Promise<void>((...settle) => ([resolve, reject] = settle));
	// Nobody waits for it where there is no file.
	made.catch(() => undefined);
	return { promise: made, resolve, reject };
}

function wholeFile(stream: FileStream, content: AsyncIterable<Buffer>): Readable {
	stream.on('error', () => undefined);

	const file = Readable.from(content, { objectMode: false });
	const pipe = file.pipe.bind(file);
	Object.defineProperty(file, 'truncated', { get: () => stream.truncated === true });
	file.on('error', () => undefined);
	// Who has read enough of it does not hold up the form.
	file.on('close', () => stream.resume());
	file.pipe = (destination, options) => {
		file.once('error', (error) => (destination as unknown as Writable).destroy(error));
		return pipe(destination, options);
	};
	return file;
}

const chunksOf = (stream: FileStream): AsyncIterable<Buffer> => stream.iterator({ destroyOnReturn: false });

async function* contentOf(
	request: Request,
	chunks: AsyncIterable<Buffer>,
	formEnd: Promise<void>,
): AsyncGenerator<Buffer> {
	try {
		yield* chunks;
		await formEnd;
	} catch (cause) {
		if (!(cause instanceof NotUtf8)) throw new Error('The form broke off.', { cause });
		broken.set(request, cause.message);
		throw cause;
	}
}

/** Whether the parser itself made it, which has no kind of errors of its own. */
function isOfParser(error: unknown): boolean {
	return error instanceof Error && /[\\/]busboy[\\/]lib[\\/]/.test(error.stack?.split('\n')[1] ?? '');
}
