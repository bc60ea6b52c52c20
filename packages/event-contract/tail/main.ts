import { styleText } from 'node:util';
import { Redis } from 'ioredis';
import { fieldsOf } from '../parse-event.js';
import { formatEntry, jsonLine, type Paint } from './format.js';
import { matchesAny, parseTailOptions, USAGE, type TailOptions } from './options.js';

// npm run events:tail. It only reads: no consumer group is made, and nothing is acknowledged.

const AT_ONCE = 200;
const BLOCK_MS = 2_000;

class Complaint extends Error {
	readonly status: number;

	constructor(status: number, ...lines: string[]) {
		super(lines.join('\n'));
		this.status = status;
	}
}

async function main(): Promise<void> {
	const options = readOptions();
	if (options.help) return void process.stdout.write(`${USAGE}\n`);
	const url = process.env['REDIS_URL'] || process.env['REDIS'];
	const stream = process.env['EVENT_STREAM'] || 'trm:events';

	if (!url) {
		throw new Complaint(
			69,
			'No stack of npm start runs here, and neither REDIS_URL nor REDIS is set.',
			'Start one with: npm start    or name a Redis: REDIS_URL=redis://host:6379/0 npm run events:tail',
		);
	}

	const redis = await connect(url);

	try {
		await tail(redis, stream, options);
	} finally {
		redis.disconnect();
	}
}

function readOptions(): TailOptions {
	try {
		return parseTailOptions(process.argv.slice(2));
	} catch (error) {
		throw new Complaint(64, (error as Error).message, USAGE);
	}
}

async function connect(url: string): Promise<Redis> {
	const redis = new Redis(url, {
		lazyConnect: true,
		retryStrategy: () => null,
		maxRetriesPerRequest: 0,
		connectTimeout: 5_000,
	});
	let problem = '';
	redis.on('error', (error: Error) => (problem = error.message));

	try {
		await redis.connect();
		await redis.ping();
		return redis;
	} catch (error) {
		redis.disconnect();
		throw unreachable(url, problem || (error as Error).message);
	}
}

/** Without the password that the URL may have. */
function unreachable(url: string, problem: string): Complaint {
	const place = URL.canParse(url) ? new URL(url).host : 'the given URL';

	return new Complaint(
		69,
		`Redis at ${place} cannot be read: ${problem}`,
		'Is the stack up (npm start)? Otherwise correct REDIS_URL, in .local/stack.env or the environment.',
	);
}

async function tail(redis: Redis, stream: string, options: TailOptions): Promise<void> {
	const paint: Paint = process.stdout.hasColors?.() ? styleText : (_colour, text) => text;
	let after = await startAfter(redis, stream, options);

	for (;;) {
		const entries = await read(redis, stream, after, options.follow);
		if (entries.length === 0 && !options.follow) return;

		for (const [id, pairs] of entries) {
			after = id;
			const fields = fieldsOf(pairs);
			const isWanted =
				matchesAny(options.types, fields['type'] ?? '') && matchesAny(options.subjects, fields['subject'] ?? '');
			if (isWanted) process.stdout.write(`${options.json ? jsonLine(id, fields) : formatEntry(id, fields, paint)}\n`);
		}
	}
}

async function read(
	redis: Redis,
	stream: string,
	after: string,
	wait: boolean,
): Promise<[id: string, pairs: string[]][]> {
	try {
		const reply = wait
			? await redis.xread('COUNT', AT_ONCE, 'BLOCK', BLOCK_MS, 'STREAMS', stream, after)
			: await redis.xread('COUNT', AT_ONCE, 'STREAMS', stream, after);

		return reply?.[0]?.[1] ?? [];
	} catch (error) {
		throw unreadable(stream, error);
	}
}

/** The id after which to read. */
async function startAfter(redis: Redis, stream: string, { from, follow }: TailOptions): Promise<string> {
	if (from !== null && from > 0) return `${from - 1}-${2n ** 64n - 1n}`;
	if (from !== null || !follow) return '0-0';

	try {
		const [last] = await redis.xrevrange(stream, '+', '-', 'COUNT', 1);
		return last?.[0] ?? '0-0';
	} catch (error) {
		throw unreadable(stream, error);
	}
}

function unreadable(stream: string, error: unknown): Complaint {
	return new Complaint(
		69,
		`The stream ${stream} cannot be read: ${(error as Error).message}`,
		'Is it the stream of EVENT_STREAM, is Redis still there, and may this user read it?',
	);
}

// The reader of a pipe may have seen enough: events:tail | head.
process.stdout.on('error', () => process.exit(0));
process.on('SIGINT', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

await main().catch((error: unknown) => {
	if (!(error instanceof Complaint)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exitCode = error.status;
});
