import { distance_m, isAtZero } from '../geo/distance.js';
import { hasRadius, radiiOf, type DefaultRadii } from '../kinds.js';
import type { Findings } from '../problem.js';
import type { Waypoint } from '../road-book.js';

/** Boxes that take a default radius, and neighbours whose circles overlap. */
export function checkRadii(boxes: Waypoint[], defaults: DefaultRadii, findings: Findings): void {
	let previous: { box: Waypoint; radius: number } | null = null;

	for (const box of boxes) {
		const { open, clear } = radiiOf(box, defaults);
		if (clear === null) continue;
		if (box.kinds.some(hasRadius)) reportDefault(box, open, clear, findings);
		if (isAtZero(box)) continue;

		if (previous) {
			const apart = distance_m(previous.box, box);
			if (apart > 0 && apart < previous.radius + clear) {
				const circles = `the circles of box ${previous.box.box} (${round(previous.radius)} m) and this one (${round(clear)} m)`;
				findings.warn('RADII_OVERLAP', `${round(apart)} m apart, ${circles} overlap.`, box.line, box.box);
			}
		}

		previous = { box, radius: clear };
	}
}

function reportDefault(box: Waypoint, open: number | null, clear: number, findings: Findings): void {
	const opening = box.open_radius_m === null && open !== null ? [`opening ${open} m`] : [];
	const validation = box.validation_radius_m === null ? [`validation ${clear} m`] : [];
	const used = [...opening, ...validation];
	if (used.length === 0) return;
	findings.warn('DEFAULT_RADIUS', `${box.kinds.join(', ')}: default ${used.join(' and ')}.`, box.line, box.box);
}

const round = (metres: number): number => Math.round(metres * 10) / 10;
