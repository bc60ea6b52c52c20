import { randomUUID } from 'node:crypto';
import type { ActionEventParams, Accountability, ApiExtensionContext, Item, SchemaOverview } from '@directus/types';
import type { Knex } from 'knex';
import { forbidden } from '../shared/errors.js';
import type { FlagRequest, FlagTarget } from './flag-request.js';
import { foreignSpans } from './foreign-spans.js';
import { ALLOW_FLAGGING, LOCK_CALLS, LOCK_DEVICES } from './sql.js';
import { runTransaction, StartOver } from './transaction.js';
import { visiblePart } from './visible-part.js';
import { writeFaulty, type FlaggedFixes } from './write-faulty.js';

/** The caller as Directus's middleware made him out. */
export interface Caller {
	accountability: Accountability;
	schema: SchemaOverview;
}

/** One item of position_flags that a call made. */
export interface MadeFlag {
	id: string;
	device: string;
	device_id: string;
	matched: number;
	changed: number;
}

export interface FlagOutcome {
	/** shared by all flags of the call */
	request: string;
	flags: MadeFlag[];
	matched: number;
	changed: number;
	/** keys without a fix; one that was sent while the device served an entry that is not the caller's is none for him */
	missing: { device_id: string; ts: string }[];
}

const NO_FIXES: FlaggedFixes = { matched: 0, changed: 0, changedKeys: [], missing: [] };

interface Context extends Pick<ApiExtensionContext, 'services' | 'database'> {
	/** seconds */
	timeLimit: number;
}

type Device = { id: string; imei: string };

/**
 * Flags or unflags fixes in one transaction: `positions`, and an item of `position_flags` for each device of which a
 * fix changed. A call that changes nothing writes nothing, so it can be repeated.
 * What a device sent while it served an entry that the caller may not read does not exist for him.
 * @returns the outcome, and Directus's action events, to be emitted now that the transaction is committed.
 * @throws 403 FORBIDDEN when the caller may not read one of the devices (or it does not exist) or may not create flags.
 */
export async function flagFaulty(
	{ services, database, timeLimit }: Context,
	{ accountability, schema }: Caller,
	request: FlagRequest,
): Promise<{ outcome: FlagOutcome; actions: ActionEventParams[] }> {
	return runTransaction(database, timeLimit, async (transaction, keepTime) => {
		const actions: ActionEventParams[] = [];
		const serviceOf = (collection: string, knex: Knex) =>
			new services.ItemsService(collection, { accountability, schema, knex });

		const imeis = request.targets.map(({ deviceId }) => deviceId);
		const devices = await readDevices(serviceOf('devices', transaction), imeis);

		await lockDevices(transaction, devices);
		await transaction.raw(ALLOW_FLAGGING);

		const hidden = await foreignSpans(services, transaction, { accountability, schema }, [...devices.values()]);

		const requestId = randomUUID();
		const written: { target: FlagTarget; fixes: FlaggedFixes }[] = [];

		for (const target of request.targets) {
			await keepTime();
			const part = visiblePart(target, hidden.get(devices.get(target.deviceId) as string) ?? []);
			const fixes = part.target === null ? NO_FIXES : await writeFaulty(transaction, part.target, request.faulty);
			const missing = [...fixes.missing, ...part.hiddenKeys].sort();
			written.push({ target: part.target ?? target, fixes: { ...fixes, missing } });
		}

		const items = written
			.filter(({ fixes }) => fixes.changed > 0)
			.map(({ target, fixes }) => flagItem(requestId, devices.get(target.deviceId) as string, target, fixes, request));

		const ids =
			items.length > 0
				? await serviceOf('position_flags', transaction).createMany(items, {
						bypassEmitAction: (action) => actions.push(action),
					})
				: [];

		if (items.length === 0) {
			const [first] = written as [(typeof written)[number], ...typeof written];
			const device = devices.get(first.target.deviceId) as string;
			const attempt = flagItem(requestId, device, first.target, unchanged(first.target, first.fixes), request);
			await tryCreating(transaction, (knex) => serviceOf('position_flags', knex), attempt);
		}

		return { outcome: outcomeOf(requestId, items, ids as string[], devices, written), actions };
	});
}

interface ReadingService {
	readByQuery(query: object): Promise<Item[]>;
}

interface CreatingService {
	createOne(item: Item, options: object): Promise<unknown>;
}

/** @returns ids by IMEI; the permission engine leaves out what the caller may not read. */
async function readDevices(devices: ReadingService, imeis: string[]): Promise<Map<string, string>> {
	const readable = (await devices.readByQuery({
		fields: ['id', 'imei'],
		filter: { imei: { _in: imeis } },
		limit: -1,
	})) as Device[];

	if (readable.length !== imeis.length) throw forbidden();
	return new Map(readable.map(({ id, imei }) => [imei, id]));
}

/** @throws StartOver when a device was renamed or deleted since it was read: its IMEI may be another's by now. */
async function lockDevices(transaction: Knex.Transaction, devices: Map<string, string>): Promise<void> {
	const ids = [...devices.values()];

	await transaction.raw(LOCK_CALLS, { ids });
	const { rows } = await transaction.raw<{ rows: Device[] }>(LOCK_DEVICES, { ids });

	if (rows.length !== ids.length || rows.some(({ id, imei }) => devices.get(imei) !== id)) {
		throw new StartOver('The devices named are being changed, try again');
	}
}

/** Directus cuts `from` and `to` to milliseconds; the table's trigger sets them again from keys or ranges, exactly. */
function flagItem(
	request: string,
	device: string,
	target: FlagTarget,
	{ changedKeys, matched, changed }: FlaggedFixes,
	{ faulty, reason }: FlagRequest,
): Item {
	return {
		request,
		device,
		faulty,
		reason,
		...windowOf(target),
		keys: changedKeys,
		ranges: 'ranges' in target ? target.ranges : null,
		matched,
		changed,
	};
}

function windowOf(target: FlagTarget): { from: string; to: string } {
	return 'keys' in target
		? { from: target.keys[0] as string, to: target.keys.at(-1) as string }
		: { from: target.ranges[0]?.from as string, to: target.ranges.at(-1)?.to as string };
}

/** What an item about no change would hold: the table takes no empty list of keys. */
function unchanged(target: FlagTarget, fixes: FlaggedFixes): FlaggedFixes {
	return { ...fixes, changedKeys: 'keys' in target ? target.keys : null };
}

/**
 * Lets the permission engine decide on a call that changes nothing, as it does on one that does, and takes the item
 * back: else a caller without the right would learn from the counts which fixes exist.
 */
async function tryCreating(
	transaction: Knex.Transaction,
	serviceOn: (knex: Knex) => CreatingService,
	item: Item,
): Promise<void> {
	const savepoint = await transaction.transaction();

	try {
		await serviceOn(savepoint).createOne(item, { bypassEmitAction: () => undefined });
	} finally {
		await savepoint.rollback();
	}
}

function outcomeOf(
	request: string,
	items: Item[],
	ids: string[],
	devices: Map<string, string>,
	written: { target: FlagTarget; fixes: FlaggedFixes }[],
): FlagOutcome {
	const imeis = new Map([...devices].map(([imei, id]) => [id, imei]));

	return {
		request,
		flags: items.map(({ device, matched, changed }, index) => ({
			id: ids[index] as string,
			device,
			device_id: imeis.get(device) as string,
			matched,
			changed,
		})),
		matched: written.reduce((sum, { fixes }) => sum + fixes.matched, 0),
		changed: written.reduce((sum, { fixes }) => sum + fixes.changed, 0),
		missing: written.flatMap(({ target, fixes }) => fixes.missing.map((ts) => ({ device_id: target.deviceId, ts }))),
	};
}
