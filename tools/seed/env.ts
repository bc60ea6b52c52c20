import { z } from 'zod';
import { parseEnvironment } from '../../extensions/trm/src/lib/environment.js';
import { EXIT, Stop } from '../../extensions/trm/src/lib/exit-status.js';
import { problemsOf } from '../../extensions/trm/src/lib/zod-problems.js';
import { fixesIn } from './race-fixes.js';

const HOURS = 'must be a number of hours from 0 (the catalogue only) to 24';
const hours = z.coerce.number(HOURS).min(0, HOURS).max(24, HOURS);
const count = z
	.string()
	.regex(/^\d{1,7}$/, 'must be a whole number')
	.transform(Number);

/** Directus hands variables over with numbers already made of them; an empty one is none. */
const environment = z.object({
	SEED_HOURS: z.preprocess((value) => (value === '' ? undefined : value), hours.optional()),
});

const flags = z
	.object({
		hash: z
			.string()
			.regex(/^[0-9a-f]{8,128}$/, 'must be lower-case hexadecimal digits')
			.optional(),
		hours: hours.optional(),
		fixesPerDevice: count.optional(),
		entries: count.optional(),
		resetFields: z.boolean(),
		credentials: z.string().min(1, 'must name a file').optional(),
	})
	.refine((given) => given.hours === undefined || given.fixesPerDevice === undefined, {
		path: ['hours'],
		message: 'and --fixes-per-device say the same thing: give one of them',
	});

export interface LoadFlags {
	hash: string | null;
	/** Undefined where neither flag nor environment says. */
	fixesPerDevice: number | undefined;
	entries: number | undefined;
	resetFields: boolean;
	/** A file; null: none. */
	credentials: string | null;
}

/**
 * A flag counts more than SEED_HOURS, which counts more than the seed's own size.
 * @throws Stop naming the flag or variable.
 */
export function parseLoadFlags(given: unknown, env: Record<string, unknown>): LoadFlags {
	const parsed = flags.safeParse(given);

	if (!parsed.success) {
		const problems = problemsOf(parsed.error).map(({ path, message }) => `${flagOf(path)} ${message}`);
		throw new Stop(EXIT.usage, ...problems);
	}

	const { hash, entries, resetFields, fixesPerDevice, credentials } = parsed.data;
	const size = parsed.data.hours ?? parseEnvironment(environment, env).SEED_HOURS;

	return {
		hash: hash ?? null,
		fixesPerDevice: fixesPerDevice ?? (size === undefined ? undefined : fixesIn(size)),
		entries,
		resetFields,
		credentials: credentials ?? null,
	};
}

function flagOf(path: string): string {
	return `--${path.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
