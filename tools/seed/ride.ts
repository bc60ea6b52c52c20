import type { VehicleLimits } from './race-day.js';
import type { Random } from './random.js';
import type { Route } from './route.js';

/** Where a vehicle is at a whole second: metres from the start, m/s. */
export interface Moment {
	distance: number;
	speed: number;
}

const KMH = 3.6;
/** A tracker goes on reporting this long after the finish. */
const AFTER_FINISH_S = 300;

/** The fastest a vehicle may be at each sample of the route (m/s), so that it still gets round the bends to come. */
export function ceilingOf(route: Route, limits: VehicleLimits): Float64Array {
	const ceiling = Float64Array.from(route.curvature, (curvature) =>
		Math.min(limits.max_kmh / KMH, Math.sqrt(limits.lateral / Math.max(curvature, 1e-6))),
	);

	for (let index = ceiling.length - 2; index >= 0; index--) {
		const braked = Math.sqrt((ceiling[index + 1] as number) ** 2 + 2 * limits.brake * route.step);
		ceiling[index] = Math.min(ceiling[index] as number, braked);
	}

	return ceiling;
}

/** One vehicle's way over the route, second by second, from `waiting` seconds before its start to after its finish. */
export function* rideOf(
	route: Route,
	ceiling: Float64Array,
	limits: VehicleLimits,
	random: Random,
	waiting: number,
): Generator<Moment> {
	// Crews differ by a tenth or so; one crew's pace wavers slowly, over minutes.
	const skill = 0.86 + 0.12 * random.uniform();
	let pace = 0;
	let distance = 0;
	let speed = 0;

	for (let second = 0; second < waiting; second++) yield { distance, speed };

	while (distance < route.length) {
		pace = 0.98 * pace + 0.01 * random.normal();
		const from = Math.floor(distance / route.step);
		const to = Math.min(Math.floor((distance + speed) / route.step), ceiling.length - 1);
		let allowed = Infinity;
		for (let index = from; index <= to; index++) allowed = Math.min(allowed, ceiling[index] as number);

		const wanted = allowed * skill * Math.min(1 + pace, 1.1);
		speed += Math.min(Math.max(wanted - speed, -limits.brake), limits.accelerate);
		// Nobody stops in a bend: a walking pace keeps every ride finite.
		speed = Math.max(speed, 1.5);
		yield { distance, speed };
		distance += speed;
	}

	for (let second = 0; second < AFTER_FINISH_S; second++) yield { distance: route.length, speed: 0 };
}
