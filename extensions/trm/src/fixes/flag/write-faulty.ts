import type { Knex } from 'knex';
import type { TimeRange } from '../time-range.js';
import type { FlagTarget } from './flag-request.js';
import { keySpans } from './key-spans.js';
import type { SelectedFixes } from './select-fixes.js';
import { COUNT_RANGE, SELECT_KEYS, UPDATE_KEYS, UPDATE_RANGE } from './sql.js';

/** Counts and keys of one device. */
interface FlaggedFixes {
	/** fixes that the call named and that exist */
	matched: number;
	/** those of them whose flag changed */
	changed: number;
	/** canonical timestamps of the changed fixes, when they were named by key */
	changedKeys: string[] | null;
	/** canonical timestamps of keys without a fix */
	missing: string[];
}

/** What flagging did to one device's fixes. */
export interface WrittenFixes extends FlaggedFixes {
	/** the device's id */
	device: string;
	/** for which it was written */
	organization: string;
	/** what was written; what the call named where nothing of it exists for the caller */
	target: FlagTarget;
}

const NO_FIXES: FlaggedFixes = { matched: 0, changed: 0, changedKeys: [], missing: [] };

/**
 * Writes `positions.faulty` of the selected fixes.
 * @param keepTime called before each device
 * @returns one result for each selection, in the same order.
 */
export async function writeFaulty(
	transaction: Knex.Transaction,
	selected: SelectedFixes[],
	faulty: boolean,
	keepTime: () => Promise<void>,
): Promise<WrittenFixes[]> {
	const written: WrittenFixes[] = [];

	for (const { device, organization, named, target, hiddenKeys } of selected) {
		await keepTime();
		const fixes = target === null ? NO_FIXES : await writeTarget(transaction, target, faulty);
		const missing = [...fixes.missing, ...hiddenKeys].sort();
		written.push({ device, organization, target: target ?? named, ...fixes, missing });
	}

	return written;
}

/** Update first, then count: a fix that arrives between is matched, not lost. */
async function writeTarget(transaction: Knex.Transaction, target: FlagTarget, faulty: boolean): Promise<FlaggedFixes> {
	return 'keys' in target
		? writeKeys(transaction, target.deviceId, target.keys, faulty)
		: writeRanges(transaction, target.deviceId, target.ranges, faulty);
}

async function writeKeys(
	transaction: Knex.Transaction,
	deviceId: string,
	keys: string[],
	faulty: boolean,
): Promise<FlaggedFixes> {
	const changedKeys: string[] = [];
	const existing = new Set<string>();

	for (const { first, last, keys: named } of keySpans(keys)) {
		const span = { deviceId, first, last, keys: named };
		const changed = await transaction.raw<{ rows: { ts: string }[] }>(UPDATE_KEYS, { ...span, faulty });
		const found = await transaction.raw<{ rows: { ts: string }[] }>(SELECT_KEYS, span);

		changedKeys.push(...changed.rows.map(({ ts }) => ts));
		for (const { ts } of found.rows) existing.add(ts);
	}

	return {
		matched: existing.size,
		changed: changedKeys.length,
		changedKeys: changedKeys.sort(),
		missing: keys.filter((key) => !existing.has(key)),
	};
}

async function writeRanges(
	transaction: Knex.Transaction,
	deviceId: string,
	ranges: TimeRange[],
	faulty: boolean,
): Promise<FlaggedFixes> {
	const counts = { matched: 0, changed: 0 };

	for (const range of ranges) {
		const updated = await transaction.raw<{ rowCount: number }>(UPDATE_RANGE, { deviceId, ...range, faulty });
		const counted = await transaction.raw<{ rows: { matched: number }[] }>(COUNT_RANGE, { deviceId, ...range });

		counts.changed += updated.rowCount;
		counts.matched += counted.rows[0]?.matched ?? 0;
	}

	return { ...counts, changedKeys: null, missing: [] };
}
