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
					name: 'integration',
					include: ['tests/integration/**/*.test.ts', 'tests/{access,browser}/**/*.test.ts'],
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
