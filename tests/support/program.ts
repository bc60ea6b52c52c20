import { join } from 'node:path';
import { root } from './environment.js';
import { run, type Running } from './processes.js';

/** Starts a TypeScript program of this folder as a process of its own. */
export function runProgram(file: string, args: string[], env: Record<string, string>): Running {
	const imports = join(root, 'bench/typescript-imports.mjs');

	return run('node', ['--import', imports, join(root, 'tests/support', file), ...args], {
		cwd: root,
		env: { ...env, NODE_NO_WARNINGS: '1' },
	});
}
