import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './environment.js';
import { run, type Running } from './processes.js';

/** What a command did; `output` is stderr (`errors`), then stdout. */
export interface Outcome {
	code: number | null;
	stdout: string;
	errors: string;
	output: string;
}

/** `scripts/trm …` as a process. */
export function startTrm(args: string[], env: Record<string, string>): Running {
	return run(join(root, 'scripts/trm'), args, { cwd: root, env });
}

/** Runs scripts/trm, or another program that comes to it, to its end. */
export async function runTrm(args: string[], env: Record<string, string>, program = 'scripts/trm'): Promise<Outcome> {
	const { child } = run(join(root, program), args, { cwd: root, env });
	let stdout = '';
	let errors = '';
	child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
	child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
	const [code] = (await once(child, 'close')) as [number | null];
	return { code, stdout, errors, output: errors + stdout };
}
