import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/environment.js';
import { countOutbox, settledStream } from '../support/events.js';
import { eventually } from '../support/processes.js';
import { startReplica, type Replica } from '../support/replica.js';
import { startStack, type Stack } from '../support/stack.js';
import { Traffic } from '../support/traffic.js';

/** Image A is this checkout, twice; image B is A and one more migration on each side of the schema, and one more field. */
let stack: Stack;
let secondOfA: Replica;
let ofB: Replica;
let traffic: Traffic;
let image: string;
let imageB: Record<string, string>;
let eventsBefore = 0;

beforeAll(async () => {
	stack = await startStack();
	image = await mkdtemp(join(tmpdir(), 'trm-image-b-'));
	imageB = await writeImageB();
	secondOfA = await startReplica(stack);
	await secondOfA.serving();
	eventsBefore = (await settledStream(stack)).length;
	traffic = new Traffic([stack.url, secondOfA.url], stack.token, await stack.home());
});

afterAll(async () => {
	await traffic?.stop();
	await ofB?.end();
	await secondOfA?.end();
	await stack?.stop();
	await rm(image, { recursive: true, force: true });
});

async function writeImageB(): Promise<Record<string, string>> {
	const directory = join(image, 'db-init');
	await cp(join(root, 'db-init'), directory, { recursive: true });

	await writeFile(
		join(directory, '900_fix_quality.sql'),
		`SET LOCAL lock_timeout = '5s';\nALTER TABLE public.positions ADD COLUMN quality smallint;\n`,
	);
	await writeFile(
		join(directory, 'after-schema/900_colour.sql'),
		`SET LOCAL lock_timeout = '5s';\nALTER TABLE public.vehicles ADD CONSTRAINT vehicles_colour_known CHECK (colour <> '');\n`,
	);

	const snapshot = load(await readFile(join(root, 'snapshots/schema.yaml'), 'utf8')) as {
		fields: { collection: string; field: string; meta: object; schema: object }[];
	};
	const plate = snapshot.fields.find(({ collection, field }) => collection === 'vehicles' && field === 'plate');
	if (!plate) throw new Error('the snapshot has no vehicles.plate to copy');

	snapshot.fields.push({
		...plate,
		field: 'colour',
		meta: { ...plate.meta, field: 'colour' },
		schema: { ...plate.schema, name: 'colour' },
	});
	await writeFile(join(image, 'schema.yaml'), dump(snapshot));

	return { DB_INIT_PATH: directory, SNAPSHOT_PATH: join(image, 'schema.yaml') };
}

const get = async (url: string, path: string) => {
	const response = await fetch(`${url}${path}`, { headers: { Authorization: `Bearer ${stack.token}` } });
	return { status: response.status, body: (await response.json()) as { data: Record<string, unknown> } };
};

describe('a rolling upgrade', () => {
	it('adds a replica of the same image without running the steps again', () => {
		expect(secondOfA.boot.output()).toContain('step 3/5: schema: skipped, unchanged since');
	});

	it('boots the new image while two replicas of the old one serve, without a failed request', async () => {
		traffic.start();
		await eventually('requests have been answered', () => traffic.answered > 20);

		ofB = await startReplica(stack, imageB);
		await ofB.serving();

		expect(ofB.boot.output()).toContain('running all steps: changed since the last boot: migrations, snapshots');
		expect(ofB.boot.output()).toContain('applied 900_fix_quality.sql');
		expect(ofB.boot.output()).toContain('applied after-schema/900_colour.sql');
		expect(traffic.failures).toEqual([]);
	});

	it('serves the new field by the new image, and by the old ones that run', async () => {
		const { id } = await stack.create('vehicles', { make: 'KTM', kind: 'moto' });
		const headers = { Authorization: `Bearer ${stack.token}`, 'Content-Type': 'application/json' };
		const body = JSON.stringify({ colour: 'orange' });
		const patched = await fetch(`${ofB.url}/items/vehicles/${id}`, { method: 'PATCH', headers, body });

		expect(patched.status).toBe(200);
		await stack.api('PATCH', `/items/vehicles/${id}`, { make: 'Honda' });
		expect((await get(ofB.url, `/items/vehicles/${id}`)).body.data).toMatchObject({ make: 'Honda', colour: 'orange' });

		// They hear of a changed data model, whoever changes it.
		expect((await get(secondOfA.url, `/items/vehicles/${id}`)).body.data).toMatchObject({ colour: 'orange' });
	});

	it('refuses to boot the old image again, while the old replicas that run go on', async () => {
		const again = await startReplica(stack);
		await eventually('the boot ends', () => again.boot.child.exitCode !== null, 60_000);

		expect(again.boot.child.exitCode).toBe(1);
		expect(again.boot.output()).toContain('900_fix_quality.sql is applied but not in');
		expect(again.boot.output()).toContain('this image is older than the database');
		expect(again.boot.output()).not.toContain('step 2/5');
		await again.end();

		const before = traffic.answered;
		await eventually('the old replicas answer', () => traffic.answered > before + 20);
		expect(traffic.failures).toEqual([]);
	});

	it('loses no event: every write of the traffic is in the outbox and in the stream, once', async () => {
		await traffic.stop();
		const events = (await settledStream(stack)).slice(eventsBefore);
		const ofTraffic = events.filter(({ data }) => traffic.created.has(data.row.id));

		expect(ofTraffic.map(({ fields }) => `${fields['type']} ${fields['subject']}`).sort()).toEqual(
			[...traffic.created]
				.flatMap((id) => [`trm.vehicles.created vehicles/${id}`, `trm.vehicles.updated vehicles/${id}`])
				.sort(),
		);
		expect(await countOutbox(stack)).toBe(eventsBefore + events.length);
		expect(traffic.created.size).toBeGreaterThan(20);
	});
});
