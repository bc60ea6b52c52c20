import { copyFile, cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './environment.js';
import { runToEnd } from './processes.js';

/**
 * Builds and packs @trm/event-contract, and installs the package into a folder outside of the repository in which beside it
 * only zod and ioredis can be resolved.
 */
export async function installContract(folder: string): Promise<void> {
	const contract = join(root, 'packages/event-contract');
	const building = join(folder, 'building');
	const modules = join(folder, 'node_modules');
	await mkdir(join(modules, '@trm/event-contract'), { recursive: true });
	await mkdir(building);

	await succeed('tsc', ['-p', join(contract, 'tsconfig.build.json'), '--outDir', join(building, 'dist')]);
	await copyFile(join(contract, 'package.json'), join(building, 'package.json'));
	await succeed('npm', ['pack', '--silent'], building);
	const target = ['-C', join(modules, '@trm/event-contract'), '--strip-components', '1'];
	await succeed('tar', ['-xzf', join(building, 'trm-event-contract-0.1.0.tgz'), ...target]);

	for (const name of ['zod', 'ioredis']) await symlink(join(root, 'node_modules', name), join(modules, name));
	// For type checks of what imports it.
	await cp(join(root, 'node_modules/@types/node'), join(modules, '@types/node'), { recursive: true });
	await cp(join(root, 'node_modules/undici-types'), join(modules, 'undici-types'), { recursive: true });
}

async function succeed(command: string, args: string[], cwd = root): Promise<void> {
	const { code, output } = await runToEnd(command, args, { cwd });
	if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
}
