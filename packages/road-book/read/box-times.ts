import type { Kind } from '../kinds.js';
import type { Findings } from '../problem.js';
import type { KindElement } from './box-elements.js';
import { decimalOf } from './values.js';

/** Kinds at which a rider waits, or whose time is taken out: their duration is in seconds. */
export const TIMED: readonly Kind[] = ['DN', 'DT', 'STOP'];

/** Up to so many seconds a neutralisation or transfer was probably meant in minutes. */
const DOUBTFUL_S = 60;
/** Above so many minutes the time to the next control was probably meant in seconds: ten hours. */
const DOUBTFUL_MIN = 600;

export interface BoxTimes {
	duration: number | null;
	/** seconds to the next time control */
	allowed: number | null;
	/** Durations of kinds other than the one whose duration the box has; null for one before it that has none. */
	apart: Map<Kind, number | null>;
}

interface At {
	line: number;
	box: number;
}

/** The times of a box: of its elements, otherwise of its description. */
export function readTimes(elements: KindElement[], kinds: Kind[], notes: string, at: At, findings: Findings): BoxTimes {
	const timed = elements
		.filter(({ kind }) => TIMED.includes(kind))
		.map((element) => ({ kind: element.kind, seconds: secondsOf(element, at, findings) }));

	const holder = Math.max(
		timed.findIndex(({ seconds }) => seconds !== null),
		0,
	);
	const before = timed.slice(0, holder);
	const after = timed.slice(holder + 1).filter(({ seconds }) => seconds !== null);
	const apart = new Map([...before, ...after].map(({ kind, seconds }) => [kind, seconds]));

	const waits = kinds.some((kind) => kind === 'DN' || kind === 'DT');
	const duration = timed[holder]?.seconds ?? (waits ? fromText(notes, at, findings) : null);

	if (waits && duration !== null && duration > 0 && duration <= DOUBTFUL_S) {
		findings.warn('MINUTES_OR_SECONDS', `The duration is ${duration} seconds; minutes?`, at.line, at.box);
	}

	const minutes = elements.find(({ kind }) => kind === 'TC')?.allowed ?? null;

	if (minutes !== null && minutes > DOUBTFUL_MIN) {
		const message = `The time to the next control is ${minutes} minutes; seconds?`;
		findings.warn('MINUTES_OR_SECONDS', message, at.line, at.box);
	}

	return { duration, allowed: minutes === null ? null : Math.round(minutes * 60e6) / 1e6, apart };
}

/** <neutralization> and <stop> hold their seconds; <dt> has the attribute `time`, which programs write at the others too. */
function secondsOf({ kind, text, time, line }: KindElement, at: At, findings: Findings): number | null {
	if (kind === 'DT' || text === '') return time;
	const seconds = decimalOf(text);

	if (seconds === null || seconds < 0) {
		if (time === null) findings.warn('INVALID_VALUE', `The duration is “${text.slice(0, 40)}”.`, line, at.box);
		return time;
	}

	return seconds;
}

const UNITS: Record<string, number> = { h: 3600, min: 60, mn: 60, m: 60, "'": 60, s: 1, sec: 1, '"': 1 };

/** `T=600`, `N = 15 min`, `T=10:30`: how Rally Navigator's descriptions give a duration. */
function fromText(text: string, at: At, findings: Findings): number | null {
	const [found, value, seconds, unit] =
		/\b[TN]\s*=\s*(\d{1,5})(?::(\d\d)\b|\s*(h|min|mn|m|sec|s|'|")?(?![\w.,]))/.exec(text) ?? [];
	if (found === undefined) return null;
	findings.warn('DURATION_FROM_TEXT', `The duration was read from “${found}”.`, at.line, at.box);

	if (seconds !== undefined) return Number(value) * 60 + Number(seconds);
	const factor = UNITS[unit ?? 's'] as number;
	// A number that is doubtful anyway is reported by the caller.
	if (unit === undefined && Number(value) > DOUBTFUL_S) {
		findings.warn('MINUTES_OR_SECONDS', `“${found}” has no unit and was read as seconds.`, at.line, at.box);
	}

	return Number(value) * factor;
}
