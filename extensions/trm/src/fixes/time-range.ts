/** Half-open `[from, to)`, canonical timestamps. */
export interface TimeRange {
	from: string;
	to: string;
}
