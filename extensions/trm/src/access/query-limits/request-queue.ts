import { setImmediate, setTimeout } from 'node:timers/promises';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import pLimit, { type LimitFunction } from 'p-limit';
import { isBelow, segmentsOf } from '../../lib/request-path.js';
import { tokenOf, userIn } from './request-token.js';

/** Requests that are served at a time, of one user and of one address without an account: more would not make the answers come sooner. */
const WIDTH = { user: 2, address: 2, urgent: 6 };

/** Requests of all callers together that are served at a time. */
const ALL = 24;

/**
 * What may not wait for queries: signing in, flagging, and whether the server is alive. For so many milliseconds after such a request nothing
 * else begins, and so much later again: a flood of sign-ins holds up the others for a part of the time and no longer, and neither does an urgent
 * request that takes long. Signing in is mostly Directus's own wait of half a second.
 */
const URGENT = [
	{ route: ['auth'], headStart: 100 },
	{ route: ['positions', 'flag-faulty'], headStart: 250 },
];
const AGAIN_AFTER_MS = 500;
const PROBES = [
	['server', 'ping'],
	['server', 'health'],
	['event-stream', 'metrics'],
];

/**
 * Serves a few requests of one caller at a time, the others wait for their turn; signing in and flagging do not wait for queries, and have a
 * head start. Without it hundreds of queries at once take the event loop and the connections to Postgres from those.
 * @param sessionCookie the name of the cookie by which Directus knows a browser
 * @param secret with which it signs tokens
 */
export function requestQueue(sessionCookie: string, secret: string): RequestHandler {
	const ofCallers = new Map<string, LimitFunction>();
	const ofAll = pLimit(ALL);
	const urgent = URGENT.map(({ route, headStart }) => ({ route, headStart, open: 0, startedAt: -Infinity }));

	const inTurn = async (caller: string, width: number, work: () => Promise<void>) => {
		const queue = ofCallers.get(caller) ?? pLimit(width);
		ofCallers.set(caller, queue);
		await queue(work);
		if (queue.activeCount + queue.pendingCount === 0) ofCallers.delete(caller);
	};

	const withHeadStart = async (kind: (typeof urgent)[number], work: () => Promise<void>) => {
		kind.open += 1;
		if (performance.now() - kind.startedAt > AGAIN_AFTER_MS) kind.startedAt = performance.now();
		await work().finally(() => (kind.open -= 1));
	};

	const isAhead = ({ open, startedAt, headStart }: (typeof urgent)[number]) =>
		open > 0 && performance.now() - startedAt < headStart;
	const afterHeadStart = async () => {
		while (urgent.some(isAhead)) await setTimeout(5);
	};

	return (request, response, next) => {
		const segments = segmentsOf(request);
		if (PROBES.some((route) => isBelow(segments, ...route))) {
			next();
			return;
		}

		const { caller, width } = callerOf(request, sessionCookie, secret);
		const serve = () => served(response, next);
		const kind = urgent.find(({ route }) => isBelow(segments, ...route));
		if (kind) void inTurn(`urgent ${caller}`, WIDTH.urgent, () => withHeadStart(kind, serve));
		else void inTurn(caller, width, () => ofAll(() => afterHeadStart().then(serve)));
	};
}

/** Goes on with a request that is still there. @returns when it was answered or has gone. */
async function served(response: Response, next: NextFunction): Promise<void> {
	// Else queries that need no database follow one another without the event loop looking at anything else.
	await setImmediate();
	await new Promise<void>((resolve) => {
		response.once('finish', resolve).once('close', resolve);
		if (response.destroyed) resolve();
		else next();
	});
}

/**
 * Who calls, as Directus will find out: the user of the token that it will take, the token itself where it names none, or the address. Nothing
 * else of a request counts, or a caller could stand in many queues; a user who signs in often stands in one.
 */
function callerOf(request: Request, sessionCookie: string, secret: string): { caller: string; width: number } {
	const token = tokenOf(request, sessionCookie);
	if (token === undefined) return { caller: `address ${request.ip}`, width: WIDTH.address };
	const user = userIn(token, secret);
	return { caller: user === undefined ? `token ${token}` : `user ${user}`, width: WIDTH.user };
}
