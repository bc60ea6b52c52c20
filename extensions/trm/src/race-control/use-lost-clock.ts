import { shallowRef } from 'vue';
import type { Api } from './api.js';
import type { NamedWindow } from './time-windows.js';
import { readTrackPage } from './use-track.js';

/**
 * Where a tracker's fixes with a lost clock lie: before or after the event, where nobody looks. One fix is asked for on
 * either side; earlier events' fixes lie there too, so it counts only when its own time is what makes it suspect.
 */
export function useLostClock(api: Api) {
	const found = shallowRef<NamedWindow[]>([]);
	let asked = 0;

	async function look(imei: string, outside: NamedWindow[]): Promise<void> {
		const own = ++asked;
		const hits = await Promise.all(outside.map((candidate) => hasLostClock(imei, candidate)));
		if (own === asked) found.value = outside.filter((_, index) => hits[index]);
	}

	async function hasLostClock(imei: string, { window }: NamedWindow): Promise<boolean> {
		// Only a hint: the track itself tells what goes wrong.
		const { data } = await readTrackPage(api, imei, window, { limit: 1 }).catch(() => ({ data: [] }));
		return data[0]?.suspect.some(({ kind }) => kind === 'future' || kind === 'years_back') ?? false;
	}

	function clear(): void {
		asked += 1;
		found.value = [];
	}

	return { found, look, clear };
}
