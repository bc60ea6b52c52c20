import { defineHook } from '@directus/extensions-sdk';
import type { Command } from 'commander';
import { configJobs } from '../deployment/config/jobs.js';
import { schemaJobs } from '../deployment/schema/jobs.js';
import { seedJobs } from './seed-jobs.js';
import { serveJobs } from './serve-jobs.js';

/** `trm jobs` of Directus's command line: the child that `trm schema`, `trm config` and `trm seed` have Directus's services from. */
export default defineHook(({ init }, context) => {
	init('cli.before', ({ program }) => {
		(program as Command)
			.command('trm', { hidden: true })
			.command('jobs')
			.action(() => serveJobs({ ...schemaJobs(context), ...configJobs(context), ...seedJobs(context) }));
	});
});
