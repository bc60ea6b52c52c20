import { readdirSync } from 'node:fs';
import { it } from 'vitest';
import { root } from '../support/environment.js';
import { runToEnd } from '../support/processes.js';

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.bats'));
// It takes longest.
files.sort((a, b) => Number(b === 'boot.bats') - Number(a === 'boot.bats'));

/** From a line "not ok" to the next test. */
const failuresIn = (tap: string) => tap.match(/^not ok .*(\n#.*)*/gm)?.join('\n');

it.concurrent.each(files)('%s', async (file) => {
	const { code, output } = await runToEnd('bats', ['--tap', `tests/shell/${file}`], { cwd: root });
	if (code !== 0) throw new Error(failuresIn(output) ?? output);
});
