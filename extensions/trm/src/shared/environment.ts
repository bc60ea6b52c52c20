import type { z } from 'zod';
import { problemsOf } from './zod-problems.js';

/**
 * Parses the part of the environment that a schema names.
 * @throws Error naming every variable that is wrong; never the value, which may be a secret.
 */
export function parseEnvironment<Schema extends z.ZodType>(
	schema: Schema,
	env: Record<string, unknown>,
): z.output<Schema> {
	const parsed = schema.safeParse(env);
	if (parsed.success) return parsed.data;

	const problems = problemsOf(parsed.error).map(({ path, message }) => `${path}: ${message}`);
	throw new Error(`Environment not usable. ${problems.join('; ')}. See docs/environment.md.`);
}
