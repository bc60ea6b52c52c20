import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { settledStream, type StreamEvent } from '../support/events.js';
import { eventually, type Running } from '../support/processes.js';
import { expectExactlyOnce, linesOf, startLeader, writeVehicles } from '../support/relay-process.js';
import { restoredCopy, startStack, type Stack } from '../support/stack.js';

let stack: Stack;
let relay: Running;
let restored: Stack | null = null;

afterEach(async () => {
	await relay?.end();
	await restored?.stop();
	restored = null;
	await stack?.stop();
});

/** A relay that has published so many vehicles. @returns the stream. */
async function startWith(vehicles: number): Promise<StreamEvent[]> {
	stack = await startStack({ serve: false });
	relay = await startLeader(stack);
	await writeVehicles(stack, vehicles);
	return settledStream(stack);
}

const ofType = (events: StreamEvent[], type: string) => events.filter(({ fields }) => fields['type'] === type);
const subjectsOf = (events: StreamEvent[]) => events.map(({ fields }) => fields['subject']);

/** Waits until the stream tells of it. @returns the whole stream and the event. */
async function told(type: string, where = stack): Promise<{ events: StreamEvent[]; event: StreamEvent }> {
	await eventually(`${type} is in the stream`, async () => {
		const entries = await where.redis.xrevrange(where.stream, '+', '-', 'COUNT', 10);
		return entries.some(([, fields]) => fields.includes(type));
	});
	const events = await settledStream(where);
	return { events, event: ofType(events, type).at(-1) as StreamEvent };
}

describe('a stream that has lost its last entries', () => {
	it('gets them again with the ids that they had, and a consumer is told from where on', async () => {
		await startWith(10);
		await stack.redis.copy(stack.stream, 'backup');
		await writeVehicles(stack, 5);
		const before = await settledStream(stack);

		await stack.redis.rename('backup', stack.stream);
		const { events, event } = await told('trm.stream.rebuilt');

		expect(events.slice(0, 15)).toEqual(before);
		expect(event.entryId).toBe('16-0');
		expect(event.data).toEqual({ found: 10, published: 15, from: 11, to: 15, missing: null });
		await expectExactlyOnce(stack);
	});

	it('is told once, however often the relay dies while it sends them again', async () => {
		await startWith(5_000);
		await relay.end();
		await stack.redis.flushall();

		for (let kill = 0; kill < 4; kill += 1) {
			relay = await startLeader(stack);
			await sleep(20 * kill);
			await relay.end('SIGKILL');
		}

		relay = await startLeader(stack);
		const { events } = await told('trm.stream.rebuilt');
		expect(ofType(events, 'trm.stream.rebuilt')).toHaveLength(1);
		await expectExactlyOnce(stack);
	});

	it('says what is missing where retention has deleted it', async () => {
		await startWith(6);
		await stack.db.query("UPDATE trm.event_outbox SET sequenced_at = now() - interval '15 days' WHERE stream_seq <= 4");
		await eventually('they are deleted', async () => {
			const { rows } = await stack.db.query('SELECT retained_from::int, retained_rows::int FROM trm.event_stream_lag');
			return rows[0].retained_from === 5 && rows[0].retained_rows === 2;
		});

		await stack.redis.flushall();
		const { events, event } = await told('trm.stream.rebuilt');

		expect(events.map(({ entryId }) => entryId)).toEqual(['5-0', '6-0', '7-0']);
		expect(event.data).toEqual({ found: 0, published: 6, from: 5, to: 6, missing: { from: 1, to: 4 } });
		expect(linesOf(relay, '1 to 4 are no longer retained')).toHaveLength(1);
	});
});

describe('a database restored from an older backup', () => {
	it('goes on after the stream, sends nothing twice, and tells what is undone', async () => {
		await startWith(3);
		await relay.end();

		// In the backup and not yet sent; what comes after it is not in the backup.
		const [inBackup] = await writeVehicles(stack, 1);
		restored = await restoredCopy(stack);
		const undone = await writeVehicles(stack, 2);
		relay = await startLeader(stack);
		const before = await settledStream(stack);
		await relay.end();

		relay = await startLeader(restored);
		const fresh = await writeVehicles(restored, 2);
		const { events, event } = await told('trm.stream.rewound', restored);

		expect(events.slice(0, 6)).toEqual(before);
		expect(event.entryId).toBe('7-0');
		expect(event.data).toEqual({
			from: 4,
			to: 6,
			events: 2,
			subjects: undone.map((id) => `vehicles/${id}`),
			kept: 1,
		});
		expect(subjectsOf(events.slice(7))).toEqual(fresh.map((id) => `vehicles/${id}`));
		expect(subjectsOf(events).filter((subject) => subject === `vehicles/${inBackup}`)).toHaveLength(1);
		expect(linesOf(relay, 'restored from a backup')).toHaveLength(1);

		const { rows } = await restored.db.query('SELECT rewound_total::int AS total FROM trm.event_stream_lag');
		expect(rows).toEqual([{ total: 1 }]);
	});

	it('and a Redis that lost its data too: no new event gets a sequence that may have been used', async () => {
		await startWith(3);
		await relay.end();
		restored = await restoredCopy(stack);
		relay = await startLeader(stack);
		await writeVehicles(stack, 4);
		const used = await settledStream(stack);
		await relay.end();
		await stack.redis.flushall();

		relay = await startLeader(restored);
		await writeVehicles(restored, 1);
		const { events } = await told('trm.stream.rewound', restored);
		const sequences = events.map(({ entryId }) => Number.parseInt(entryId, 10));

		expect(events.slice(0, 3)).toEqual(used.slice(0, 3));
		expect(sequences.slice(3)).toEqual([10_000_004, 10_000_005, 10_000_006]);
		expect(events.slice(3).map(({ fields }) => fields['type'])).toEqual([
			'trm.stream.rebuilt',
			'trm.stream.rewound',
			'trm.vehicles.created',
		]);
	});

	it('under a relay that runs is noticed too', async () => {
		const before = await startWith(5);

		// As a restore into the same database leaves it, with a write after it.
		await stack.db.query(`
			BEGIN;
			DELETE FROM trm.event_outbox WHERE stream_seq > 3;
			UPDATE trm.event_stream SET last_seq = 3, published_seq = 3;
			COMMIT`);
		const [fresh] = await writeVehicles(stack, 1);
		const { events, event } = await told('trm.stream.rewound');

		expect(events.slice(0, 5)).toEqual(before);
		expect(event.entryId).toBe('6-0');
		expect(event.data).toMatchObject({ from: 4, to: 5, events: 2, subjects: subjectsOf(before.slice(3)), kept: 0 });
		expect(subjectsOf(events.slice(6))).toEqual([`vehicles/${fresh}`]);
	});

	it('that agrees with the stream says nothing', async () => {
		await startWith(3);
		await relay.end();
		restored = await restoredCopy(stack);
		relay = await startLeader(restored);
		await writeVehicles(restored, 1);

		expect((await settledStream(restored)).map(({ fields }) => fields['type'])).toEqual(
			Array.from({ length: 4 }, () => 'trm.vehicles.created'),
		);
		expect(linesOf(relay, 'another one than before')).toHaveLength(1);
	});
});
