/*
 * What one request may ask: the endpoints refuse more, and Race Control splits what it sends.
 */

/** Keys and ranges of one `POST /positions/flag-faulty`. */
export const MOST_POSITIONS = 10_000;
export const MOST_RANGES = 100;

/** Characters of the reason of a flag. */
export const LONGEST_REASON = 500;

/** Fixes of one answer of `GET /positions/track`; 20,000 are about 4 MB of JSON. */
export const DEFAULT_PAGE = 5_000;
export const MOST_FIXES = 20_000;
