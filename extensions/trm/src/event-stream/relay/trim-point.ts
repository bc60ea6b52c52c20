import type { ConsumerGroup } from './consumer-groups.js';

/**
 * The sequence below which nobody needs an entry: every group has acknowledged it, and it is not among those that are kept anyway.
 * Without a group nobody has read anything, so nothing goes.
 * @param kept the sequence of the first entry that stays, read or not
 */
export function trimPoint(groups: Pick<ConsumerGroup, 'oldest_pending' | 'last_delivered'>[], kept: number): number {
	const positions = groups.map(({ oldest_pending, last_delivered }) => oldest_pending ?? last_delivered + 1);
	const readByAll = positions.length === 0 ? 0 : Math.min(...positions);

	return Math.max(0, Math.min(readByAll, kept));
}
