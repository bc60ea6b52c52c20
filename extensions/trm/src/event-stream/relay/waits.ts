/** How long the relay waits, and for what: milliseconds. The first group says how often, the second how long at most. */
export const WAITS = {
	/** A replica that does not lead tries to so often. */
	contend: 1_000,
	/** A leader asks the database something so often. */
	pulse: 1_000,
	/** An idle leader reads the stream's end so often, to notice that it was emptied or that Redis is gone. */
	endCheck: 2_000,
	/** Pause before the next attempt when Redis or Postgres fails. */
	retry: 500,
	/** The longest pause between two attempts on the database. */
	longestPause: 8_000,
	/** The leader tidies up and reports so often. */
	housekeeping: 2_000,

	/** A leader that has not been heard of for so long is deposed. Longer than a statement may take (SETTINGS in sql.ts). */
	silence: 5_000,
	/**
	 * Past this a reply of Redis is not waited for any longer; what became of the command is found out by reading the
	 * stream's end. Shorter than `silence`: a leader whose Redis is silent makes way by itself.
	 */
	reply: 4_000,
};

export type Waits = typeof WAITS;
