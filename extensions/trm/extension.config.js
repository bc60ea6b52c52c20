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

export default { plugins: [splitAppIntoChunks] };
