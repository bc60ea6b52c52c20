import type { TimeRange } from '../time-range.js';

/** What `POST /positions/flag-faulty` takes: either positions or ranges. */
export interface FlagCall {
	faulty: boolean;
	reason: string | null;
	positions?: { device_id: string; ts: string }[];
	ranges?: (TimeRange & { device_id: string })[];
}

/** One item of position_flags that a call made. */
export interface MadeFlag {
	id: string;
	device: string;
	device_id: string;
	matched: number;
	changed: number;
}

/** What `POST /positions/flag-faulty` answers, as `data`. */
export interface FlagOutcome {
	/** shared by all flags of the call */
	request: string;
	flags: MadeFlag[];
	matched: number;
	changed: number;
	/** keys without a fix; a fix that the device sent while it served an entry of others is none for the caller */
	missing: { device_id: string; ts: string }[];
}
