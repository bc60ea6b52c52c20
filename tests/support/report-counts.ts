import type { RunnerTestSuite } from 'vitest';
import type { Counts } from './summary.js';

/** In an afterAll() of a file: what npm test counts in place of the file's tests. */
export function reportCounts(suite: Readonly<RunnerTestSuite>, counts: Counts): void {
	suite.file.meta.counts = counts;
}
