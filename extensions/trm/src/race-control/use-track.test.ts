import { expect, it } from 'vitest';
import type { Api } from './api.js';
import type { TrackFix } from './types.js';
import { useTrack } from './use-track.js';

const WINDOW = { from: Date.parse('2026-06-07T08:00:00Z'), to: Date.parse('2026-06-07T09:00:00Z') };
const fixAt = (ts: string) => ({ ts }) as TrackFix;

it('shows the newer of two loads, also where the older one is answered last', async () => {
	const answers = new Map<string, (fixes: TrackFix[]) => void>();
	const get = (_path: string, { params }: { params: { device_id: string } }) =>
		new Promise((resolve) => {
			answers.set(params.device_id, (data) => resolve({ data: { data, meta: { next_cursor: null } } }));
		});
	const track = useTrack({ get } as unknown as Api);
	const [older, newer] = [track.load('older', WINDOW), track.load('newer', WINDOW)];
	const shown = [fixAt('2026-06-07T08:30:00.000000Z')];

	answers.get('newer')?.(shown);
	expect(await newer).toBe(true);
	answers.get('older')?.([fixAt('2026-06-07T08:10:00.000000Z')]);
	expect(await older).toBe(false);
	expect(track.deviceId.value).toBe('newer');
	expect(track.fixes.value).toEqual(shown);
});
