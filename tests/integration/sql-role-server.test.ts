import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeEvent, newImei } from '../support/event-fixture.js';
import { countOutbox, readStream, settledStream } from '../support/events.js';
import { flag } from '../support/flagging.js';
import { eventually, type Running } from '../support/processes.js';
import {
	expectExactlyOnce,
	leader,
	linesOf,
	startLeader,
	startRelay,
	writeVehicles,
} from '../support/relay-process.js';
import { makeLogin, type Login } from '../support/sql-logins.js';
import { startStack, type Stack } from '../support/stack.js';

let login: Login;
let stack: Stack;
let relays: Running[] = [];

/** What a serving Directus has when another role owns the database: a login in trm_directus. */
const asServer = () => ({ DB_USER: login.user, DB_PASSWORD: login.password });

beforeAll(async () => {
	login = await makeLogin('trm_directus');
});

afterEach(async () => {
	for (const relay of relays) {
		relay.child.kill('SIGCONT');
		await relay.end('SIGKILL');
	}

	relays = [];
	await stack?.stop();
});

afterAll(() => login?.drop());

const typesOf = (events: { fields: Record<string, string> }[]) => events.map(({ fields }) => fields['type']);
const denials = () => [...stack.log().matchAll(/.*(?:permission denied|must be owner).*/g)].map(([line]) => line);

describe('a server that does not own its database', () => {
	it('creates, changes and deletes, and all of it reaches the stream; flags, shows tracks and tells its state', async () => {
		stack = await startStack({ env: { ...asServer(), EVENT_RETENTION: '1h' } });
		const { rows } = await stack.db.query(
			"SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = $1 AND application_name <> 'vitest' AND pid <> pg_backend_pid() AND usename <> current_user",
			[stack.database],
		);
		expect(rows).toEqual([{ usename: login.user }]);

		const made = await makeEvent(stack);
		expect((await stack.api('PATCH', `/items/entries/${made.entry}`, { race_number: 7 })).status).toBe(200);
		expect((await stack.api('DELETE', `/items/entries/${made.entry}`)).status).toBe(204);

		const imei = newImei();
		await stack.create('devices', { imei });
		const ts = '2026-06-07T08:00:00.123456Z';
		await stack.db.query('INSERT INTO positions (device_id, ts) VALUES ($1, $2)', [imei, ts]);
		const flagged = await flag(stack, { faulty: true, reason: 'jump', positions: [{ device_id: imei, ts }] });
		expect(flagged).toMatchObject({ status: 200, body: { data: { changed: 1 } } });
		const track = await stack.api(
			'GET',
			`/positions/track?device_id=${imei}&from=2026-06-07T00:00:00Z&to=2026-06-08T00:00:00Z`,
		);
		expect(JSON.stringify(track.body)).toContain(ts);

		const types = typesOf(await settledStream(stack));
		expect(types).toEqual(
			expect.arrayContaining([
				'trm.events.created',
				'trm.entries.updated',
				'trm.entry_crew.deleted',
				'trm.positions.flagged',
			]),
		);
		await expectExactlyOnce(stack);
		expect(await stack.api('GET', '/event-stream/status')).toMatchObject({
			status: 200,
			body: { data: { state: 'ok' } },
		});

		await stack.db.query("UPDATE trm.event_outbox SET sequenced_at = now() - interval '2 hours'");
		await eventually('retention has deleted them', async () => (await countOutbox(stack)) === 0);
		expect(denials()).toEqual([]);
	});

	it('refuses to change the data model with a 403, and lives on', async () => {
		stack = await startStack({ env: asServer() });
		const collection = { collection: 'mine', schema: {}, meta: {}, fields: [] };

		for (const [method, path, body] of [
			['POST', '/collections', collection],
			['POST', '/fields/events', { field: 'mine', type: 'string', schema: {}, meta: {} }],
			['PATCH', '/fields/events/name', { field: 'name', schema: { max_length: 10 } }],
			['DELETE', '/fields/events/name', undefined],
			['DELETE', '/collections/entry_devices', undefined],
		] as const) {
			const { status, body: answer } = await stack.api(method, path, body);
			expect([method, path, status]).toEqual([method, path, 403]);
			expect(answer.errors[0].message).toContain('This server may not change the data model');
		}

		const { body } = await stack.api('GET', '/collections/mine');
		expect(body.errors[0].extensions.code).toBe('FORBIDDEN');
		expect((await stack.api('GET', '/fields/events/name')).status).toBe(200);
		expect((await stack.create('devices', { imei: newImei() })).id).toBeTruthy();
	});

	it('sees the same schema as the owner', async () => {
		stack = await startStack({ serve: false, redis: false });
		const directory = await mkdtemp(join(tmpdir(), 'trm-schema-'));

		try {
			for (const [file, env] of [
				['owner', {}],
				['server', asServer()],
			] as const) {
				expect(await stack.cli(['schema', 'snapshot', '--yes', join(directory, file)], env)).toMatchObject({ code: 0 });
			}

			const [owner, server] = await Promise.all(
				['owner', 'server'].map((file) => readFile(join(directory, file), 'utf8')),
			);
			expect(owner).toContain('constraint_name');
			expect(server).toBe(owner);
		} finally {
			await rm(directory, { recursive: true });
		}
	});
});

describe('the relay of such a server', () => {
	it('sends again what Redis has lost, parks what Redis cannot take, and takes it back', async () => {
		stack = await startStack({ serve: false, env: asServer() });
		await writeVehicles(stack, 20);
		relays.push(await startLeader(stack));
		await settledStream(stack);
		await stack.redis.flushdb();
		await eventually('it is made again', async () => typesOf(await readStream(stack)).includes('trm.stream.rebuilt'));

		// The least that the longest string can be set to.
		await stack.redis.config('SET', 'proto-max-bulk-len', String(1024 * 1024));
		await stack.db.query(
			`INSERT INTO trm.event_outbox (type, subject, data)
			SELECT 'trm.vehicles.updated', 'vehicles/' || gen_random_uuid(), jsonb_build_object('row', string_agg(md5(n::text), ''))
			FROM generate_series(1, 40000) AS n`,
		);
		await eventually('a notice stands in its place', async () =>
			typesOf(await settledStream(stack)).includes('trm.stream.parked'),
		);

		await stack.redis.config('SET', 'proto-max-bulk-len', String(512 * 1024 * 1024));
		expect(await stack.trmProcess(['events', 'parked'])).toMatchObject({ code: 0 });
		expect(await stack.trmProcess(['events', 'retry', '--all'])).toMatchObject({ code: 0 });
		// It is no event as the contract has it.
		await eventually('it is sent', async () => {
			const [last] = await stack.redis.xrevrange(stack.stream, '+', '-', 'COUNT', 1);
			return last?.[1].includes('trm.vehicles.updated');
		});
		expect(linesOf(relays[0] as Running, 'permission denied')).toEqual([]);
	});

	it('takes over from one that hangs, whose session it may end', async () => {
		stack = await startStack({ serve: false, env: asServer() });
		const hanging = await startLeader(stack);
		const next = startRelay(stack);
		relays.push(hanging, next);
		await writeVehicles(stack, 5);
		await settledStream(stack);

		hanging.child.kill('SIGSTOP');
		await writeVehicles(stack, 5);
		await eventually('the other leads', async () => (await leader(stack))?.endsWith(`:${next.child.pid}`));
		expect(linesOf(next, 'its session was ended')).toHaveLength(1);
		await settledStream(stack);
		await expectExactlyOnce(stack);
	});
});
