import { z } from 'zod';
import { instant, text, uuid } from './schemas/scalars.js';

/** The fields of a stream entry, all texts: CloudEvents 1.0 in its JSON names, `data`, and `sequence`. */
export const envelope = z
	.looseObject({
		specversion: z.literal('1.0').describe('Of CloudEvents'),
		id: uuid.describe('Of the event; with `source` unique everywhere'),
		source: text.min(1).describe('Which TRM Directus: EVENT_SOURCE'),
		type: text.min(1).describe('What happened: `trm.vehicles.created`'),
		subject: text.min(1).describe('What it is about: `vehicles/<id>`, `positions/<device_id>`, `stream/<key>`'),
		time: instant.describe('When the change was made, UTC with microseconds'),
		datacontenttype: z.literal('application/json'),
		dataschema: text
			.regex(/^urn:trm:event:.+:[1-9]\d*$/)
			.optional()
			.describe('Type and version of the schema of `data`; without it version 1'),
		data: text.describe('JSON text'),
		sequence: text.regex(/^[1-9]\d{0,15}$/).describe("Decimal; equals the first half of the entry's id"),
	})
	.describe('The fields of a stream entry');

export type Envelope = z.infer<typeof envelope>;
