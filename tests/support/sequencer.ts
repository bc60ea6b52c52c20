import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take long and look short: at the end of a suite the other worker would have nothing to do. */
const FIRST = [
	'tests/lint/lint.test.ts',
	'tests/local/stack.test.ts',
	'tests/access/attacks.test.ts',
	'tests/access/rights.test.ts',
];

const rank = ({ moduleId }: TestSpecification) => {
	const at = FIRST.findIndex((path) => moduleId.endsWith(`/${path}`));
	return at === -1 ? FIRST.length : at;
};

/** vitest's own order, after these. */
export class Sequencer extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
	}
}
