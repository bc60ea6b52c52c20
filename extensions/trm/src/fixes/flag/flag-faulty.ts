import type { ActionEventParams, ApiExtensionContext } from '@directus/types';
import { runTransaction } from '../transaction.js';
import { auditFlags } from './audit-flags.js';
import type { FlagOutcome } from './flag-call.js';
import type { FlagRequest } from './flag-request.js';
import { BEGIN_FLAGGING } from './sql.js';
import { selectFixes, type Caller } from './select-fixes.js';
import { writeFaulty } from './write-faulty.js';

interface Context extends Pick<ApiExtensionContext, 'services' | 'database'> {
	/** seconds */
	timeLimit: number;
}

/**
 * Flags or unflags fixes in one transaction: selects them, writes `positions`, and makes an item of `position_flags` for
 * each device of which a fix changed. A call that changes nothing writes nothing, so it can be repeated.
 * What a device sent while it served an entry that the caller may not read does not exist for him.
 * @returns the outcome, and Directus's action events, to be emitted now that the transaction is committed.
 * @throws 403 FORBIDDEN when the caller may not read one of the devices (or it does not exist) or may not create flags.
 */
export async function flagFaulty(
	{ services, database, timeLimit }: Context,
	caller: Caller,
	request: FlagRequest,
): Promise<{ outcome: FlagOutcome; actions: ActionEventParams[] }> {
	return runTransaction(database, timeLimit, async (transaction, keepTime) => {
		await transaction.raw(BEGIN_FLAGGING);
		const selected = await selectFixes(services, transaction, caller, request.targets);
		const written = await writeFaulty(transaction, selected, request.faulty, keepTime);
		const { actions, ...made } = await auditFlags(services, transaction, caller, request, written);

		const outcome: FlagOutcome = {
			...made,
			matched: written.reduce((sum, { matched }) => sum + matched, 0),
			changed: written.reduce((sum, { changed }) => sum + changed, 0),
			missing: written.flatMap(({ target, missing }) => missing.map((ts) => ({ device_id: target.deviceId, ts }))),
		};

		return { outcome, actions };
	});
}
