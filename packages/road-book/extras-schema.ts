import { z } from 'zod';
import { ALL_KINDS } from './kinds.js';
import type { BookExtras, BoxExtras } from './road-book.js';

/** The shape of what an import keeps. It lies in a JSON field, which a person may have edited since. */

/** A name of XML, without a colon. */
const name = z.string().regex(/^[\p{L}_][\p{L}\p{N}_.·-]*$/u, 'is no name of XML');
const attributeName = z.string().regex(/^(\{[^{}]+\})?[\p{L}_][\p{L}\p{N}_.·-]*$/u, 'is no name of an attribute');
const attributes = z.record(attributeName, z.string());
const metres = z.number().positive();

const kept = z.strictObject({
	ns: z.string().min(1).optional(),
	name,
	attributes: attributes.optional(),
	get children(): z.ZodOptional<z.ZodArray<z.ZodUnion<readonly [z.ZodString, typeof kept]>>> {
		return z.array(z.union([z.string(), kept])).optional();
	},
});

const kindDetail = z.strictObject({
	kind: z.enum(ALL_KINDS),
	name: z.string().optional(),
	text: z.string().optional(),
	open: metres.optional(),
	clear: metres.optional(),
	seconds: z.number().nonnegative().nullable().optional(),
	attributes: attributes.optional(),
});

const boxExtras = z.strictObject({
	number: z.string().regex(/^\d+$/).optional(),
	kinds: z.array(kindDetail).optional(),
	markers: z.array(name).optional(),
	reset: z.strictObject({ km: z.number().nonnegative(), since: z.literal(true).optional() }).optional(),
	gpx: z.array(kept).optional(),
	elements: z.array(kept).optional(),
});

const bookExtras = z.strictObject({
	metadata: z.array(kept).optional(),
	elements: z.array(kept).optional(),
});

export type Parsed<Extras> = { extras: Extras } | { problem: string };

export const parseBoxExtras = (value: unknown): Parsed<BoxExtras> => parsed<BoxExtras>(boxExtras, value);
export const parseBookExtras = (value: unknown): Parsed<BookExtras> => parsed<BookExtras>(bookExtras, value);

/** JSON has no undefined: a key that is optional is missing, as the types say. */
function parsed<Extras>(schema: z.ZodType, value: unknown): Parsed<Extras> {
	const { success, data, error } = schema.safeParse(value ?? {});
	if (success) return { extras: data as Extras };
	const [issue] = error.issues;
	return { problem: `${issue?.path.join('.')}: ${issue?.message}` };
}
