import { z } from 'zod';
import { parseEnvironment } from '../../lib/environment.js';

const environment = z.object({
	/** Directus's own, for its /metrics: a list, or text with commas. */
	METRICS_TOKENS: z
		.union([z.array(z.coerce.string()), z.coerce.string().transform((text) => text.split(','))])
		.default([])
		// An empty variable is a list of one empty token, which "Authorization: Metrics " would be.
		.transform((tokens) => tokens.map((token) => token.trim()).filter((token) => token !== '')),
});

/** @returns the tokens that may read the status. @throws Error naming the variable. */
export function parseMetricsTokens(env: Record<string, unknown>): string[] {
	return parseEnvironment(environment, env).METRICS_TOKENS;
}
