/** A decimal as road books write it, also with a comma; null for anything else. A thousands separator is anything else. */
export function decimalOf(text: string): number | null {
	return /^[+-]?(\d+([.,]\d*)?|[.,]\d+)$/.test(text) ? Number(text.replace(',', '.')) : null;
}

/** Degrees: a decimal with a point, in range; null for anything else. */
export function degreesOf(text: string | undefined, limit: number): number | null {
	if (text === undefined || !/^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$/.test(text)) return null;
	const degrees = Number(text);
	return Math.abs(degrees) <= limit ? degrees : null;
}

/** To a micrometre in kilometres and a nanometre in metres: below what floating-point noise of a conversion or a sum reaches. */
export const rounded = (value: number): number => Math.round(value * 1e9) / 1e9;

/** Factors to metric. International yard and mile: 0.9144 m and 1,609.344 m exactly. */
export interface Units {
	name: 'metric' | 'statute';
	/** of radii, to metres */
	radius: number;
	/** of distances and speeds, to km and km/h */
	distance: number;
}

export const METRIC: Units = { name: 'metric', radius: 1, distance: 1 };
export const STATUTE: Units = { name: 'statute', radius: 0.9144, distance: 1.609344 };
