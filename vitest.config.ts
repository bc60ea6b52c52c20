import { defineConfig } from 'vitest/config';
import { Sequencer } from './tests/support/sequencer.js';

/** With a booted template, from which each stack starts. */
const served = {
	globalSetup: ['tests/support/global-setup.ts'],
	testTimeout: 900_000,
	hookTimeout: 900_000,
	maxWorkers: 2,
};

/** The files share the Directus of their worker. A worker ends where a file of another project is next: hence no other project beside it. */
const shared = { ...served, isolate: false };

export default defineConfig({
	test: {
		reporters: ['default', './tests/support/summary-reporter.ts'],
		sequence: { sequencer: Sequencer },
		// Projects of one groupOrder run beside each other, and the groups one after the other.
		projects: [
			{
				test: {
					name: 'lint',
					include: ['tests/lint/**/*.test.ts'],
					testTimeout: 900_000,
					maxConcurrency: 2,
					maxWorkers: 2,
				},
			},
			{
				test: {
					name: 'unit',
					// Pure functions: what they import is loaded once, which is two thirds of their time.
					isolate: false,
					maxWorkers: 2,
					// A few run a shell or a vitest of their own, beside the linters.
					testTimeout: 60_000,
					include: [
						'{extensions/*/src,packages/*,tools/*}/**/*.test.ts',
						'tests/{docs,support}/**/*.test.ts',
						'tests/chaos/{plan,reconcile}.test.ts',
						'tests/local/{packages,settings}.test.ts',
					],
				},
			},
			{
				test: {
					...served,
					name: 'integration',
					include: ['tests/{integration,local}/**/*.test.ts'],
					exclude: ['tests/local/{packages,settings}.test.ts'],
					// Each file runs servers of its own, and waits for them half of the time.
					maxWorkers: 3,
					sequence: { groupOrder: 1 },
				},
			},
			{ test: { ...shared, name: 'api', include: ['tests/api/**/*.test.ts'], sequence: { groupOrder: 2 } } },
			{ test: { ...shared, name: 'access', include: ['tests/access/**/*.test.ts'], sequence: { groupOrder: 3 } } },
			{
				// By itself: with other suites on two cores, a browser that draws maps is starved for half a minute at a time.
				test: { ...served, name: 'browser', include: ['tests/browser/**/*.test.ts'], sequence: { groupOrder: 4 } },
			},
			{
				// By itself: what it waits for has time limits. Its Postgres is its own, since it is stopped and killed.
				test: {
					name: 'chaos',
					include: ['tests/chaos/campaign.test.ts'],
					testTimeout: 600_000,
					hookTimeout: 600_000,
					maxWorkers: 1,
					sequence: { groupOrder: 5 },
				},
			},
		],
	},
});
