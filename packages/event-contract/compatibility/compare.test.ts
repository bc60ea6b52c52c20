import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { breaksConsumers, refusesHistory } from './compare.js';
import type { JsonSchema } from './json-schema.js';

const json = (schema: z.ZodType) => z.toJSONSchema(schema) as JsonSchema;
const object = (shape: z.ZodRawShape) => json(z.looseObject(shape));
const text = z.string();

type Case = [what: string, published: JsonSchema, current: JsonSchema];

const openKind = (...known: [string, ...string[]]) => object({ kind: z.union([z.enum(known), text]) });

const same: Case[] = [
	['nothing', object({ a: text, b: z.int().nullable() }), object({ a: text, b: z.int().nullable() })],
	['a description', object({ a: text.describe('one') }), object({ a: text.describe('another') })],
	['the order of properties', object({ a: text, b: text }), object({ b: text, a: text })],
	['a new optional property', object({ a: text }), object({ a: text, b: text.optional() })],
	[
		'a new optional property in a row',
		object({ row: z.looseObject({}) }),
		object({ row: z.looseObject({ a: text.optional() }) }),
	],
	['a new known value of an open enumeration', openKind('moto'), openKind('moto', 'car')],
	['the order of a nullable', json(z.union([text, z.null()])), json(z.union([z.null(), text]))],
];

describe('compatible for consumers and for what is on streams', () => {
	it.each(same)('%s', (_what, published, current) => {
		expect(breaksConsumers(published, current)).toEqual([]);
		expect(refusesHistory(published, current)).toEqual([]);
	});
});

/** Consumers of today read what is written then; but what was written until now would be refused. */
const narrower: Case[] = [
	['a new required property', object({ a: text }), object({ a: text, b: text })],
	['no null any more', object({ a: text.nullable() }), object({ a: text })],
	['an optional property that is required', object({ a: text.optional() }), object({ a: text })],
	['a value less of a closed enumeration', object({ a: z.enum(['x', 'y']) }), object({ a: z.enum(['x']) })],
	['an open enumeration that is closed', openKind('moto'), object({ kind: z.enum(['moto']) })],
	['integers where numbers were', object({ a: z.number() }), object({ a: z.int() })],
	['a higher minimum', object({ a: z.number().min(0) }), object({ a: z.number().min(1) })],
	['a shorter list', object({ a: z.array(text) }), object({ a: z.array(text).max(9) })],
	['a pattern where there was none', object({ a: text }), object({ a: text.regex(/^a$/) })],
	['a constant of an enumeration', object({ a: z.enum(['x', 'y']) }), object({ a: z.literal('x') })],
	['an object that is closed', object({ a: text }), json(z.strictObject({ a: text }))],
];

describe('compatible for consumers, and refusing what is on streams', () => {
	it.each(narrower)('%s', (_what, published, current) => {
		expect(breaksConsumers(published, current)).toEqual([]);
		expect(refusesHistory(published, current)).not.toEqual([]);
	});
});

const wider: Case[] = [
	['a property that is gone', object({ a: text, b: text }), object({ a: text })],
	['an optional property that is gone', object({ a: text, b: text.optional() }), object({ a: text })],
	['a property with another name', object({ a: text }), object({ b: text })],
	['a property that may be left out', object({ a: text }), object({ a: text.optional() })],
	['one of two properties that may be left out', object({ a: text, b: text }), object({ a: text, b: text.optional() })],
	['a null', object({ a: text }), object({ a: text.nullable() })],
	['another type', object({ a: text }), object({ a: z.int() })],
	['one more type', object({ a: text }), object({ a: z.union([text, z.int()]) })],
	['numbers where integers were', object({ a: z.int() }), object({ a: z.number() })],
	['a new value of a closed enumeration', object({ a: z.enum(['x']) }), object({ a: z.enum(['x', 'y']) })],
	['a known value less of an open enumeration', openKind('moto', 'car'), openKind('moto')],
	['a known value with another name', openKind('moto', 'car'), openKind('moto', 'auto')],
	['a closed enumeration that is open', object({ kind: z.enum(['moto']) }), openKind('moto')],
	['another constant', object({ a: z.literal('x') }), object({ a: z.literal('y') })],
	['a pattern that is gone', object({ a: text.regex(/^a$/) }), object({ a: text })],
	['another pattern', object({ a: text.regex(/^a$/) }), object({ a: text.regex(/^a?$/) })],
	['a format that is gone', object({ a: text.meta({ format: 'uuid' }) }), object({ a: text })],
	['a lower minimum', object({ a: z.number().min(1) }), object({ a: z.number().min(0) })],
	['no maximum any more', object({ a: z.int32() }), object({ a: z.int() })],
	['a longer text', object({ a: text.max(9) }), object({ a: text.max(10) })],
	['another type of items', object({ a: z.array(text) }), object({ a: z.array(z.int()) })],
	['a null among items', object({ a: z.array(text) }), object({ a: z.array(text.nullable()) })],
	[
		'a null far down',
		object({ a: z.array(z.looseObject({ b: text })) }),
		object({ a: z.array(z.looseObject({ b: text.nullable() })) }),
	],
	['a new property of a closed object', json(z.strictObject({ a: text })), json(z.strictObject({ a: text, b: text }))],
	['a closed object that is open', json(z.strictObject({ a: text })), object({ a: text })],
	['other values of a record', json(z.record(text, text)), json(z.record(text, z.int()))],
	['a keyword that is not compared', object({ a: z.tuple([text]) }), object({ a: z.tuple([z.int()]) })],
	[
		'constraints beside anyOf',
		{ anyOf: [{ type: 'string' }], minLength: 1 },
		{ anyOf: [{ type: 'string' }], minLength: 0 },
	],
];

describe('incompatible for consumers', () => {
	it.each(wider)('%s', (_what, published, current) => {
		expect(breaksConsumers(published, current)).not.toEqual([]);
	});
});

describe('a finding', () => {
	it('says where and what', () => {
		const published = object({ row: z.looseObject({ kind: z.enum(['moto']), make: text, year: z.int32() }) });
		const current = object({ row: z.looseObject({ kind: z.enum(['moto', 'car']), year: z.int32().nullable() }) });

		expect(breaksConsumers(published, current)).toEqual([
			'data.row.kind: "car" is not one of ["moto"]',
			'data.row.make: is not there',
			'data.row.year: null is not integer',
		]);
	});
});
