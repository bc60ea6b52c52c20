import type { Kind } from '../kinds.js';
import type { Findings, WarningCode } from '../problem.js';
import type { Waypoint } from '../road-book.js';

interface Pair {
	start: Kind;
	end: Kind;
	/** The start is not followed by its end. */
	unended: WarningCode;
	/** The end follows no start. */
	unstarted: WarningCode;
	/** A start follows a start; by default the former is `unended`. */
	twice?: WarningCode;
}

const PAIRS: Pair[] = [
	{ start: 'DSS', end: 'ASS', unended: 'DSS_WITHOUT_ASS', unstarted: 'TWO_ASS', twice: 'TWO_DSS' },
	{ start: 'DZ', end: 'FZ', unended: 'DZ_WITHOUT_FZ', unstarted: 'FZ_WITHOUT_DZ' },
	{ start: 'DN', end: 'FN', unended: 'DN_WITHOUT_FN', unstarted: 'FN_WITHOUT_DN' },
	{ start: 'DT', end: 'FT', unended: 'DT_WITHOUT_FT', unstarted: 'FT_WITHOUT_DT' },
];

/** Starts without their end and ends without their start, and speed zones without a limit. */
export function checkSequence(boxes: Waypoint[], findings: Findings): void {
	for (const pair of PAIRS) checkPair(pair, boxes, findings);

	for (const box of boxes) {
		const contradictory = contradiction(box.kinds);
		if (contradictory !== null) {
			findings.warn('KINDS_CONTRADICT', `One box cannot be ${contradictory}.`, box.line, box.box);
		}

		if (box.kinds.includes('DZ') && box.limit_kmh === null) {
			findings.warn('DZ_WITHOUT_LIMIT', 'The speed zone has no limit.', box.line, box.box);
		}
	}
}

function checkPair({ start, end, unended, unstarted, twice }: Pair, boxes: Waypoint[], findings: Findings): void {
	let open: Waypoint | null = null;

	const warn = (code: WarningCode, message: string, { line, box }: Waypoint) => findings.warn(code, message, line, box);

	for (const box of boxes) {
		// A box that ends one zone and begins the next: the end comes first.
		if (box.kinds.includes(end)) {
			if (open === null && !isSpare(end, box)) warn(unstarted, `${end} follows no ${start}.`, box);
			open = null;
		}

		if (!box.kinds.includes(start)) continue;
		if (open !== null && twice)
			warn(twice, `${start} follows ${start} at box ${open.box}, without ${end} between.`, box);
		else if (open !== null)
			warn(unended, `${start} is followed by ${start} at box ${box.box}, without ${end} between.`, open);
		open = box;
	}

	if (open !== null) warn(unended, `${start} is followed by no ${end}.`, open);
}

/** Tulip writes an FZ beside FN and FT, to end whatever zone there is. */
const isSpare = (end: Kind, { kinds }: Waypoint): boolean =>
	end === 'FZ' && (kinds.includes('FN') || kinds.includes('FT'));

/** Kinds that exclude each other: start and finish of a special, or several waypoints that open and count differently. */
function contradiction(kinds: Kind[]): string | null {
	const waypoints = kinds.filter((kind) => kind.startsWith('WP'));
	if (waypoints.length > 1) return waypoints.join(' and ');
	return kinds.includes('DSS') && kinds.includes('ASS') ? 'DSS and ASS' : null;
}
