import { markOf, type Outcome, type WriteRecord } from './marks.js';
import type { Write, WriteKind } from './plan-writes.js';
import type { World } from './world.js';

interface Answer {
	outcome: Outcome;
	/** null where there was none */
	data: { id?: string } | null;
}

const UNSENT: Answer = { outcome: 'rolled back', data: null };

/** ECONNREFUSED: nobody has seen the request. Of any other failure of a connection nobody can tell. */
const wasRefused = (error: unknown) => /ECONNREFUSED/.test(String((error as { cause?: unknown }).cause));

/**
 * Asks the replica that the plan names, or the other one when there is nobody. Waits as long as it takes: a replica that
 * hangs does what it was asked when it goes on.
 */
async function ask(world: World, { replica }: Write, method: string, path: string, body: object): Promise<Answer> {
	for (const { url } of [world.replicas[replica], world.replicas[1 - replica] as (typeof world.replicas)[0]]) {
		try {
			const form = body instanceof FormData;
			const response = await fetch(`${url}${path}`, {
				method,
				headers: { Authorization: `Bearer ${world.token}`, ...(form ? {} : { 'Content-Type': 'application/json' }) },
				body: form ? body : JSON.stringify(body),
			});
			const text = await response.text();

			if (response.ok) return { outcome: 'committed', data: text === '' ? null : JSON.parse(text).data };
			// A server that is in trouble may be so after it has committed.
			return { outcome: response.status < 500 ? 'rolled back' : 'unknown', data: null };
		} catch (error) {
			if (!wasRefused(error)) return { outcome: 'unknown', data: null };
		}
	}

	return UNSENT;
}

const vehicle = ({ fixtures }: World, tag: string) => ({
	organization: fixtures.organization,
	make: 'KTM',
	model: tag,
	kind: 'moto',
});

type ApiWriter = (world: World, write: Write, what: string) => Promise<WriteRecord[]>;

/** Made, changed, deleted, as far as each step is known to have been done. */
async function life(world: World, write: Write, what: string): Promise<WriteRecord[]> {
	const { tag, number } = write;
	const made = await ask(world, write, 'POST', '/items/vehicles', vehicle(world, tag));
	const records: WriteRecord[] = [{ what, outcome: made.outcome, marks: { [markOf('created', tag)]: 1 } }];
	if (made.data === null || number % 3 === 0) return records;

	const second = `${tag}-changed`;
	const path = `/items/vehicles/${made.data.id}`;
	const changed = await ask(world, write, 'PATCH', path, { model: second });
	records.push({ what: `${what}, changed`, outcome: changed.outcome, marks: { [markOf('updated', second)]: 1 } });
	if (changed.outcome !== 'committed' || number % 3 === 1) return records;

	const { outcome } = await ask(world, write, 'DELETE', path, {});
	return [...records, { what: `${what}, deleted`, outcome, marks: { [markOf('deleted', second)]: 1 } }];
}

async function many(world: World, write: Write, what: string): Promise<WriteRecord[]> {
	const rows = Array.from({ length: write.rows }, () => vehicle(world, write.tag));
	const { outcome } = await ask(world, write, 'POST', '/items/vehicles', rows);
	return [{ what, outcome, marks: { [markOf('created', write.tag)]: write.rows } }];
}

async function batch(world: World, write: Write, what: string, last: object = {}): Promise<WriteRecord[]> {
	const rows = write.shared.map((index) => ({ id: world.fixtures.shared[index], model: write.tag }));
	Object.assign(rows.at(-1) as object, last);
	const { outcome } = await ask(world, write, 'PATCH', '/items/vehicles', rows);
	return [{ what, outcome, marks: { [markOf('updated', write.tag)]: rows.length } }];
}

/** An entry whose class and vehicle are made before it and whose crew and tracker after it, all by Directus. */
async function nested(world: World, write: Write, what: string): Promise<WriteRecord[]> {
	const { tag, rows } = write;
	const { event, devices } = world.fixtures;
	const number = world.nextNumber();
	const assigned = Date.UTC(2026, 0, 1) + number * 60_000;

	const { outcome } = await ask(world, write, 'POST', '/items/entries', {
		event,
		race_number: number,
		team: tag,
		class: { event, code: `c${number}`, name: tag, kind: 'moto' },
		vehicle: vehicle(world, tag),
		crew: Array.from({ length: rows }, () => ({ name: tag, role: 'rider' })),
		devices: [
			{
				device: devices[number % devices.length]?.id,
				assigned_from: new Date(assigned).toISOString(),
				assigned_to: new Date(assigned + 60_000).toISOString(),
			},
		],
	});

	return [{ what, outcome, marks: { [markOf('created', tag)]: 3 + rows } }];
}

/** @param plate 20 characters at most fit. */
async function upload(world: World, write: Write, what: string, type: 'csv' | 'json', plate: string | null = null) {
	const { tag, rows } = write;
	const items = Array.from({ length: rows }, (_, index) => ({
		...vehicle(world, tag),
		plate: index === rows - 1 ? plate : null,
	}));
	const lines = items.map(
		({ organization, make, model, kind, plate }) => `${organization},${make},${model},${kind},${plate ?? ''}`,
	);
	const text = type === 'json' ? JSON.stringify(items) : ['organization,make,model,kind,plate', ...lines].join('\n');
	const form = new FormData();
	form.append(
		'file',
		new Blob([text], { type: type === 'json' ? 'application/json' : 'text/csv' }),
		`vehicles.${type}`,
	);

	const { outcome } = await ask(world, write, 'POST', '/utils/import/vehicles', form);
	return [{ what, outcome, marks: { [markOf('created', tag)]: rows } }];
}

/** A fix of one or two devices, which is put there first. */
async function flag(world: World, write: Write, what: string): Promise<WriteRecord[]> {
	const number = world.nextNumber();
	const devices = world.fixtures.devices.slice(0, 1 + (number % 2));
	const ts = new Date(Date.UTC(2026, 5, 7) + number * 1_000).toISOString();
	const fixes = devices.map(({ imei }) => ({ device_id: imei, ts }));

	const isThere = await world.db
		.query('INSERT INTO positions (device_id, ts) SELECT device_id, $2 FROM unnest($1::text[]) AS device_id', [
			devices.map(({ imei }) => imei),
			ts,
		])
		.then(
			() => true,
			() => false,
		);
	if (!isThere) return [];

	const { outcome } = await ask(world, write, 'POST', '/positions/flag-faulty', {
		reason: write.tag,
		positions: fixes,
	});
	return [{ what, outcome, marks: { [markOf('flagged', write.tag)]: devices.length } }];
}

export const API_WRITERS = {
	api_life: life,
	api_many: many,
	async api_shared(world, write, what) {
		const path = `/items/vehicles/${world.fixtures.shared[write.shared[0] as number]}`;
		const { outcome } = await ask(world, write, 'PATCH', path, { model: write.tag });
		return [{ what, outcome, marks: { [markOf('updated', write.tag)]: 1 } }];
	},
	api_batch: batch,
	api_nested: nested,
	async api_fails(world, write, what) {
		const twice = { name: write.tag, slug: `chaos-${world.nextNumber()}` };
		const { outcome } = await ask(world, write, 'POST', '/items/organizations', [twice, twice]);
		return [{ what, outcome, marks: { [markOf('created', write.tag)]: 2 } }];
	},
	api_batch_fails: (world, write, what) => batch(world, write, what, { plate: 'longer than a plate can be' }),
	import_csv: (world, write, what) => upload(world, write, what, 'csv'),
	import_json: (world, write, what) => upload(world, write, what, 'json'),
	import_fails: (world, write, what) => upload(world, write, what, 'json', 'longer than a plate can be'),
	flag,
} satisfies Partial<Record<WriteKind, ApiWriter>>;
