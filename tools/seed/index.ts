/** What `trm seed` calls; built into dist/seed.js. */
export { parseLoadFlags } from './env.js';
export { loadSeed } from './load.js';
export { MANIFEST_FILE, writeManifest } from './manifest.js';
export { readSeed } from './read-seed.js';
