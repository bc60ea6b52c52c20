import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * The SDK builds the app part into one file with every dynamic import inlined: each page of the admin app would load and
 * run MapLibre (1 MB) at its start. With chunks beside app.js, Directus serves them apart and a browser asks when a map is drawn.
 */
const splitAppIntoChunks = {
	name: 'split-app-into-chunks',
	outputOptions(options) {
		if (!options.file?.endsWith('app.js')) return null;
		const { file, ...rest } = options;

		return {
			...rest,
			dir: file.slice(0, -'/app.js'.length),
			entryFileNames: 'app.js',
			chunkFileNames: 'app-[name].js',
			inlineDynamicImports: false,
		};
	},
};

/** SQL of the boot stands in files of its own; `?raw` is how vitest reads them too. */
const sqlAsText = {
	name: 'sql-as-text',
	async load(id) {
		if (!id.endsWith('.sql?raw')) return null;
		return `export default ${JSON.stringify(await readFile(id.slice(0, -'?raw'.length), 'utf8'))};`;
	},
	resolveId(source, importer) {
		return source.endsWith('.sql?raw') && importer ? resolve(dirname(importer), source) : null;
	},
};

export default { plugins: [splitAppIntoChunks, sqlAsText] };
