import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { markOf, type Outcome, type WriteRecord } from './marks.js';
import type { Write, WriteKind } from './plan-writes.js';
import type { World } from './world.js';

type Query = (sql: string, values?: unknown[]) => Promise<unknown>;

/** Postgres refused a statement and the session lives: 40P01 (deadlock), 23505 (unique) and their like, not 57P01 or 08006. */
const isRefusal = (error: unknown) => error instanceof pg.DatabaseError && !/^(57|08)/.test(error.code ?? '57');

/** A statement that Postgres does not understand is the campaign's own mistake, which would go unnoticed as a rollback. */
function throwMistake(error: unknown): void {
	if (error instanceof pg.DatabaseError && error.code?.startsWith('42')) throw error;
}

/** Does the work in one transaction. @returns what became of it: only a COMMIT whose answer was cut off leaves a doubt. */
async function transaction(world: World, work: (query: Query) => Promise<unknown>, end = 'COMMIT'): Promise<Outcome> {
	let client: pg.PoolClient | null = null;
	let isCommitting = false;
	let isBroken = true;

	try {
		client = await world.db.connect();
		const query = client.query.bind(client) as Query;
		await query('BEGIN');
		await work(query);
		isCommitting = end === 'COMMIT';
		await query(end);
		isBroken = false;
		return isCommitting ? 'committed' : 'rolled back';
	} catch (error) {
		throwMistake(error);
		return isCommitting && !isRefusal(error) ? 'unknown' : 'rolled back';
	} finally {
		// A session in which something failed is not used again.
		client?.release(isBroken);
	}
}

/** One statement that commits by itself: whatever is not refused may have happened. */
async function statement(world: World, sql: string, values: unknown[]): Promise<Outcome> {
	try {
		await world.db.query(sql, values);
		return 'committed';
	} catch (error) {
		throwMistake(error);
		const isUnsent = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
		return isRefusal(error) || isUnsent ? 'rolled back' : 'unknown';
	}
}

const VEHICLES = `INSERT INTO vehicles (id, organization, make, model, kind) SELECT gen_random_uuid(), $3, 'KTM', $1, 'moto' FROM generate_series(1, $2)`;
const COUNT = 'UPDATE vehicles SET year = year + 1, model = $2 WHERE id = $1';
const ORGANIZATION = 'INSERT INTO organizations (id, name, slug) VALUES (gen_random_uuid(), $1, $2)';

type SqlWriter = (world: World, write: Write, what: string) => Promise<WriteRecord[]>;

async function slow(world: World, { tag, rows, hold, shared }: Write, what: string, end: 'COMMIT' | 'ROLLBACK') {
	const outcome = await transaction(
		world,
		async (query) => {
			await query(VEHICLES, [tag, 1, world.fixtures.organization]);
			if (end === 'ROLLBACK') await query(COUNT, [world.fixtures.shared[shared[0] as number], tag]);
			await sleep(hold);
			await query(VEHICLES, [tag, rows - 1, world.fixtures.organization]);
		},
		end,
	);

	return [{ what, outcome, marks: { [markOf('created', tag)]: rows, [markOf('updated', tag)]: 0 } }];
}

async function count(world: World, { tag, shared, hold }: Write, what: string): Promise<WriteRecord[]> {
	const outcome = await transaction(world, async (query) => {
		for (const index of shared) await query(COUNT, [world.fixtures.shared[index], tag]);
		await sleep(hold);
	});

	return [{ what, outcome, marks: { [markOf('updated', tag)]: shared.length } }];
}

async function savepoint(world: World, { tag, rows, hold }: Write, what: string): Promise<WriteRecord[]> {
	const undone = `${tag}-undone`;

	const outcome = await transaction(world, async (query) => {
		await query(VEHICLES, [tag, rows, world.fixtures.organization]);
		await query('SAVEPOINT here');
		await query(VEHICLES, [undone, rows, world.fixtures.organization]);
		await sleep(hold);
		await query('ROLLBACK TO here');
		await query(VEHICLES, [tag, 1, world.fixtures.organization]);
	});

	return [
		{ what, outcome, marks: { [markOf('created', tag)]: rows + 1 } },
		{ what: `${what} to its savepoint`, outcome: 'rolled back', marks: { [markOf('created', undone)]: 1 } },
	];
}

/** Its own event with a class, `rows` entries on one vehicle and two riders each; then the entries go, and these with them. */
async function tree(world: World, { tag, rows, hold, number }: Write, what: string): Promise<WriteRecord[]> {
	const [event, category, vehicle] = [randomUUID(), randomUUID(), randomUUID()];

	const made = await transaction(world, async (query) => {
		await query(
			`INSERT INTO events (id, organization, name, slug, start_date, end_date, timezone)
			VALUES ($1, $2, $3, $4, '2026-06-06', '2026-06-13', 'UTC')`,
			[event, world.fixtures.organization, tag, `chaos-${event}`],
		);
		await query(`INSERT INTO classes (id, event, code, name, kind) VALUES ($1, $2, 'R2', $3, 'moto')`, [
			category,
			event,
			tag,
		]);
		await query(`INSERT INTO vehicles (id, organization, make, model, kind) VALUES ($1, $3, 'KTM', $2, 'moto')`, [
			vehicle,
			tag,
			world.fixtures.organization,
		]);
		await query(
			`WITH entry AS (
				INSERT INTO entries (id, event, class, vehicle, team, race_number)
				SELECT gen_random_uuid(), $1, $2, $3, $4, number FROM generate_series(1, $5) AS number RETURNING id
			)
			INSERT INTO entry_crew (id, entry, name, role)
			SELECT gen_random_uuid(), entry.id, $4, 'rider' FROM entry, generate_series(1, 2)`,
			[event, category, vehicle, tag, rows],
		);
		await sleep(hold);
	});

	const records: WriteRecord[] = [{ what, outcome: made, marks: { [markOf('created', tag)]: 3 + 3 * rows } }];
	if (made !== 'committed' || number % 2 === 0) return records;

	const outcome = await statement(world, 'DELETE FROM entries WHERE event = $1', [event]);
	return [...records, { what: `${what}, entries deleted`, outcome, marks: { [markOf('deleted', tag)]: 3 * rows } }];
}

export const SQL_WRITERS = {
	async sql_rows(world, { tag, rows }, what) {
		return [
			{
				what,
				outcome: await statement(world, VEHICLES, [tag, rows, world.fixtures.organization]),
				marks: { [markOf('created', tag)]: rows },
			},
		];
	},
	sql_count: count,
	sql_count_many: count,
	sql_slow: (world, write, what) => slow(world, write, what, 'COMMIT'),
	sql_rolled_back: (world, write, what) => slow(world, write, what, 'ROLLBACK'),
	async sql_fails(world, { tag, rows }, what) {
		const slug = `chaos-${world.nextNumber()}`;

		const outcome = await transaction(world, async (query) => {
			await query(VEHICLES, [tag, rows, world.fixtures.organization]);
			await query(ORGANIZATION, [tag, slug]);
			await query(ORGANIZATION, [tag, slug]);
		});

		return [{ what, outcome, marks: { [markOf('created', tag)]: rows + 1 } }];
	},
	sql_savepoint: savepoint,
	sql_tree: tree,
} satisfies Partial<Record<WriteKind, SqlWriter>>;
