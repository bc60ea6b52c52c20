import type { ConsumerGroup } from './stream.js';

interface Limits {
	/** entries that stay although every group is done with them */
	keep: number;
	/** entries past which the stream is cut */
	maxLength: number;
}

/**
 * Where the stream can be cut. Sequences have no gaps to speak of, so they count entries.
 * @param end the stream's last sequence
 * @returns `before`: entries below it go. `readByAll`: below it every group has acknowledged all; without groups nobody
 * has read anything, and only the cap cuts. `isCapped`: it cuts what some group has not read.
 */
export function trimPoint(
	groups: Pick<ConsumerGroup, 'oldest_pending' | 'last_delivered'>[],
	end: number,
	{ keep, maxLength }: Limits,
): { before: number; readByAll: number; isCapped: boolean } {
	const positions = groups.map(({ oldest_pending, last_delivered }) => oldest_pending ?? last_delivered + 1);
	const readByAll = positions.length === 0 ? 0 : Math.min(...positions);
	const kept = Math.min(readByAll, end - keep + 1);
	const capped = end - maxLength + 1;

	return { before: Math.max(kept, capped, 0), readByAll, isCapped: capped > Math.max(readByAll, 1) };
}
