import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		projects: [
			{
				test: {
					name: 'unit',
					// Pure functions: what they import is loaded once, which is two thirds of their time.
					isolate: false,
					include: ['{extensions/*/src,packages/*,tools/*}/**/*.test.ts', 'tests/{chaos,docs,local}/**/*.test.ts'],
				},
			},
			{
				test: {
					name: 'api',
					include: ['tests/{api,access}/**/*.test.ts'],
					globalSetup: ['tests/support/global-setup.ts'],
					testTimeout: 900_000,
					hookTimeout: 900_000,
					// The files share the Directus of their worker. A worker ends where a file of another project is next: hence no other project beside it.
					isolate: false,
					maxWorkers: 2,
					sequence: { groupOrder: 1 },
				},
			},
			{
				test: {
					name: 'integration',
					include: ['tests/{integration,browser}/**/*.test.ts'],
					globalSetup: ['tests/support/global-setup.ts'],
					testTimeout: 900_000,
					hookTimeout: 900_000,
					// Each file runs a Directus, a Redis and perhaps a Chromium of its own; the shell tests run beside them in two lanes.
					maxWorkers: 2,
				},
			},
		],
	},
});
