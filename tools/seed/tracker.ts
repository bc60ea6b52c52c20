import type { Random } from './random.js';
import type { Moment } from './ride.js';
import { metresPerDegree, type Route } from './route.js';
import { SECOND, type Microseconds } from './timestamp.js';

/** A row of `positions`. */
export interface Fix {
	device_id: string;
	ts: Microseconds;
	latitude: number;
	longitude: number;
	/** metres */
	altitude: number;
	/** degrees clockwise from north */
	angle: number;
	/** km/h */
	speed: number;
	satellites: number;
	priority: number;
	attributes: Record<string, number | boolean>;
	received_at: Microseconds;
}

const KMH = 3.6;

/** What a tracker without a fault reports of a ride: 1 Hz, with a receiver's noise and a mobile network's delays. */
export function* fixesOf(
	deviceId: string,
	ride: Iterable<Moment>,
	route: Route,
	random: Random,
	firstFixAt: Microseconds,
): Generator<Fix> {
	const clock = clockOf(random);
	const network = networkOf(random);
	// Errors of a receiver drift, they do not leap: otherwise the implied speed would be nonsense.
	let [north, east, sky, second] = [2 * random.normal(), 2 * random.normal(), 0, 0];

	for (const { distance, speed } of ride) {
		const offset = clock();
		const ts = firstFixAt + second * SECOND + offset;
		const place = route.at(distance + (speed * offset) / SECOND);
		const scale = metresPerDegree(place.latitude);
		const moving = speed > 0;

		// Standing still, a receiver holds its position.
		if (moving) {
			north = 0.99 * north + 0.3 * random.normal();
			east = 0.99 * east + 0.3 * random.normal();
		}

		sky = 0.97 * sky + 0.5 * random.normal();
		const satellites = Math.min(Math.max(Math.round(12 + sky), 6), 18);

		yield {
			device_id: deviceId,
			ts,
			latitude: rounded(place.latitude + north / scale.north, 7),
			longitude: rounded(place.longitude + east / scale.east, 7),
			altitude: rounded(place.altitude + north, 0),
			angle: moving ? Math.round(place.heading) % 360 : 0,
			speed: moving ? rounded(Math.max(speed * KMH + 0.6 * random.normal(), 1), 1) : 0,
			satellites,
			priority: 0,
			attributes: { hdop: rounded(9 / satellites, 1), power: rounded(13.6 + 0.2 * random.uniform(), 2) },
			received_at: network(ts),
		};
		second++;
	}
}

/** Trackers differ in when they sample: on the second, at a fixed offset, or at one that wavers by microseconds. */
function clockOf(random: Random): () => Microseconds {
	const kind = random.uniform();
	if (kind < 0.3) return () => 0;

	const offset = Math.floor(random.uniform() * 900) * 1000;
	if (kind < 0.6) return () => offset;
	return () => offset + Math.floor(random.uniform() * 5000);
}

/** When a fix reaches the server: a second or two later; out of coverage, minutes later in one batch. */
function networkOf(random: Random): (ts: Microseconds) => Microseconds {
	let gapEnd: Microseconds = 0;
	let inBatch = 0;

	return (ts) => {
		const delay = Math.round((0.5 + 0.4 * Math.exp(0.6 * random.normal())) * SECOND);

		if (ts >= gapEnd && random.uniform() < 1 / 1500) {
			gapEnd = ts + Math.round((60 + 420 * random.uniform()) * SECOND);
			inBatch = 0;
		}

		return ts < gapEnd ? gapEnd + SECOND + 3000 * inBatch++ : ts + delay;
	};
}

function rounded(value: number, digits: number): number {
	return Number(value.toFixed(digits));
}
