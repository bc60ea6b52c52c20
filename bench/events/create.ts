import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../tests/support/processes.js';
import { Api } from './api.js';
import type { Sizes } from './arguments.js';
import { startDirectus } from './programs.js';
import type { Scope } from './scope.js';
import { takeTurns, type Contestant } from './turns.js';
import type { Place, World } from './world.js';

const CONCURRENCY = 8;

/** Of one server's turn, milliseconds: short, so that a noisy moment meets all of them. */
const SLICE = 1_000;

/** So many turns in each round of the other parts: the difference is small, and one Directus' speed varies much. */
const TURNS = 5;

/** Between two turns, milliseconds. */
const REST = 100;

/** What makes events. */
const DROP_TRIGGERS = `
	DO $$
	DECLARE
		emitter record;
	BEGIN
		FOR emitter IN SELECT tgname, tgrelid::regclass AS collection FROM pg_trigger WHERE tgname LIKE 'trm\\_emit\\_%' LOOP
			EXECUTE format('DROP TRIGGER %I ON %s', emitter.tgname, emitter.collection);
		END LOOP;
	END
	$$`;

/**
 * Creates items through three servers in turns: with the bundle and Redis; the same schema and triggers without the bundle;
 * and without triggers either.
 * @returns creates per second, by round.
 */
export async function measureCreates(world: World, scope: Scope, sizes: Sizes) {
	const empty = await mkdtemp(join(tmpdir(), 'trm-no-extensions-'));
	await scope.defer(() => rm(empty, { recursive: true, force: true }));
	const without = { EXTENSIONS_PATH: empty, REDIS: '' };
	const places = {
		bundle: await world.newPlace(scope),
		without: await world.newPlace(scope, without),
		no_triggers: await world.newPlace(scope, without),
	};

	await places.no_triggers.db.query(DROP_TRIGGERS);
	const contestants: Contestant[] = [];

	for (const [name, place] of Object.entries(places)) {
		const api = new Api(place.url, await startDirectus(scope, place), CONCURRENCY);
		await scope.defer(async () => api.close());
		contestants.push({ name, measure: () => measureSlice(api, place, name === 'bundle') });
	}

	for (const { measure } of contestants) await measure();
	const rates = await takeTurns(contestants, sizes.rounds * TURNS, 'creates/s');
	await expectEvents(places);
	return rates;
}

async function measureSlice(api: Api, place: Place, isPublished: boolean): Promise<number> {
	const began = performance.now();
	let created = 0;

	const work = async () => {
		while (performance.now() - began < SLICE) {
			await api.createVehicle();
			created += 1;
		}
	};

	await Promise.all(Array.from({ length: CONCURRENCY }, work));
	const rate = (created * 1_000) / (performance.now() - began);
	if (isPublished) await eventually('all is published', async () => (await countEvents(place, 'IS NULL')) === 0);
	await sleep(REST);
	return rate;
}

/** What is compared is only worth it when the three did what they are there for. */
async function expectEvents(places: Record<'bundle' | 'without' | 'no_triggers', Place>): Promise<void> {
	const published = await countEvents(places.bundle, 'IS NOT NULL');
	const waiting = await countEvents(places.without, 'IS NULL');
	const none = await countEvents(places.no_triggers, 'IS NULL');

	if (published === 0 || waiting === 0 || none > 0) {
		throw new Error(
			`not what was meant: ${published} published, ${waiting} waiting without the bundle, ${none} without triggers`,
		);
	}
}

async function countEvents({ db }: Place, condition: 'IS NULL' | 'IS NOT NULL'): Promise<number> {
	const { rows } = await db.query<{ count: number }>(
		`SELECT count(*)::int AS count FROM trm.event_outbox WHERE type = 'trm.vehicles.created' AND stream_seq ${condition}`,
	);

	return rows[0]?.count ?? 0;
}
