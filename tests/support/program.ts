import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './environment.js';
import { run, type Running } from './processes.js';
import type { Stack } from './stack.js';

/** Starts a TypeScript program of this folder as a process of its own. */
export function runProgram(file: string, args: string[], env: Record<string, string>): Running {
	const imports = join(root, 'bench/typescript-imports.mjs');

	return run('node', ['--import', imports, join(root, 'tests/support', file), ...args], {
		cwd: root,
		env: { ...env, NODE_NO_WARNINGS: '1' },
	});
}

/** `trm events …` on the stack's database and Redis (see event-commands-program.ts). */
export function eventCommand(stack: Stack, args: string[], env: Record<string, string> = {}): Running {
	return runProgram('event-commands-program.ts', ['trm', 'events', ...args], { ...stack.env, ...env });
}

export async function runEventCommand(stack: Stack, args: string[], env: Record<string, string> = {}) {
	const running = eventCommand(stack, args, env);
	const [code] = (await once(running.child, 'close')) as [number | null];
	return { code, output: running.output() };
}
