import { EXIT, Stop } from '../lib/exit-status.js';
import { sha256, type Fingerprint, type ImageState } from './fingerprint.js';

/** What the database says of its boots. `value` may have been edited by hand: it is any JSON. */
export interface DatabaseState {
	stored: { value: unknown; stored_at: string } | null;
	isInstalling: boolean;
	/** The state of Directus's own tables, such as `72 migrations up to 20260110A`, or `none` */
	tables: string;
	/** triggers, constraints and functions that the files of db-init/ made and that are gone */
	lackingObjects: number;
}

/** Whether steps 2-4 run, and why, in the log's words. */
export interface BootKind {
	kind: 'warm' | 'full';
	reason: string;
}

/** @throws Stop where a newer Directus has booted the database */
export function chooseBoot(image: ImageState, database: DatabaseState, isForced: boolean): BootKind {
	const stored = fieldsOf(database.stored?.value);
	const older = stored.get('directus') ?? '';
	if (isOlder(image.directus, older)) throw new Stop(EXIT.failed, refusal(image.directus, older));

	const full = (reason: string): BootKind => ({ kind: 'full', reason });
	if (image.parts === null) return full(image.problem ?? 'the image cannot be read');
	if (isForced) return full('BOOT_FORCE=true');
	if (database.isInstalling) return full('the first bootstrap of this database was interrupted');
	if (database.stored === null) return full('no boot of this database was completed yet');
	if (stored.get('completed') !== 'true') return full('the last boot was not completed');

	const changed = Object.entries({ ...image.parts, tables: database.tables })
		.filter(([part, text]) => stored.get(part) !== text)
		.map(([part]) => part)
		.sort();
	if (changed.length > 0) return full(`changed since the last boot: ${changed.join(', ')}`);
	if (database.lackingObjects > 0) return full('triggers, constraints or functions of db-init/ are missing');

	const { stored_at } = database.stored;
	return { kind: 'warm', reason: `unchanged since ${stored_at} (boot fingerprint ${digestOf(image.parts)})` };
}

const digestOf = (parts: Fingerprint) => sha256(JSON.stringify(parts)).slice(0, 12);

/** The fields of a JSON object as texts; none of what is no object. */
function fieldsOf(value: unknown): Map<string, string> {
	if (typeof value !== 'object' || value === null) return new Map();
	return new Map(Object.entries(value).map(([name, field]) => [name, String(field)]));
}

/** By number, not by letter; what is no version is neither older nor newer. */
function isOlder(image: string, database: string): boolean {
	const numbers = (version: string) => /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})/.exec(version)?.slice(1).map(Number) ?? [];
	const [ours, theirs] = [numbers(image), numbers(database)];
	if (ours.length === 0 || theirs.length === 0) return false;
	const place = ours.findIndex((number, index) => number !== theirs[index]);
	return place >= 0 && Number(ours[place]) < Number(theirs[place]);
}

const refusal = (image: string, database: string) =>
	`this image has Directus ${image}, and the database was booted with Directus ${database}, which may have changed Directus's own tables; ` +
	`remedy: run an image with Directus ${database} or newer, or restore the backup from before the upgrade ` +
	"(to go back without one, at your own risk: DELETE FROM trm.state WHERE key = 'boot.fingerprint')";
