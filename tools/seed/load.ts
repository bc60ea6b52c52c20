import type { ActionEventParams, HookExtensionContext } from '@directus/types';
import { writeState } from '../../extensions/trm/src/lib/state.js';
import { writeCatalogue, type CatalogueCounts } from './catalogue.js';
import { Credentials } from './credentials.js';
import { fixesIn, startersOf } from './race-fixes.js';
import { readSeed } from './read-seed.js';
import { ANALYZE, LOCK } from './sql.js';
import { userLines } from './user-lines.js';
import { writeFixes, type FixCounts } from './write-fixes.js';

export interface LoadOptions {
	directory: string;
	/** What the caller knows the seed's files by; kept in trm.state, so that it can skip a load. */
	hash: string | null;
	/** Undefined: as race-day.yaml says. */
	fixesPerDevice: number | undefined;
	/** Only the first entries ride; undefined: all. */
	entries: number | undefined;
	resetFields: boolean;
	/** The file that tells what the users sign in with; null: new users get nothing to sign in with. */
	credentials: string | null;
	print: (line: string) => void;
}

/** trm.state's value under `seed:<event>`. */
export interface LoadedSeed {
	hash: string | null;
	/** Fixes of the race day that are in `positions` after the load. */
	fixes: number;
	entries: number;
	loaded_at: string;
}

/**
 * Loads a seed in one transaction: all of it or, when killed, nothing, and loading again completes it.
 * @throws Error or Error[], with file and line where a file is at fault.
 */
export async function loadSeed(context: HookExtensionContext, options: LoadOptions): Promise<void> {
	const { print } = options;
	const started = Date.now();
	const seed = await readSeed(options.directory);
	const entries = startersOf(seed).length;
	const size = {
		entries: Math.min(options.entries ?? entries, entries),
		fixesPerDevice: options.fixesPerDevice ?? fixesIn(seed.raceDay.hours),
	};

	print(
		`${seed.name}: ${rowCount(seed.rows)} rows checked, loading ${size.fixesPerDevice} s of fixes for ${size.entries} entries`,
	);

	const { catalogue, users, credentials, fixes, actions } = await context.database.transaction(async (transaction) => {
		await transaction.raw(LOCK);
		// After the lock: a load beside this one may have just written the file.
		const credentials = options.credentials === null ? null : await Credentials.open(options.credentials);
		const { resetFields } = options;
		const { counts, users, actions } = await writeCatalogue(context, transaction, seed, {
			resetFields,
			credentials,
			print,
		});
		const written = await writeFixes(transaction, seed, size, print);

		await writeState(transaction, `seed:${seed.name}`, {
			hash: options.hash,
			fixes: written.made,
			entries,
			loaded_at: new Date().toISOString(),
		} satisfies LoadedSeed);

		// Last, right before the commit: see Credentials.
		await credentials?.save();
		return { catalogue: counts, users, credentials, fixes: written, actions };
	});

	if (fixes.inserted > 0) await context.database.raw(ANALYZE);
	emit(context, actions);
	print(summaryOf(seed.name, catalogue, fixes, (Date.now() - started) / 1000));

	for (const line of userLines(users, credentials)) print(line);

	if (catalogue.edited > 0) {
		print(
			`${catalogue.edited} items were edited since and left as they are; --reset-fields puts the seed's values back`,
		);
	}
}

function emit(context: HookExtensionContext, actions: ActionEventParams[]): void {
	const emitter = context.emitter as { emitAction(event: string | string[], meta: object, context: object): void };
	for (const action of actions) emitter.emitAction(action.event, action.meta, action.context);
}

function rowCount(rows: Map<string, unknown[]>): number {
	return [...rows.values()].reduce((sum, { length }) => sum + length, 0);
}

function summaryOf(name: string, catalogue: CatalogueCounts, fixes: FixCounts, seconds: number): string {
	return (
		`${name}: ${catalogue.created} items created, ${catalogue.updated} updated, ${catalogue.unchanged + catalogue.edited} kept; ` +
		`${fixes.inserted} fixes inserted, ${fixes.made - fixes.inserted} kept; ${seconds.toFixed(1)} s`
	);
}
