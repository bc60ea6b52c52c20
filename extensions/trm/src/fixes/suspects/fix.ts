export const SUSPECT_KINDS = [
	'zero_coordinates',
	'jump',
	'frozen',
	'longitude_sign',
	'future',
	'years_back',
	'few_satellites',
] as const;

export type SuspectKind = (typeof SUSPECT_KINDS)[number];

export interface SuspectReason {
	kind: SuspectKind;
	/** One English phrase with the figures that led to it. */
	detail: string;
}

/** What the checks look at of a row of `positions`. */
export interface Fix {
	/** ISO 8601 in UTC; microseconds are allowed, milliseconds are what is compared. */
	ts: string;
	latitude: number | null;
	longitude: number | null;
	/** km/h as reported */
	speed: number | null;
	satellites: number | null;
	received_at: string;
	faulty: boolean;
}

export interface SuspectLimits {
	/** km/h between two fixes; above the top speed of every class (a T1 car is limited to 170 km/h by the FIA) */
	ceilingKmh: number;
	/** metres; GPS noise and fixes a few milliseconds apart must not make a speed */
	leastJumpM: number;
	/** seconds between two fixes up to which the reported speed still says something about the way between them */
	reportedSpeedHoldsS: number;
	/** consistent fixes in a row after which a new place is believed, so that one bad reference does not spoil the rest */
	fixesToBelieve: number;
	/** satellites; a position in three dimensions and time takes four */
	leastSatellites: number;
	/** seconds a fix may lie after its arrival: clocks of tracker and server differ */
	futureToleranceS: number;
	/** days between fix and arrival; a tracker delivers hours late, days at the very worst, never a year */
	oldestDays: number;
}

export const DEFAULT_LIMITS: Readonly<SuspectLimits> = {
	ceilingKmh: 250,
	leastJumpM: 50,
	reportedSpeedHoldsS: 5,
	fixesToBelieve: 3,
	leastSatellites: 4,
	futureToleranceS: 60,
	oldestDays: 365,
};
