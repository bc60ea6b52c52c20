import type { ConsumerGroup } from './consumer-groups.js';

/**
 * The sequence below which nobody needs an entry: every group has acknowledged it, and it is not among the last `keep`.
 * Without a group nobody has read anything, so nothing goes.
 * @param end the stream's last sequence; sequences have no gaps but after a restored backup, so they count entries
 */
export function trimPoint(
	groups: Pick<ConsumerGroup, 'oldest_pending' | 'last_delivered'>[],
	end: number,
	keep: number,
): number {
	const positions = groups.map(({ oldest_pending, last_delivered }) => oldest_pending ?? last_delivered + 1);
	const readByAll = positions.length === 0 ? 0 : Math.min(...positions);

	return Math.max(0, Math.min(readByAll, end - keep + 1));
}
