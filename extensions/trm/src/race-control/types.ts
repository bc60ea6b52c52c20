export type { FlagCall, FlagOutcome } from '../fixes/flag/flag-call.js';
export type { TrackFix, TrackPage } from '../fixes/track/track-fix.js';

export type FixState = 'normal' | 'suspect' | 'faulty';

/** Half-open [from, to) in epoch milliseconds. */
export interface TimeWindow {
	from: number;
	to: number;
}

export interface RallyEvent {
	id: string;
	name: string;
	/** calendar days in the event's time zone, 2026-06-06 */
	start_date: string | null;
	end_date: string | null;
	timezone: string | null;
	status: string;
	/** its id; absent for a user who may not see it */
	organization?: string;
}

export interface EntryDevice {
	role: string;
	device: { id: string; imei: string; model: string | null } | null;
}

export interface Entry {
	id: string;
	race_number: number;
	team: string | null;
	status: string;
	class: { code: string } | null;
	crew: { name: string; role: string }[];
	devices: EntryDevice[];
}

/** An item of position_flags as the history lists it. */
export interface FlagItem {
	id: string;
	faulty: boolean;
	reason: string | null;
	from: string | null;
	to: string | null;
	ranges: { from: string; to: string }[] | null;
	matched: number;
	changed: number;
	date_created: string;
	user_created: { first_name: string | null; last_name: string | null; email: string | null } | string | null;
}

/** What is about to be flagged or unflagged, for a selection as well as for an undo. */
export interface FlagQuestion {
	title: string;
	/** paragraphs that say what will happen */
	lines: string[];
	warning: string | null;
	faulty: boolean;
	reason: string;
	/** whether the operator may send a selection as ranges instead of keys */
	offersRange: boolean;
	/** no way to send it: only the warning is shown */
	refused: boolean;
}
