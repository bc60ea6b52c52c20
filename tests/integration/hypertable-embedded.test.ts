import knex, { type Knex } from 'knex';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FlagTarget } from '../../extensions/trm/src/fixes/flag/flag-request.js';
import { BEGIN_FLAGGING } from '../../extensions/trm/src/fixes/flag/sql.js';
import { writeFaulty } from '../../extensions/trm/src/fixes/flag/write-faulty.js';
import {
	countDecompressed,
	makeCluster,
	migrate,
	type EmbeddedCluster,
	type EmbeddedPostgres,
} from '../support/embedded-timescale.js';
import { owner, root } from '../support/environment.js';
import { RIGHTS_ON_POSITIONS, rightsOnPositions } from '../support/sql-rights.js';

const DEVICES = ['350000000000001', '350000000000002'] as const;
const DAYS = ['2026-06-07', '2026-06-08'] as const;
const FIXES_PER_DAY = 4_000;
/** TimescaleDB compresses so many fixes of one device together. */
const BATCH = 1_000;

let cluster: EmbeddedCluster;
let postgres: EmbeddedPostgres;
let client: pg.Client;

async function startAs(user: string): Promise<void> {
	postgres = await cluster.start(user);
	client = await postgres.open();
}

async function stop(): Promise<void> {
	await client?.end();
	await postgres?.stop();
}

const rowsOf = async (sql: string, values: unknown[] = []): Promise<unknown[][]> =>
	(await client.query({ text: sql, values, rowMode: 'array' })).rows;

const expectRights = async () => expect(await rightsOnPositions(client)).toEqual(RIGHTS_ON_POSITIONS);

beforeAll(async () => {
	cluster = await makeCluster();
	await startAs('postgres');
});

afterAll(() => stop().then(() => cluster?.remove()));

describe('the migration of the extensions, where TimescaleDB is installed', () => {
	let migration: string;
	const hasTimescale = async () => (await rowsOf("SELECT FROM pg_extension WHERE extname = 'timescaledb'")).length > 0;

	beforeAll(async () => {
		migration = await readFile(join(root, 'db-init/001_extensions.sql'), 'utf8');
	});

	it('warns and leaves TimescaleDB alone while it is not preloaded', async () => {
		const warnings: (string | undefined)[] = [];
		client.once('notice', ({ message }) => warnings.push(message));
		await client.query('BEGIN; SET LOCAL client_min_messages = warning');

		try {
			await client.query(migration);
			expect(warnings).toEqual([
				'TimescaleDB is installed but not in shared_preload_libraries: positions will be a plain table.',
			]);
			expect(await hasTimescale()).toBe(false);
		} finally {
			await client.query('ROLLBACK');
		}
	});

	it('makes the extension once its loader is there', async () => {
		await postgres.preload();
		await client.query(migration);
		expect(await hasTimescale()).toBe(true);
	});
});

describe('a database of an owner who is no superuser', () => {
	beforeAll(async () => {
		await client.query(`CREATE ROLE trm_directus NOLOGIN; CREATE ROLE trm_processor NOLOGIN;
			CREATE ROLE ${owner.user} LOGIN IN ROLE trm_directus, trm_processor;
			ALTER DATABASE template1 OWNER TO ${owner.user};
			CREATE EXTENSION IF NOT EXISTS postgis; CREATE EXTENSION IF NOT EXISTS btree_gist; CREATE EXTENSION IF NOT EXISTS timescaledb`);
		await stop();
		postgres = await cluster.start(owner.user);
		await postgres.preload();
		await migrate(postgres);
		client = await postgres.open();
	});

	it('has positions as a hypertable with chunks of one day', async () => {
		const hypertables = `SELECT owner, column_name, time_interval::text
			FROM timescaledb_information.hypertables JOIN timescaledb_information.dimensions USING (hypertable_schema, hypertable_name)
			WHERE hypertable_name = 'positions'`;
		expect(await rowsOf(hypertables)).toEqual([[owner.user, 'ts', '1 day']]);
	});

	it('has the same two indexes on it as on a plain table', async () => {
		const indexes = "SELECT indexdef FROM pg_indexes WHERE tablename = 'positions' ORDER BY indexname";
		expect(await rowsOf(indexes)).toEqual([
			['CREATE UNIQUE INDEX positions_device_id_ts ON public.positions USING btree (device_id, ts)'],
			['CREATE INDEX positions_faulty ON public.positions USING btree (device_id, ts) WHERE faulty'],
		]);
	});

	it('gives the two roles their rights on it', expectRights);

	describe('its compressed chunks', () => {
		const database = knex({ client: 'pg' });

		beforeAll(async () => {
			await client.query(
				`INSERT INTO positions (device_id, ts, latitude, longitude)
				SELECT device_id, day::timestamptz + n * interval '1 second' + interval '123456 microseconds', 41, 20
				FROM unnest($1::text[]) AS device_id, unnest($2::text[]) AS day, generate_series(0, $3::int - 1) AS n`,
				[DEVICES, DAYS.map((day) => `${day}T00:00:00Z`), FIXES_PER_DAY],
			);
			await client.query(`ALTER TABLE positions
				SET (timescaledb.compress, timescaledb.compress_segmentby = 'device_id', timescaledb.compress_orderby = 'ts')`);
		});

		afterAll(() => database.destroy());

		beforeEach(async () => {
			await client.query("SELECT compress_chunk(chunk) FROM show_chunks('positions') AS chunk");
			expect(await countDecompressed(client)).toBe(0);
		});

		/** One transaction, in which hardly more may be decompressed than one batch, with the rights of a role. */
		async function as<T>(role: string, run: (transaction: Knex.Transaction) => Promise<T>): Promise<T> {
			return database.transaction(
				async (transaction) => {
					await transaction.raw(`SET LOCAL ROLE ${role};
						SET LOCAL timescaledb.max_tuples_decompressed_per_dml_transaction = ${BATCH + 1}`);
					return run(transaction);
				},
				{ connection: client },
			);
		}

		const flag = (faulty: boolean, ...targets: FlagTarget[]) =>
			as('trm_directus', async (transaction) => {
				await transaction.raw(BEGIN_FLAGGING);
				const selected = targets.map((target) => ({
					device: target.deviceId,
					organization: 'any',
					named: target,
					target,
					hiddenKeys: [],
				}));
				const written = await writeFaulty(transaction, selected, faulty, async () => undefined);
				return written.map(({ matched, changed, missing }) => ({ matched, changed, missing }));
			});

		const all = (deviceId: string): FlagTarget => ({
			deviceId,
			ranges: [{ from: `${DAYS[0]}T00:00:00.000000Z`, to: '2026-06-09T00:00:00.000000Z' }],
		});
		const countFaulty = async () => Number((await rowsOf('SELECT count(*) FROM positions WHERE faulty'))[0]?.[0]);

		it('keep the rights, which can be given again', async () => {
			await client.query('GRANT UPDATE, DELETE ON positions TO trm_processor');
			await client.query('SELECT trm.grant_least_privilege()');
			await expectRights();
		});

		it('take fixes of the processor, each once, and no flag of it', async () => {
			const add = (columns: string, values: string) =>
				as('trm_processor', (transaction) =>
					transaction.raw(`INSERT INTO positions (device_id, ts${columns}) VALUES ${values} ON CONFLICT DO NOTHING`),
				);
			const [known, late] = [`${DAYS[0]} 00:20:00.123456Z`, `${DAYS[0]} 00:20:00.5Z`];

			expect(await add('', `('${DEVICES[0]}', '${known}'), ('${DEVICES[0]}', '${late}')`)).toMatchObject({
				rowCount: 1,
			});
			await expect(add(', faulty', `('${DEVICES[0]}', '${late}', true)`)).rejects.toMatchObject({ code: '42501' });
			await client.query('DELETE FROM positions WHERE ts = $1', [late]);
		});

		it('are flagged by keys of several devices over both days', async () => {
			const keys = DAYS.map((day) => `${day}T00:30:00.123456Z`);
			const missing = `${DAYS[1]}T00:30:00.123457Z`;
			const targets = DEVICES.map((deviceId) => ({ deviceId, keys: [...keys, missing] }));

			expect(await flag(true, ...targets)).toEqual(DEVICES.map(() => ({ matched: 2, changed: 2, missing: [missing] })));
			expect(await countFaulty()).toBe(4);
			await flag(false, ...targets);
		});

		it('are flagged by 1,000 keys of one device', async () => {
			const first = Date.parse(`${DAYS[0]}T00:10:00.123Z`);
			const keys = Array.from({ length: 1_000 }, (_, n) =>
				new Date(first + n * 1_000).toISOString().replace('.123Z', '.123456Z'),
			);

			expect(await flag(true, { deviceId: DEVICES[0], keys })).toEqual([
				{ matched: 1_000, changed: 1_000, missing: [] },
			]);
			expect(await flag(false, { deviceId: DEVICES[0], keys })).toMatchObject([{ changed: 1_000 }]);
		});

		it('are decompressed by keys where these lie, and nowhere between', async () => {
			const keys = [`${DAYS[0]}T00:05:00.123456Z`, `${DAYS[0]}T00:55:00.123456Z`];

			expect(await flag(true, { deviceId: DEVICES[1], keys })).toMatchObject([{ changed: 2 }]);
			expect(await countDecompressed(client)).toBe(2 * BATCH);
			await flag(false, { deviceId: DEVICES[1], keys });
		});

		it('are flagged and unflagged by a range over both days, past the decompression limit', async () => {
			const update = 'UPDATE positions SET faulty = true WHERE device_id = ?';
			const plain = as('trm_directus', (transaction) => transaction.raw(update, [DEVICES[0]]));
			await expect(plain).rejects.toThrow('tuple decompression limit exceeded');

			const fixes = DAYS.length * FIXES_PER_DAY;
			expect(await flag(true, ...DEVICES.map(all))).toMatchObject([{ changed: fixes }, { changed: fixes }]);
			expect(await countFaulty()).toBe(2 * fixes);
			expect(await flag(false, ...DEVICES.map(all))).toMatchObject([{ changed: fixes }, { changed: fixes }]);
			expect(await countFaulty()).toBe(0);
		});
	});
});

describe('a right on a column that is not wanted, once positions is compressed', () => {
	beforeAll(async () => {
		await stop();
		await startAs('postgres');
		await postgres.preload();
	});

	it('is refused with what a superuser can do, and that takes it away', async () => {
		await client.query(`BEGIN; SET LOCAL timescaledb.restoring = on;
			GRANT UPDATE (speed) ON positions TO trm_processor; COMMIT`);

		await client.query(`SET ROLE ${owner.user}`);
		const refusal = await client.query('SELECT trm.grant_least_privilege()').catch((error: pg.DatabaseError) => error);
		await client.query('RESET ROLE');

		expect(refusal).toMatchObject({ message: expect.stringContaining('while positions is compressed') });
		const remedy = (refusal as pg.DatabaseError).hint?.replace(/^.*: /, '') ?? '';
		expect(remedy).toMatch(/^BEGIN; SET LOCAL .* COMMIT;$/);
		await client.query(remedy);
		await expectRights();
	});
});
