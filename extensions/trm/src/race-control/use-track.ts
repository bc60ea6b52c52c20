import { shallowRef } from 'vue';
import { MOST_FIXES } from '../fixes/limits.js';
import type { Api } from './api.js';
import { withFlag } from './fix-states.js';
import { explain, isCancelled } from './server-errors.js';
import type { TimeWindow, TrackFix, TrackPage } from './types.js';

/** Fixes of one request: about 2 MB, so that progress is seen and a cancel takes effect. */
const PAGE = MOST_FIXES / 2;
/** Fixes in the browser at once, more than two days of one tracker. */
export const MOST_LOADED = 200_000;

export type LoadEnd = 'complete' | 'truncated' | 'cancelled';

export async function readTrackPage(
	api: Api,
	deviceId: string,
	{ from, to }: TimeWindow,
	options: { limit: number; cursor?: string | null; signal?: AbortSignal },
): Promise<TrackPage> {
	const { data } = await api.get<TrackPage>('/positions/track', {
		params: {
			device_id: deviceId,
			from: new Date(from).toISOString(),
			to: new Date(to).toISOString(),
			limit: options.limit,
			...(options.cursor ? { cursor: options.cursor } : {}),
		},
		...(options.signal ? { signal: options.signal } : {}),
	});

	return data;
}

/** The track on the screen: loads it page by page until it is complete, cancelled or too large. */
export function useTrack(api: Api) {
	const fixes = shallowRef<readonly TrackFix[]>([]);
	/** whose fixes are shown; null before anything was loaded */
	const deviceId = shallowRef<string | null>(null);
	const loading = shallowRef(false);
	const loaded = shallowRef(0);
	const end = shallowRef<LoadEnd>('complete');
	const error = shallowRef<string | null>(null);
	let running: AbortController | null = null;

	/** @returns whether it is shown; where it could not be read, what was shown before stays */
	async function load(device: string, window: TimeWindow): Promise<boolean> {
		running?.abort();
		const own = new AbortController();
		running = own;
		loading.value = true;
		loaded.value = 0;
		error.value = null;

		const pages: TrackFix[] = [];
		let ended: LoadEnd = 'complete';

		try {
			let cursor: string | null = null;

			do {
				const limit = Math.min(PAGE, MOST_LOADED - pages.length);
				const page: TrackPage = await readTrackPage(api, device, window, { limit, cursor, signal: own.signal });
				for (const fix of page.data) pages.push(fix);
				cursor = page.meta.next_cursor;
				loaded.value = pages.length;
			} while (cursor !== null && pages.length < MOST_LOADED);

			if (cursor !== null) ended = 'truncated';
		} catch (thrown) {
			const problem = isCancelled(thrown) ? null : await explain(api, thrown);
			if (running === own) error.value = problem;
			ended = 'cancelled';
		}

		// A newer load has taken over: what this one brought belongs to another question.
		if (running !== own) return false;
		running = null;
		loading.value = false;
		if (error.value !== null) return false;
		fixes.value = pages;
		end.value = ended;
		deviceId.value = device;
		return true;
	}

	function cancel(): void {
		running?.abort();
	}

	function clear(): void {
		running?.abort();
		running = null;
		loading.value = false;
		fixes.value = [];
		deviceId.value = null;
		error.value = null;
	}

	function applyFlag(indices: Iterable<number>, faulty: boolean, missing: ReadonlySet<string>): void {
		fixes.value = withFlag(fixes.value, indices, faulty, missing);
	}

	return { fixes, deviceId, loading, loaded, end, error, load, cancel, clear, applyFlag };
}

export type Track = ReturnType<typeof useTrack>;
