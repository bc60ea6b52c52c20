import type { GeoJSONSource, Map as MapLibreMap, MapMouseEvent } from 'maplibre-gl';
import type { GeoJSON } from 'geojson';
import { onBeforeUnmount, onMounted, shallowRef, type Ref } from 'vue';
import type { Bounds } from './map-data.js';
import { CLICKABLE, mapLayers, mapStyle, readThemeColours, type SourceName } from './map-style.js';

/** Pixels around a click within which a fix is meant. */
const REACH = 6;

interface MapOptions {
	container: Ref<HTMLElement | null>;
	onReady: () => void;
	onPick: (index: number, event: MouseEvent) => void;
	onMove: () => void;
}

/** A MapLibre map on a plain ground in the colours of the theme; follows the theme while it is shown. */
export function useMap({ container, onReady, onPick, onMove }: MapOptions) {
	const map = shallowRef<MapLibreMap | null>(null);
	const failed = shallowRef(false);
	const scheme = window.matchMedia('(prefers-color-scheme: dark)');
	const themeObserver = new MutationObserver(() => repaint());
	let gone = false;
	/** What the map was fitted to, until the operator moves it: another size of the page then fits it again. */
	let fitted: Bounds | null = null;

	onMounted(async () => {
		try {
			const { maplibre } = await import('./map-library.js');
			if (gone || !container.value) return;

			const created = new maplibre.Map({
				container: container.value,
				style: mapStyle(readThemeColours(container.value)),
				attributionControl: false,
				center: [20, 41],
				zoom: 6,
				pitchWithRotate: false,
				maxPitch: 0,
				// The table takes Shift + click for a range; a box that zooms would take it away from the map.
				boxZoom: false,
			});

			created.addControl(new maplibre.NavigationControl({ showCompass: false }), 'top-right');
			created.addControl(new maplibre.ScaleControl({ maxWidth: 120, unit: 'metric' }), 'bottom-left');
			created.on('click', (event) => pickAt(created, event));
			created.on('mousemove', (event) => showReach(created, event));
			created.on('moveend', onMove);
			created.on('resize', () => fitted && fit(fitted));
			created.on('movestart', ({ originalEvent }) => {
				if (originalEvent && originalEvent.type !== 'resize') fitted = null;
			});

			created.once('load', () => {
				if (gone) return;
				map.value = created;
				onReady();
			});
		} catch {
			failed.value = true;
		}

		themeObserver.observe(document.body, { attributes: true, attributeFilter: ['class', 'style'] });
		themeObserver.observe(document.head, { childList: true, subtree: true, characterData: true });
		scheme.addEventListener('change', repaint);
	});

	onBeforeUnmount(() => {
		gone = true;
		themeObserver.disconnect();
		scheme.removeEventListener('change', repaint);
		map.value?.remove();
	});

	function fixAt(target: MapLibreMap, { point }: MapMouseEvent): number | null {
		const [found] = target.queryRenderedFeatures(
			[
				[point.x - REACH, point.y - REACH],
				[point.x + REACH, point.y + REACH],
			],
			{ layers: CLICKABLE.filter((layer) => target.getLayer(layer)) },
		);

		const index: unknown = found?.properties['index'];
		return typeof index === 'number' ? index : null;
	}

	function pickAt(target: MapLibreMap, event: MapMouseEvent): void {
		const index = fixAt(target, event);
		if (index !== null) onPick(index, event.originalEvent);
	}

	function showReach(target: MapLibreMap, event: MapMouseEvent): void {
		if (!target.isStyleLoaded()) return;
		target.getCanvas().style.cursor = fixAt(target, event) === null ? '' : 'pointer';
	}

	function repaint(): void {
		if (!map.value || !container.value) return;

		for (const layer of mapLayers(readThemeColours(container.value))) {
			for (const [property, value] of Object.entries(layer.paint ?? {})) {
				if (property.endsWith('-color')) map.value.setPaintProperty(layer.id, property, value);
			}
		}
	}

	function setData(source: SourceName, data: GeoJSON): void {
		map.value?.getSource<GeoJSONSource>(source)?.setData(data);
	}

	function fit(bounds: Bounds): void {
		fitted = bounds;
		map.value?.fitBounds(bounds, { padding: 48, maxZoom: 16, duration: 0 });
	}

	/** Another size of the page then leaves the map at that place. */
	function goTo(place: [number, number], duration = 0): void {
		fitted = null;
		map.value?.easeTo({ center: place, duration });
	}

	return { map, failed, setData, fit, goTo };
}
