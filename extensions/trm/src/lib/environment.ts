import type { z } from 'zod';
import { messageOf } from './errors.js';
import { EXIT, Stop } from './exit-status.js';
import { problemsOf } from './zod-problems.js';

/**
 * Parses the part of the environment that a schema names.
 * @throws Stop naming every variable that is wrong; never the value, which may be a secret.
 */
export function parseEnvironment<Schema extends z.ZodType>(
	schema: Schema,
	env: Record<string, unknown>,
): z.output<Schema> {
	const parsed = schema.safeParse(textsOf(env));
	if (parsed.success) return parsed.data;

	const problems = problemsOf(parsed.error).map(({ path, message }) => `${path}: ${message}`);
	throw new Stop(EXIT.configuration, `Environment not usable. ${problems.join('; ')}. See docs/environment.md.`);
}

/** Directus makes numbers, booleans, lists and objects of what looks like one: `EVENT_STREAM=12345` is a name all the same. */
function textsOf(env: Record<string, unknown>): Record<string, unknown> {
	const text = (name: string, value: unknown) => {
		if (typeof value === 'string' || value === undefined || value === null) return value;
		return (
			process.env[name] ?? (typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : String(value))
		);
	};

	return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, text(name, value)]));
}

/**
 * For init hooks, in which Directus swallows a throw and starts all the same: on a wrong variable the server must stop.
 */
export function exitOnUnusableEnvironment<T>(
	logger: { error(message: string): void },
	entry: string,
	parse: () => T,
): T {
	try {
		return parse();
	} catch (error) {
		logger.error(`[${entry}] ${messageOf(error)}`);
		process.exit(EXIT.configuration);
	}
}
