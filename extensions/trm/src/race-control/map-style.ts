import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { FeatureCollection } from 'geojson';

/** Colours of the map, from Directus's theme. */
export interface MapColours {
	ground: string;
	grid: string;
	track: string;
	fix: string;
	suspect: string;
	faulty: string;
	selected: string;
	outline: string;
}

const THEME_VARIABLES: Record<keyof MapColours, string> = {
	ground: '--theme--background-subdued',
	grid: '--theme--border-color',
	track: '--theme--foreground-subdued',
	fix: '--theme--foreground',
	suspect: '--theme--warning',
	faulty: '--theme--danger',
	// Not the primary colour: it is the project's own, and may well look like a warning.
	selected: '--blue',
	outline: '--theme--background',
};

/** Theme variables may be any CSS colour, mixes included, of which MapLibre parses few: the browser paints and we look. */
export function readThemeColours(element: HTMLElement): MapColours {
	const probe = element.appendChild(document.createElement('span'));
	const canvas = document.createElement('canvas');
	canvas.width = canvas.height = 1;
	const context = canvas.getContext('2d', { willReadFrequently: true });

	const colours = Object.entries(THEME_VARIABLES).map(([name, variable]) => {
		probe.style.color = `var(${variable})`;
		if (!context) return [name, '#808080'];
		context.clearRect(0, 0, 1, 1);
		context.fillStyle = getComputedStyle(probe).color;
		context.fillRect(0, 0, 1, 1);
		const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
		return [name, `rgba(${red}, ${green}, ${blue}, ${(alpha ?? 255) / 255})`];
	});

	probe.remove();
	return Object.fromEntries(colours) as MapColours;
}

export const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

/** What the layers draw, in the order in which they lie above one another. */
export const SOURCES = ['grid', 'track', 'fixes', 'marked', 'selected', 'active'] as const;
export type SourceName = (typeof SOURCES)[number];

/** The zoom from which every fix is a dot. */
export const FIXES_FROM_ZOOM = 11;

/** Layers whose circles answer to a click. */
export const CLICKABLE = ['active', 'selected', 'marked', 'fixes'];

export function mapStyle(colours: MapColours): StyleSpecification {
	const source = { type: 'geojson' as const, data: EMPTY };

	return {
		version: 8,
		// Another theme is there at once, as everywhere else in the admin app.
		transition: { duration: 0, delay: 0 },
		sources: Object.fromEntries(SOURCES.map((name) => [name, source])),
		layers: mapLayers(colours),
	};
}

export function mapLayers(colours: MapColours): LayerSpecification[] {
	const byState = (normal: string) =>
		['match', ['get', 'state'], 'suspect', colours.suspect, 'faulty', colours.faulty, normal] as unknown as string;

	const zoomed = (far: number, near: number) =>
		['interpolate', ['linear'], ['zoom'], 8, far, 15, near] as unknown as number;

	return [
		{ id: 'ground', type: 'background', paint: { 'background-color': colours.ground } },
		{ id: 'grid', type: 'line', source: 'grid', paint: { 'line-color': colours.grid, 'line-width': 1 } },
		{
			id: 'track',
			type: 'line',
			source: 'track',
			layout: { 'line-join': 'round', 'line-cap': 'round' },
			paint: { 'line-color': colours.track, 'line-width': 2 },
		},
		// Farther out the line says the same, and tens of thousands of circles would only cover it.
		dots('fixes-outline', 'fixes', colours.outline, zoomed(1.5, 5), FIXES_FROM_ZOOM),
		dots('fixes', 'fixes', colours.fix, zoomed(1.5, 4), FIXES_FROM_ZOOM),
		dots('marked-outline', 'marked', colours.outline, zoomed(5.5, 7.5)),
		dots('marked', 'marked', byState(colours.fix), zoomed(4, 6)),
		{
			id: 'selected',
			type: 'circle',
			source: 'selected',
			paint: {
				'circle-color': byState(colours.selected),
				'circle-radius': zoomed(4, 6),
				'circle-stroke-color': colours.selected,
				'circle-stroke-width': 2,
			},
		},
		{
			id: 'active',
			type: 'circle',
			source: 'active',
			paint: {
				// A ring around whatever lies there: the current fix need not be selected.
				'circle-opacity': 0,
				'circle-color': colours.fix,
				'circle-radius': zoomed(8, 10),
				'circle-stroke-color': colours.fix,
				'circle-stroke-width': 2,
			},
		},
	];
}

/**
 * Circles without a stroke. Outlines lie in a layer below all of them: as strokes each would cover the fix before it, and
 * a run of fixes would have the colour of its outlines.
 */
function dots(id: string, source: SourceName, colour: string, radius: number, minzoom = 0): LayerSpecification {
	return { id, type: 'circle', source, minzoom, paint: { 'circle-color': colour, 'circle-radius': radius } };
}
