import { afterAll, describe, expect, it } from 'vitest';
import { reportCounts } from '../support/report-counts.js';
import { useServedStack } from '../support/served.js';
import type { Answer, Stack } from '../support/stack.js';
import { Client, type Caller } from './client.js';
import { FIX_RANGE } from './side.js';
import { makeWorld, type World } from './world.js';

/** Costly questions, many of them at once, while somebody signs in and somebody flags. */
const AT_ONCE = 200;

let stack: Stack;
let client: Client;
let world: World;

useServedStack(async (served) => {
	stack = served;
	world = await makeWorld(stack);
	client = new Client(stack.url, world.tokens);
	const { status } = await stack.api('PATCH', `/users/${world.persons.marshal}`, { password: PASSWORD });
	expect(status).toBe(200);
	await Promise.all([signIn(), flag()]);
});

afterAll(({}, suite) => {
	reportCounts(suite, { server_errors: client?.serverErrors.length ?? 0 });
});

const PASSWORD = 'a Password of 9 words';
let email: string | undefined;
let isFaulty = false;

async function signIn(): Promise<Answer> {
	email ??= (await stack.api('GET', `/users/${world.persons.marshal}?fields=email`)).body.data.email;
	return client.rest('public', 'POST', '/auth/login', { email, password: PASSWORD });
}

function flag(): Promise<Answer> {
	isFaulty = !isFaulty;
	const ranges = [{ device_id: world.own.draft.imei, ...FIX_RANGE }];
	return client.rest('operator', 'POST', '/positions/flag-faulty', { faulty: isFaulty, ranges });
}

/** @returns which part of a flood was answered when this was, that began after it: 0 is at once, 1 when all else was. */
async function answeredAfter(work: () => Promise<Answer>, ask: () => Promise<void>): Promise<number> {
	let answered = 0;
	const flood = Promise.all(Array.from({ length: AT_ONCE }, () => ask().then(() => (answered += 1))));
	await new Promise((resolve) => setTimeout(resolve, 20));
	const { status, body } = await work();
	const before = answered;
	expect(`${status} ${status === 200 ? '' : JSON.stringify(body)}`).toBe('200 ');
	await flood;
	return before / AT_ONCE;
}

const FLOODS: [who: string, as: Caller, path: string, status: number][] = [
	['nobody, for all that is allowed', 'public', '/items/entries?limit=5000&fields=id,race_number,team,status', 200],
	['a member, for everything', 'owner', '/items/events?fields=*.*.*.*.*.*', 413],
];

describe.each(FLOODS)('while %s asks 200 times at once', (_, as, path, expected) => {
	const ask = async () => {
		const { status } = await client.rest(as, 'GET', path);
		expect(status).toBe(expected);
	};

	// Signing in takes half a second, whatever the password: Directus waits that long.
	it.each([
		['flagging', flag, 0.5],
		['signing in', signIn, 1],
	] as const)('%s does not wait for all of them', async (__, work, part) => {
		const rounds = [await answeredAfter(work, ask), await answeredAfter(work, ask)];
		expect(Math.min(...rounds)).toBeLessThan(part);
	});

	it('the server is alive, and serves others', async () => {
		expect((await client.rest('viewer', 'GET', '/items/events?limit=1')).status).toBe(200);
		expect(client.serverErrors).toEqual([]);
	});
});

describe('a share', () => {
	const open = async (role: string | null) => {
		const share = { collection: 'events', item: world.foreign.published.event, role };
		const { body } = await stack.api('POST', '/shares', share);
		const { body: signedIn } = await client.rest('public', 'POST', '/shares/auth', { share: body.data.id });
		return { token: signedIn.data.access_token as string };
	};

	it.each(['/users?fields=*', '/items/events', '/items/entries?fields=id', '/users/me', '/permissions/me'])(
		'with a role lets its holder ask nothing, such as %s',
		async (path) => {
			const { status } = await client.rest(await open(world.roles['Staff'] as string), 'GET', path);
			expect(status).toBe(403);
		},
	);

	it('without a role shows its item, within the limits of everybody', async () => {
		const holder = await open(null);
		const { status, body } = await client.rest(holder, 'GET', '/items/events?fields=id,name');
		expect([status, body.data.map(({ id }: { id: string }) => id)]).toEqual([200, [world.foreign.published.event]]);
		expect((await client.rest(holder, 'GET', '/items/events?fields=*.*')).status).toBe(413);
		expect((await client.rest(holder, 'GET', '/items/entries?limit=20000&fields=*,class.*')).status).toBe(413);
	});
});
