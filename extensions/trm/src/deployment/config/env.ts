import { resolve } from 'node:path';
import { z } from 'zod';
import { parseEnvironment } from '../../lib/environment.js';

const environment = z.object({
	ACCESS_PATH: z.string().min(1).default('snapshots/access.yaml'),
	SETTINGS_PATH: z.string().min(1).default('snapshots/settings.yaml'),
	/** Whoever had a role or policy loses what it gave: deleting one must be asked for. */
	ACCESS_ALLOW_DELETE: z.union([z.boolean(), z.stringbool()]).default(false),
});

export interface ConfigEnvironment {
	accessPath: string;
	settingsPath: string;
	allowDelete: boolean;
}

/** What the command line says about the two files; it wins over the environment. */
export interface ConfigFlags {
	access?: string;
	settings?: string;
	allowDelete?: boolean;
}

/** @throws Error naming the variable. */
export function parseConfigEnvironment(env: Record<string, unknown>, flags: ConfigFlags = {}): ConfigEnvironment {
	const parsed = parseEnvironment(environment, {
		...env,
		...(flags.access === undefined ? {} : { ACCESS_PATH: flags.access }),
		...(flags.settings === undefined ? {} : { SETTINGS_PATH: flags.settings }),
		...(flags.allowDelete === true ? { ACCESS_ALLOW_DELETE: true } : {}),
	});

	return {
		accessPath: resolve(parsed.ACCESS_PATH),
		settingsPath: resolve(parsed.SETTINGS_PATH),
		allowDelete: parsed.ACCESS_ALLOW_DELETE,
	};
}
