import type { SuspectReason } from '../suspects/fix.js';

/** A row of `positions` as `GET /positions/track` reads it; timestamps canonical, speed in km/h, altitude in metres. */
export interface PositionRow {
	ts: string;
	latitude: number | null;
	longitude: number | null;
	altitude: number | null;
	angle: number | null;
	speed: number | null;
	satellites: number | null;
	priority: number | null;
	received_at: string;
	faulty: boolean;
}

/** A fix of a track, with what looks wrong about it. */
export interface TrackFix extends PositionRow {
	suspect: SuspectReason[];
}

export interface TrackPage {
	data: TrackFix[];
	/** next_cursor is the `cursor` of the page that follows, null on the last */
	meta: { next_cursor: string | null };
}
