import { benchmark } from './benchmark.js';
import { startDirectus } from './events/programs.js';
import { takeTurns } from './events/turns.js';
import { World, type Place } from './events/world.js';
import { DIRECTOR_TOKEN, fillFixes, fixAt, IMEIS, vehicleOf } from './flag/data.js';
import { median, ratioByRound } from './statistics.js';
import { timed } from './timed.js';

/**
 * What flagging and reading fixes costs, against what Directus or Postgres does for the same: one key and a thousand against PATCH of as many
 * rows, a range of 10,000 against the bare UPDATE, a page of a track against the bare read. docs/development.md says what is expected.
 * Argument: how many rounds (10).
 */
const rounds = Number(process.argv[2] ?? 10);

const CONNECTIONS = 8;
/** Requests of one connection in one turn. */
const REQUESTS = 25;
const RANGE = 10_000;
const PAGE = 5_000;

/** What a request itself costs, on top of what it is compared with, milliseconds. */
const RANGE_ALLOWANCE = 20;
const PAGE_ALLOWANCE = 5;

const tracker = IMEIS.at(-1) as string;

let turn = 0;

/** Milliseconds for 25 requests on each of eight connections. */
async function together(request: (connection: number, at: number) => Promise<number>): Promise<number> {
	turn += 1;
	const began = performance.now();
	await Promise.all(
		Array.from({ length: CONNECTIONS }, async (_, connection) => {
			for (let at = 0; at < REQUESTS; at += 1) await request(connection, turn * REQUESTS + at);
		}),
	);
	return performance.now() - began;
}

async function measureAll({ url, db }: Place) {
	const flag = (body: object) =>
		timed(url, DIRECTOR_TOKEN, 'POST', '/positions/flag-faulty', { reason: 'Bridge', ...body });
	const patch = (path: string, body: object) => timed(url, DIRECTOR_TOKEN, 'PATCH', `/items/vehicles${path}`, body);
	const vehicles = Array.from({ length: 1_000 }, (_, at) => vehicleOf(at));
	let isFaulty = false;

	const one = await takeTurns(
		[
			{
				name: 'flag',
				measure: () =>
					together((connection, at) =>
						flag({ positions: [{ device_id: IMEIS[connection], ts: fixAt(at) }], faulty: true }),
					),
			},
			{
				name: 'patch',
				measure: () => together((connection, at) => patch(`/${vehicleOf(connection)}`, { model: `Model ${at}` })),
			},
		],
		rounds,
		'ms',
	);

	const thousand = await takeTurns(
		[
			{
				name: 'flag a thousand',
				measure: () => {
					turn += 1;
					const from = 10_000 + (turn % 20) * 1_000;
					const positions = Array.from({ length: 1_000 }, (_, at) => ({ device_id: tracker, ts: fixAt(from + at) }));
					return flag({ positions, faulty: turn % 40 < 20 });
				},
			},
			{
				name: 'patch a thousand',
				measure: () => patch('', { keys: vehicles, data: { model: `Model ${(turn += 1)}` } }),
			},
		],
		rounds,
		'ms',
	);

	const bounds = { from: fixAt(0), to: fixAt(RANGE) };
	const update = `UPDATE positions SET faulty = $1 WHERE device_id = $2 AND ts >= $3 AND ts < $4 AND faulty <> $1`;
	const range = await takeTurns(
		[
			{
				name: 'flag a range',
				measure: () => flag({ ranges: [{ device_id: tracker, ...bounds }], faulty: (isFaulty = !isFaulty) }),
			},
			{
				name: 'update',
				measure: async () => {
					const began = performance.now();
					const { rowCount } = await db.query(update, [(isFaulty = !isFaulty), tracker, bounds.from, bounds.to]);
					if (rowCount !== RANGE) throw new Error(`The UPDATE changed ${rowCount} rows`);
					return performance.now() - began;
				},
			},
		],
		rounds,
		'ms',
	);

	const columns = 'ts, latitude, longitude, altitude, angle, speed, satellites, priority, received_at, faulty';
	const read = `SELECT ${columns} FROM positions WHERE device_id = $1 AND ts >= $2 AND ts < $3 ORDER BY ts LIMIT ${PAGE}`;
	const window = new URLSearchParams({ device_id: tracker, from: fixAt(20_000), to: fixAt(40_000), limit: `${PAGE}` });
	const page = await takeTurns(
		[
			{ name: 'track', measure: () => timed(url, DIRECTOR_TOKEN, 'GET', `/positions/track?${window}`) },
			{
				name: 'read',
				measure: async () => {
					const began = performance.now();
					const { rows } = await db.query(read, [tracker, fixAt(20_000), fixAt(40_000)]);
					JSON.stringify(rows);
					return performance.now() - began;
				},
			},
		],
		rounds,
		'ms',
	);

	return { one, thousand, range, page };
}

const less = (times: number[] = [], allowance: number) => times.map((time) => Math.max(time - allowance, 0));

await benchmark(async (scope) => {
	const world = await World.make(scope);
	const place = await world.newPlace(scope);
	await startDirectus(scope, place);
	await fillFixes(place.db);
	const { one, thousand, range, page } = await measureAll(place);

	return {
		one_key_vs_patch: ratioByRound(one['patch'] ?? [], one['flag'] ?? []),
		thousand_keys_vs_bulk_patch: ratioByRound(thousand['patch a thousand'] ?? [], thousand['flag a thousand'] ?? []),
		range_vs_update: ratioByRound(less(range['flag a range'], RANGE_ALLOWANCE), range['update'] ?? []),
		track_page_vs_read: ratioByRound(less(page['track'], PAGE_ALLOWANCE), page['read'] ?? []),
		one_key_ms: median(one['flag'] ?? []) / (CONNECTIONS * REQUESTS),
		thousand_keys_ms: median(thousand['flag a thousand'] ?? []),
		range_ms: median(range['flag a range'] ?? []),
		track_page_ms: median(page['track'] ?? []),
		rounds,
	};
});
