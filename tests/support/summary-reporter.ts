import { relative } from 'node:path';
import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';
import {
	countsOf,
	linesOfFailure,
	rowsOf,
	tableOf,
	totalOf,
	type Counts,
	type Failure,
	type FileOutcome,
} from './summary.js';

declare module 'vitest' {
	interface TaskMeta {
		/** what reportCounts() left on a file */
		counts?: Counts;
	}
}

const messageOf = (errors: readonly { message?: string }[]) => errors.map(({ message }) => message ?? '').join('\n');

/** The end of each run: a table of suites, each failure once more, and "N passed, N failed". A suite is a project of vitest. */
export default class SummaryReporter implements Reporter {
	#vitest: Vitest | undefined;
	readonly #began = new Map<string, number>();
	readonly #seconds = new Map<string, number>();

	#summary = totalOf([{ suite: 'unhandled', passed: 0, failed: 1, skipped: 0 }]);

	onInit(vitest: Vitest): void {
		this.#vitest = vitest;
		// After all that vitest itself has to say, such as of a global set-up that throws.
		process.once('exit', () => console.log(this.#summary));
	}

	onTestModuleStart({ project: { name } }: TestModule): void {
		if (!this.#began.has(name)) this.#began.set(name, performance.now());
	}

	onTestModuleEnd({ project: { name } }: TestModule): void {
		this.#seconds.set(name, (performance.now() - (this.#began.get(name) ?? 0)) / 1000);
	}

	onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[], reason: string): void {
		const failures: Failure[] = [];
		const began = [...this.#began.keys()];
		const inOrder = modules.toSorted((a, b) => began.indexOf(a.project.name) - began.indexOf(b.project.name));
		const files = inOrder.map((module) => outcomeOf(module, failures));

		for (const suite of this.#suitesWithoutFiles(modules)) {
			failures.push({ name: suite, message: 'no test file was run' });
			files.push({ suite, passed: 0, failed: 1, skipped: 0 });
		}

		// Of no test: a rejection that nothing awaits, a teardown that throws.
		const others = [...errors, ...(reason === 'interrupted' ? [{ message: 'The run was interrupted.' }] : [])];

		for (const error of others) {
			failures.push({ name: 'outside of a test', message: messageOf([error]) });
			files.push({ suite: 'unhandled', passed: 0, failed: 1, skipped: 0 });
		}

		const rows = rowsOf(files);
		if (rows.some(({ failed }) => failed > 0)) process.exitCode = 1;
		const counts = rows.length === 1 ? countsOf(files) : null;
		const lines = ['', ...tableOf(rows, this.#seconds), '', ...failures.flatMap(linesOfFailure), totalOf(rows)];
		this.#summary = [...lines, ...(counts === null ? [] : [JSON.stringify(counts)])].join('\n');
	}

	/** A suite without a file is a mistake, unless files were named. */
	#suitesWithoutFiles(modules: readonly TestModule[]): string[] {
		const vitest = this.#vitest as (Vitest & { filenamePattern?: string[] }) | undefined;
		if (vitest === undefined || (vitest.filenamePattern ?? []).length > 0) return [];
		if (modules.length === 0) return ['all suites'];
		const found = new Set(modules.map(({ project }) => project.name));
		return vitest.projects.map(({ name }) => name).filter((name) => !found.has(name));
	}
}

/** A hook or an import that fails counts as one failure, and so does a test that never came to an end. */
function outcomeOf(module: TestModule, failures: Failure[]): FileOutcome {
	const path = relative(module.project.config.root, module.moduleId);
	const outcome: FileOutcome = { suite: module.project.name, passed: 0, failed: 0, skipped: 0 };
	const { counts } = module.meta();
	if (counts !== undefined) outcome.counts = counts;

	const fail = (name: string, message: string) => {
		outcome.failed += 1;
		failures.push({ name: [path, name].filter(Boolean).join(': '), message });
	};

	for (const part of [module, ...module.children.allSuites()] as (TestModule | TestSuite)[]) {
		const errors = part.errors();
		if (errors.length > 0) fail(part.type === 'suite' ? part.fullName : '', messageOf(errors));
	}

	for (const test of module.children.allTests()) count(test, outcome, fail);
	return outcome;
}

function count(test: TestCase, outcome: FileOutcome, fail: (name: string, message: string) => void): void {
	const { state, errors } = test.result();
	if (state === 'passed') outcome.passed += 1;
	else if (state === 'skipped') outcome.skipped += 1;
	else fail(test.fullName, state === 'failed' ? messageOf(errors ?? []) : 'never came to an end');
}
