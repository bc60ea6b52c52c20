import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express, { type Response } from 'express';
import jwt from 'jsonwebtoken';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { requestQueue } from './request-queue.js';

/** A real server that answers when the test says so. */
let server: ReturnType<express.Application['listen']>;
let url: string;
const SECRET = 'a-secret-of-the-tests';
const waiting: { path: string; response: Response }[] = [];

beforeEach(async () => {
	waiting.length = 0;
	const app = express();
	app.use(requestQueue('session', SECRET));
	app.use(({ path }, response) => void waiting.push({ path, response }));
	server = app.listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

const ask = (path: string, headers: Record<string, string> = {}, signal?: AbortSignal) =>
	fetch(url + path, { headers, ...(signal ? { signal } : {}) }).catch(() => undefined);
const askOften = (path: string, headers: (n: number) => Record<string, string>) =>
	Array.from({ length: 30 }, (_, n) => ask(path, headers(n)));
const served = () => waiting.length;
const settle = () => new Promise((resolve) => setTimeout(resolve, 150));

it('serves two requests of an address at a time, whatever headers they have, and the next when one was answered', async () => {
	void askOften('/items/events', (n) => ({
		Cookie: `other=${n}`,
		Authorization: `Basic ${n}`,
		'X-Request-Id': `${n}`,
	}));
	await vi.waitFor(() => expect(served()).toBe(2));
	await settle();
	expect(served()).toBe(2);
	waiting[0]?.response.end();
	await vi.waitFor(() => expect(served()).toBe(3));

	// It waits behind the others, although one of them was answered.
	void ask('/items/entries');
	await settle();
	expect(served()).toBe(3);
});

it('serves two of a token at a time, however it is given, and others beside them', async () => {
	void askOften('/items/events', (n) => ({
		Authorization: n % 2 ? 'Bearer one' : 'bEARER one',
		Cookie: `session=${n}`,
	}));
	void askOften('/items/events?access_token=one', () => ({}));
	await vi.waitFor(() => expect(served()).toBe(2));
	await settle();
	expect(served()).toBe(2);
	void ask('/items/events', { Cookie: 'a=b; session=two' });
	await vi.waitFor(() => expect(served()).toBe(3));
});

it('serves two of a user at a time, however many tokens there are of it', async () => {
	const tokenOf = (id: string, secret = SECRET) =>
		jwt.sign({ id }, secret, { issuer: 'directus', jwtid: randomUUID() });
	void askOften('/items/events', () => ({ Authorization: `Bearer ${tokenOf('somebody')}` }));
	await vi.waitFor(() => expect(served()).toBe(2));
	await settle();
	expect(served()).toBe(2);

	// A forged token is not the user's: it would fill the queue.
	void ask('/items/events', { Authorization: `Bearer ${tokenOf('somebody', 'another-secret')}` });
	await vi.waitFor(() => expect(served()).toBe(3));
});

it('lets signing in and flagging pass all that waits', async () => {
	void askOften('/items/events', () => ({ Authorization: 'Bearer one' }));
	await settle();
	void ask('/positions/flag-faulty', { Authorization: 'Bearer one' });
	void ask('/Auth//login');
	await vi.waitFor(() => expect(waiting.map(({ path }) => path)).toContain('/positions/flag-faulty'));
	await vi.waitFor(() => expect(waiting.map(({ path }) => path)).toContain('/Auth//login'));
});

it('holds the others up for no longer than a head start, however long they take and however many there are', async () => {
	void ask('/positions/flag-faulty', { Authorization: 'Bearer one' });
	await vi.waitFor(() => expect(served()).toBe(1));
	void ask('/items/events', { Authorization: 'Bearer one' });
	await vi.waitFor(() => expect(served()).toBe(2));

	for (let n = 0; n < 20; n += 1) void ask('/auth/login', { Authorization: `Bearer ${n}` });
	void ask('/items/entries', { Authorization: 'Bearer two' });
	await vi.waitFor(() => expect(waiting.map(({ path }) => path)).toContain('/items/entries'));
});

it('forgets who has gone', async () => {
	const gone = new AbortController();
	for (let n = 0; n < 10; n += 1) void ask('/items/gone', {}, gone.signal);
	await vi.waitFor(() => expect(served()).toBe(2));
	gone.abort();
	await settle();
	void ask('/items/here');
	await vi.waitFor(() => expect(waiting.at(-1)?.path).toBe('/items/here'));
});
