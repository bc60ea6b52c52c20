import { randomUUID } from 'node:crypto';
import type { ActionEventParams, ApiExtensionContext, Item } from '@directus/types';
import type { Knex } from 'knex';
import type { FlagOutcome } from './flag-call.js';
import { windowOf, type FlagRequest } from './flag-request.js';
import type { Caller } from './select-fixes.js';
import type { WrittenFixes } from './write-faulty.js';

interface Audit extends Pick<FlagOutcome, 'request' | 'flags'> {
	/** Directus's action events of the new items, to be emitted after the commit */
	actions: ActionEventParams[];
}

/**
 * Records what was written: an item of `position_flags` for each device of which a fix changed, made with the caller's permissions.
 * @param written at least one device
 * @throws 403 FORBIDDEN when the caller may not create flags, also when nothing changed.
 */
export async function auditFlags(
	services: ApiExtensionContext['services'],
	transaction: Knex.Transaction,
	{ accountability, schema }: Caller,
	{ faulty, reason }: Pick<FlagRequest, 'faulty' | 'reason'>,
	written: WrittenFixes[],
): Promise<Audit> {
	const request = randomUUID();
	const actions: ActionEventParams[] = [];
	const flagsOn = (knex: Knex) => new services.ItemsService('position_flags', { accountability, schema, knex });
	const itemOf = (fixes: WrittenFixes) => ({
		request,
		device: fixes.device,
		organization: fixes.organization,
		faulty,
		reason,
		...changeOf(fixes),
	});
	const changed = written.filter((fixes) => fixes.changed > 0);

	if (changed.length === 0) {
		const [first] = written as [WrittenFixes, ...WrittenFixes[]];
		await tryCreating(transaction, flagsOn, itemOf(unchanged(first)));
		return { request, flags: [], actions };
	}

	const ids = await flagsOn(transaction).createMany(changed.map(itemOf), {
		bypassEmitAction: (action) => actions.push(action),
	});

	const flags = changed.map(({ device, target, matched, changed }, index) => ({
		id: ids[index] as string,
		device,
		device_id: target.deviceId,
		matched,
		changed,
	}));

	return { request, flags, actions };
}

/** Directus cuts `from` and `to` to milliseconds; the table's trigger sets them again from keys or ranges, exactly. */
function changeOf({ target, changedKeys, matched, changed }: WrittenFixes): Item {
	return {
		...windowOf(target),
		keys: changedKeys,
		ranges: 'ranges' in target ? target.ranges : null,
		matched,
		changed,
	};
}

/** What an item about no change would hold: the table takes no empty list of keys. */
function unchanged(fixes: WrittenFixes): WrittenFixes {
	return { ...fixes, changedKeys: 'keys' in fixes.target ? fixes.target.keys : null };
}

interface CreatingService {
	createOne(item: Item, options: object): Promise<unknown>;
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
