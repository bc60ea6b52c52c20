import { describe, expect, it } from 'vitest';
import { useServedStack } from '../support/served.js';
import type { Stack } from '../support/stack.js';

/** What pages in a browser that is signed in may do, by where they come from. */
let stack: Stack;
let session: string;

useServedStack(async (served) => {
	stack = served;
	session = await signIn('session');
});

/** @returns the cookie of a session of the administrator, or his refresh token's. */
async function signIn(mode: 'session' | 'cookie'): Promise<string> {
	const response = await post('/auth/login', { email: stack.adminEmail, password: stack.adminPassword, mode });
	const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
	if (cookie === undefined) throw new Error(`signing in was answered ${response.status}`);
	return cookie;
}

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
	fetch(`${stack.url}${path}`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json', ...headers },
		body: JSON.stringify(body),
	});

/** A file in a form, which any page sends without asking beforehand. */
const upload = (headers: Record<string, string>) => {
	const form = new FormData();
	form.append('file', new Blob(['x'], { type: 'text/plain' }), 'x.txt');
	return fetch(`${stack.url}/files`, { method: 'POST', headers, body: form });
};

const files = async () => (await stack.db.query('SELECT FROM directus_files')).rowCount;

const OTHERS = () => [
	'https://elsewhere.example',
	stack.url.replace(/\d+$/, '1'),
	stack.url.replace('127.0.0.1', 'localhost'),
	'https://app.example.org:8443',
	'null',
];

it('a page of elsewhere uploads nothing by the session', async () => {
	const before = await files();
	for (const Origin of OTHERS()) expect((await upload({ Origin, Cookie: session })).status, Origin).toBe(403);
	expect(await files()).toBe(before);
});

it('pages of the server itself and of CORS_ORIGIN, and what is no page, do', async () => {
	const origins = [stack.url, 'https://app.example.org', 'https://a.trusted.example'];
	for (const Origin of origins) expect((await upload({ Origin, Cookie: session })).status, Origin).toBe(200);
	expect((await upload({ Cookie: session })).status).toBe(200);
});

it('a page of elsewhere with a token of its own needs no session', async () => {
	const headers = { Origin: 'https://elsewhere.example', Authorization: `Bearer ${stack.token}` };
	expect((await upload(headers)).status).toBe(200);
});

describe.each(['session', 'cookie'] as const)('the cookie of the mode %s', (mode) => {
	it('is neither renewed nor ended for a page of elsewhere', async () => {
		const Cookie = await signIn(mode);

		for (const path of ['/auth/refresh', '/auth/logout']) {
			for (const Origin of OTHERS()) expect((await post(path, { mode }, { Origin, Cookie })).status, path).toBe(403);
		}

		const renewed = await post('/auth/refresh', { mode }, { Origin: stack.url, Cookie });
		expect(renewed.status).toBe(200);
		const next = String(renewed.headers.getSetCookie()[0]?.split(';')[0]);
		expect((await post('/auth/logout', { mode }, { Origin: stack.url, Cookie: next })).status).toBe(204);
	});
});
