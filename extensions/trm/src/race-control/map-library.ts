/** Imported dynamically, so that the admin app loads MapLibre (about 1 MB) only where a map is drawn. */
import maplibre from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';

export { maplibre };
