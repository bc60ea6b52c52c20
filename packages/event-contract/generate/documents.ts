import { z } from 'zod';
import type { JsonSchema } from '../compatibility/json-schema.js';
import { envelope } from '../envelope.js';
import { eventSchemas } from '../schemas/index.js';
import { schemaUrn } from '../versions.js';

export interface SchemaDocument {
	type: string;
	version: number;
	/** file in docs/events/ */
	file: string;
	schema: JsonSchema;
}

/** The JSON Schema (draft 2020-12) of `data` for every event type and version. */
export function schemaDocuments(schemas: Record<string, Record<number, z.ZodType>> = eventSchemas): SchemaDocument[] {
	return Object.entries(schemas).flatMap(([type, versions]) =>
		Object.entries(versions).map(([version, schema]) => ({
			type,
			version: Number(version),
			file: `${type}.v${version}.json`,
			schema: toJsonSchema(schema, schemaUrn(type, Number(version)), `data of ${type}, version ${version}`),
		})),
	);
}

export const ENVELOPE_FILE = 'envelope.v1.json';

/** The schema of an entry's fields. */
export const envelopeDocument = () => toJsonSchema(envelope, 'urn:trm:event:envelope:1', 'Fields of a stream entry');

function toJsonSchema(schema: z.ZodType, $id: string, title: string): JsonSchema {
	const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12' });
	return { $schema, $id, title, ...rest } as JsonSchema;
}
