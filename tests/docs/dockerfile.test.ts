import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../support/environment.js';

interface Stage {
	base: string;
	name: string | undefined;
	/** of its last USER; undefined: that of its base */
	user: string | undefined;
}

const stages = readFileSync(join(root, 'Dockerfile'), 'utf8')
	.split(/^(?=FROM )/m)
	.slice(1)
	.map((text): Stage => {
		const [, base = '', name] = /^FROM (?:--\S+ )?(\S+)(?: AS (\S+))?/.exec(text) ?? [];
		return { base, name, user: [...text.matchAll(/^USER (\S+)/gm)].at(-1)?.[1] };
	});

function userOf({ base, user }: Stage): string | undefined {
	const below = stages.find(({ name }) => name === base);
	return user ?? (below && userOf(below));
}

it.each([
	['the image', stages.at(-1)],
	['--target with-psql', stages.find(({ name }) => name === 'with-psql')],
])('%s runs as node', (_what, stage) => {
	expect(stage && userOf(stage)).toBe('node');
});
