import { setImmediate, setTimeout } from 'node:timers/promises';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import pLimit, { type LimitFunction } from 'p-limit';
import { isBelow, segmentsOf } from '../shared/request-path.js';
import { tokenOf, userIn } from './request-token.js';

/** Requests that are served at a time, of one user and of one address without an account: more would not make the answers come sooner. */
const WIDTH = { user: 4, address: 2, urgent: 6 };

/** Requests of all callers together that are served at a time. */
const ALL = 24;

/**
 * For so long nothing else begins beside an urgent request, and so much later again: a flood of sign-ins holds up the others for a fifth of
 * the time and no longer, and an urgent request that takes long does not either.
 */
const HEAD_START_MS = 100;
const AGAIN_AFTER_MS = 500;

/** What may not wait for queries: signing in, flagging, and whether the server is alive. */
const URGENT = [['auth'], ['positions', 'flag-faulty']];
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
	let urgent = 0;
	let startedAt = -Infinity;

	const inTurn = async (caller: string, width: number, work: () => Promise<void>) => {
		const queue = ofCallers.get(caller) ?? pLimit(width);
		ofCallers.set(caller, queue);
		await queue(work);
		if (queue.activeCount + queue.pendingCount === 0) ofCallers.delete(caller);
	};

	const withHeadStart = async (work: () => Promise<void>) => {
		urgent += 1;
		if (performance.now() - startedAt > AGAIN_AFTER_MS) startedAt = performance.now();
		await work().finally(() => (urgent -= 1));
	};

	const afterHeadStart = async () => {
		while (urgent > 0 && performance.now() - startedAt < HEAD_START_MS) await setTimeout(5);
	};

	return (request, response, next) => {
		const isOn = (routes: string[][]) => routes.some((route) => isBelow(segmentsOf(request), ...route));
		if (isOn(PROBES)) {
			next();
			return;
		}

		const { caller, width } = callerOf(request, sessionCookie, secret);
		const serve = () => served(response, next);
		if (isOn(URGENT)) void inTurn(`urgent ${caller}`, WIDTH.urgent, () => withHeadStart(serve));
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
