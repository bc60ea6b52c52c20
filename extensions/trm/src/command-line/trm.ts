import { fileURLToPath } from 'node:url';
import { runCommandLine } from '../lib/command.js';
import { ProcessRuntime } from './process-runtime.js';
import { openProgram } from './program.js';

/** Built to dist/trm.js, which scripts/trm runs. */
async function main(): Promise<void> {
	const runtime = new ProcessRuntime(fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, ''));
	await runtime.exit(await runCommandLine(openProgram(runtime), process.argv.slice(2), runtime.log));
}

void main();
