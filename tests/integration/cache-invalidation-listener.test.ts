import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { CacheInvalidationListener } from '../../extensions/trm/src/deployment/cache-invalidation/listener.js';
import { openDatabase } from '../support/open-database.js';
import { eventually } from '../support/processes.js';
import { startStack, type Stack } from '../support/stack.js';

/** Between two attempts to forget, milliseconds. */
const PAUSE = 100;

/** When what is in memory is forgotten, by the listener itself on a real database; what it forgets is in cache-invalidation.test.ts. */
let stack: Stack;
let database: Knex;
let listener: CacheInvalidationListener;

/** Whether the next attempts to forget succeed; all after them do. */
let outcomes: boolean[] = [];
let attempts = 0;
let successes = 0;

async function forget(): Promise<void> {
	attempts += 1;
	if (outcomes.shift() === false) throw new Error('Directus has no connection to give');
	successes += 1;
}

beforeAll(async () => {
	stack = await startStack({ serve: false });
	database = openDatabase(stack.env);
	listener = new CacheInvalidationListener({
		database,
		forget,
		logger: { warn: () => undefined, info: () => undefined },
		waits: { heartbeat: 5 * PAUSE, pause: PAUSE },
	});
	listener.start();
	await eventually('it listens, and has forgotten twice what changed before', () => successes === 2);
});

afterAll(async () => {
	listener?.stop();
	await database?.destroy();
	await stack?.stop();
});

beforeEach(() => {
	attempts = 0;
	successes = 0;
});

const change = () => stack.db.query('UPDATE directus_roles SET name = name');

/** Longer than between two attempts. */
const expectNoMore = async (count: number) => {
	await sleep(2.5 * PAUSE);
	expect(attempts).toBe(count);
};

it('forgets at a change, and once more for what a request under way has put back', async () => {
	await change();
	await eventually('it has forgotten twice', () => successes === 2, 20_000);
	await expectNoMore(2);
});

it('tries again until it has forgotten', async () => {
	outcomes = [false, false, false];
	await change();
	await eventually('it has forgotten', () => successes === 1, 20_000);
	await expectNoMore(4);
});

it('tries the second time again as well', async () => {
	outcomes = [true, false, false];
	await change();
	await eventually('it has forgotten twice', () => successes === 2, 20_000);
	await expectNoMore(4);
});
