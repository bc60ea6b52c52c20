import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * The SDK builds each part into one file with every dynamic import inlined. Each page of the admin app would load and run MapLibre (1 MB) at
 * its start, and each command the parser of Postgres. With chunks beside them they are loaded when they are needed.
 */
const splitIntoChunks = {
	name: 'split-into-chunks',
	outputOptions(options) {
		const [, part] = /\/(app|trm)\.js$/.exec(options.file ?? '') ?? [];
		if (part === undefined) return null;
		const { file, ...rest } = options;

		return {
			...rest,
			dir: dirname(file),
			entryFileNames: `${part}.js`,
			chunkFileNames: `${part}-[name].js`,
			inlineDynamicImports: false,
		};
	},
};

/** Its JavaScript looks for the WebAssembly in the directory of its own file. */
const postgresParser = {
	name: 'postgres-parser',
	async transform(code, id) {
		if (!id.endsWith('/libpg-query/wasm/libpg-query.js')) return null;
		const fileName = 'libpg-query.wasm';
		this.emitFile({ type: 'asset', fileName, source: await readFile(resolve(dirname(id), fileName)) });
		return { code: code.replace('__dirname', 'import.meta.dirname'), map: null };
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

export default { plugins: [splitIntoChunks, postgresParser, sqlAsText] };
