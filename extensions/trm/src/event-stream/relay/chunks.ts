/** Divides events into runs whose data have no more than `bytes` together; an event that has more is a run of its own. */
export function inChunks<T extends { data: string }>(events: T[], bytes: number): T[][] {
	const chunks: T[][] = [];
	let left = 0;

	for (const event of events) {
		const size = Buffer.byteLength(event.data);
		const chunk = chunks.at(-1);

		if (chunk === undefined || size > left) {
			chunks.push([event]);
			left = bytes - size;
		} else {
			chunk.push(event);
			left -= size;
		}
	}

	return chunks;
}
