import type { Fix, SuspectLimits, SuspectReason } from './fix.js';

interface Place {
	index: number;
	latitude: number;
	longitude: number;
	/** epoch milliseconds */
	time: number;
	/** km/h as reported */
	speed: number | null;
}

interface Step {
	distanceM: number;
	impliedKmh: number;
}

/** Fixes that follow one another without a jump, though others may lie between them. */
interface Chain {
	places: [Place, ...Place[]];
	last: Place;
}

/** Chains that a fix is compared with; the work for a fix is bounded, and the longest chains stay. */
const MOST_OPEN_CHAINS = 8;

/**
 * Marks jumps and flipped signs of longitude.
 *
 * The fixes are sorted into chains, each fix going to the nearest chain that it can have come from. A fault is a short
 * chain beside a long one: it does not matter which came first, so the return after a jump is none, and a bad fix at
 * the start does not make the track after it suspect. Where the tracker goes to a new place and stays, either side may
 * be the wrong one: the new place is believed after some fixes and only those before are marked, where it happened.
 */
export function markJumps(fixes: readonly Fix[], reasons: SuspectReason[][], limits: Readonly<SuspectLimits>): void {
	const chains: Chain[] = [];
	const aside: Place[] = [];
	let open: Chain[] = [];

	for (const [index, fix] of fixes.entries()) {
		const place = placeOf(fix, index);
		if (place === null || hasBadPlaceOrTime(reasons[index])) continue;

		// Suspect for another reason, or flagged already: is compared, and never becomes a reference.
		if (fix.faulty || (reasons[index]?.length ?? 0) > 0) {
			aside.push(place);
			continue;
		}

		const chain = nearestChain(open, place, limits);

		if (chain) {
			chain.places.push(place);
			chain.last = place;
		} else {
			const started: Chain = { places: [place], last: place };
			chains.push(started);
			open = [...longest(open, MOST_OPEN_CHAINS - 1), started];
		}
	}

	const wrong = findWrong(chains, limits);
	const right = chains.flatMap(({ places }) => places).filter((place) => !wrong.has(place));
	right.sort((a, b) => a.index - b.index);

	const compared = [...wrong, ...aside].sort((a, b) => a.index - b.index);
	let reached = 0;

	for (const place of compared) {
		while (reached < right.length && (right[reached]?.index ?? 0) < place.index) reached += 1;
		const reference = right[reached - 1] ?? right[reached];
		if (reference === undefined) continue;
		if (wrong.has(place) || isJump(reference, place, limits))
			reasons[place.index]?.push(explain(reference, place, limits));
	}
}

function nearestChain(open: Chain[], place: Place, limits: Readonly<SuspectLimits>): Chain | null {
	let nearest: Chain | null = null;
	let least = Infinity;

	for (const chain of open) {
		const distance = haversineM(chain.last, place);
		if (distance >= least || isJump(chain.last, place, limits)) continue;
		nearest = chain;
		least = distance;
	}

	return nearest;
}

function longest(chains: Chain[], count: number): Chain[] {
	if (chains.length <= count) return chains;
	const shortest = chains.reduce((a, b) => (b.places.length < a.places.length ? b : a));
	return chains.filter((chain) => chain !== shortest);
}

function findWrong(chains: Chain[], limits: Readonly<SuspectLimits>): Set<Place> {
	const byLength = [...chains].sort((a, b) => b.places.length - a.places.length);
	const kept: Chain[] = [];
	const wrong = new Set<Place>();

	for (const chain of byLength) {
		const isLone = kept.length > 0 && chain.places.length < limits.fixesToBelieve;
		const isBeside = kept.some((other) => overlap(other, chain));

		if (isLone || isBeside) chain.places.forEach((place) => wrong.add(place));
		else kept.push(chain);
	}

	kept.sort((a, b) => a.places[0].index - b.places[0].index);

	for (const { places } of kept.slice(1)) {
		places.slice(0, limits.fixesToBelieve - 1).forEach((place) => wrong.add(place));
	}

	return wrong;
}

function overlap(a: Chain, b: Chain): boolean {
	return a.places[0].index < b.last.index && b.places[0].index < a.last.index;
}

function placeOf(fix: Fix, index: number): Place | null {
	if (fix.latitude === null || fix.longitude === null) return null;
	return { index, latitude: fix.latitude, longitude: fix.longitude, time: Date.parse(fix.ts), speed: fix.speed };
}

function hasBadPlaceOrTime(reasons: SuspectReason[] | undefined): boolean {
	return (
		reasons?.some(({ kind }) => kind === 'zero_coordinates' || kind === 'future' || kind === 'years_back') ?? false
	);
}

function stepBetween(a: Place, b: Place): Step {
	const distanceM = haversineM(a, b);
	// Two fixes may share a millisecond.
	const seconds = Math.max(Math.abs(b.time - a.time), 1) / 1000;
	return { distanceM, impliedKmh: (distanceM / seconds) * 3.6 };
}

function isJump(from: Place, to: Place, limits: Readonly<SuspectLimits>): boolean {
	const { distanceM, impliedKmh } = stepBetween(from, to);
	if (distanceM < limits.leastJumpM) return false;
	return impliedKmh > limits.ceilingKmh || impliedKmh > believableKmh(from, to, limits);
}

/**
 * What the reported speeds leave room for. Only over a few seconds, as they are readings of a moment; three times the
 * higher one plus 60 km/h leaves room for noise, hard acceleration, and a tracker that says 0 while it rolls.
 */
function believableKmh(from: Place, to: Place, limits: Readonly<SuspectLimits>): number {
	if (from.speed === null || to.speed === null) return Infinity;
	if (Math.abs(to.time - from.time) > limits.reportedSpeedHoldsS * 1000) return Infinity;
	return 3 * Math.max(from.speed, to.speed) + 60;
}

function explain(from: Place, to: Place, limits: Readonly<SuspectLimits>): SuspectReason {
	const mirrored = { ...to, longitude: -to.longitude };

	if (!isJump(from, mirrored, limits)) {
		return { kind: 'longitude_sign', detail: `longitude ${to.longitude} would fit as ${-to.longitude}` };
	}

	const { distanceM, impliedKmh } = stepBetween(from, to);
	const distance = distanceM < 10_000 ? `${Math.round(distanceM)} m` : `${Math.round(distanceM / 1000)} km`;
	return { kind: 'jump', detail: `${distance} away, ${Math.round(impliedKmh)} km/h from the last good fix` };
}

/** Great-circle distance on a sphere of the Earth's mean radius; within 0.6 % of the ellipsoid. */
export function haversineM(
	a: { latitude: number; longitude: number },
	b: { latitude: number; longitude: number },
): number {
	const radians = Math.PI / 180;
	const dLat = (b.latitude - a.latitude) * radians;
	const dLon = (b.longitude - a.longitude) * radians;
	const h =
		Math.sin(dLat / 2) ** 2 + Math.cos(a.latitude * radians) * Math.cos(b.latitude * radians) * Math.sin(dLon / 2) ** 2;
	return 2 * 6_371_009 * Math.asin(Math.min(1, Math.sqrt(h)));
}
