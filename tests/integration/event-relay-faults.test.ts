import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { readStream, settledStream } from '../support/events.js';
import { eventually, type Running } from '../support/processes.js';
import { linesOf, moreCalls, startLeader, writeVehicles } from '../support/relay-process.js';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;
let relay: Running;

afterEach(async () => {
	await relay?.end();
	await stack?.stop();
});

/** Pauses between two attempts on the database that do not reach the longest in a test, milliseconds. */
const GROWING = { retry: 250, longestPause: 8_000 };

async function start(waits = {}): Promise<void> {
	stack = await startStack({ serve: false });
	relay = await startLeader(stack, {}, waits);
}

describe('a writer with rights on one table only', () => {
	it('makes events all the same', async () => {
		await start();
		const role = `writer_${stack.database}`;
		await stack.db.query(`CREATE ROLE ${role}; GRANT INSERT ON devices TO ${role}`);
		const home = await stack.home();
		const client = await stack.db.connect();

		try {
			await client.query(`SET ROLE ${role}`);
			await client.query(
				`INSERT INTO devices (id, organization, imei, status) VALUES (gen_random_uuid(), '${home}', '350000000000001', 'active')`,
			);
		} finally {
			await client.query(`RESET ROLE; REVOKE ALL ON devices FROM ${role}; DROP ROLE ${role}`);
			client.release();
		}

		expect(await settledStream(stack)).toHaveLength(1);
	});
});

describe('somebody else writing the stream', () => {
	it('takes no event away: what it displaced follows after it, and the log says so', async () => {
		await start();
		await writeVehicles(stack, 1);
		await settledStream(stack);
		await stack.redis.xadd(stack.stream, '2-0', 'hello', 'world');
		await writeVehicles(stack, 2);

		const own = await eventually('both events arrive', async () => {
			const entries = await stack.redis.xrange(stack.stream, '-', '+');
			const events = entries.filter(([, fields]) => fields.includes('specversion'));
			return events.length === 3 && events.map(([entryId]) => entryId);
		});

		expect(own).toEqual(['1-0', '3-0', '4-0']);
		expect(linesOf(relay, 'somebody else writes the stream')).toHaveLength(1);
	});

	it('with an event of another database in the place of ours is no event of ours', async () => {
		await start();
		await stack.redis.xadd(stack.stream, '1000-0', 'source', '/another', 'id', crypto.randomUUID(), 'subject', 'a/b');
		await writeVehicles(stack, 1);
		const events = await eventually('the event arrives', async () => {
			const found = await settledStream(stack);
			return found.length === 2 && found;
		});

		expect(events[1]?.entryId).toBe('1001-0');
		expect(linesOf(relay, '1 entries of somebody else')).toHaveLength(1);
	});

	it('past what any sequence can follow is reported once, and nothing is lost', async () => {
		await start();
		await stack.redis.xadd(stack.stream, '18446744073709551000-0', 'hello', 'world');
		await writeVehicles(stack, 1);
		await eventually('it is reported', () => linesOf(relay, 'Redis is not usable').length > 0);
		await moreCalls(stack.redis, 'xinfo|stream', 5);

		expect(linesOf(relay, 'Redis is not usable')).toHaveLength(1);
		await stack.redis.del(stack.stream);
		expect(await settledStream(stack)).toHaveLength(1);
	});
});

describe('a database that refuses what the relay writes', () => {
	it('is reported once, is not stormed, and everything follows when it accepts again', async () => {
		await start(GROWING);
		await stack.db.query(`
			CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
			BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = '53100'; END $$;
			CREATE TRIGGER refuse BEFORE UPDATE ON trm.event_stream FOR EACH ROW EXECUTE FUNCTION refuse()`);
		const sessionsBefore = await sessionsMade();
		const began = performance.now();

		for (let n = 0; n < 20; n += 1) {
			await writeVehicles(stack, 1);
			await stack.db.query('NOTIFY trm_event_stream');
			await sleep(100);
		}

		expect(linesOf(relay, 'The database session is not usable')).toHaveLength(1);
		expect(await readStream(stack)).toHaveLength(0);
		// Each pause is twice the last: what is written and told of meanwhile cuts none of them short.
		const pauses = Math.log2(1 + (performance.now() - began) / GROWING.retry);
		expect((await sessionsMade()) - sessionsBefore).toBeLessThan(pauses + 2);

		await stack.db.query('DROP TRIGGER refuse ON trm.event_stream');
		expect(await settledStream(stack)).toHaveLength(20);
		expect(linesOf(relay, 'The database session is usable again')).toHaveLength(1);
		expect((await stack.db.query('SELECT FROM trm.event_parked')).rowCount).toBe(0);
	});
});

/** Sessions that this database has ever had. */
async function sessionsMade(): Promise<number> {
	const { rows } = await stack.db.query<{ sessions: number }>(
		'SELECT sessions::int FROM pg_stat_database WHERE datname = current_database()',
	);

	return rows[0]?.sessions ?? 0;
}
