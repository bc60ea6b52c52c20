import { readdirSync, readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { rows } from '../schemas/rows.js';
import { eventSchemas } from '../schemas/index.js';
import { created } from '../schemas/row-events.js';
import { CURRENT_VERSIONS, dataSchemaOf } from '../versions.js';
import { schemaDocuments } from './documents.js';
import { currentSchemas, generatedFiles, incompatibilities, parsePublished, writePublished } from './files.js';

const folder = new URL('../../../docs/events/', import.meta.url);
const read = (url: URL) => readFileSync(url, 'utf8');
const lock = () => read(new URL('../published.jsonl', import.meta.url));
const remedy = 'run: npm run contract:generate';

describe('docs/events', async () => {
	const files = await generatedFiles();

	it('has the generated files and no others', () => {
		expect(readdirSync(folder).sort(), remedy).toEqual([...files.keys()].sort());
	});

	it.each([...files])('has %s as it is generated', (name, text) => {
		expect(read(new URL(name, folder)), remedy).toBe(text);
	});
});

describe('a published schema', () => {
	it('has changed in no way that breaks a consumer or refuses an event on a stream, but for a new version', () => {
		expect(Object.fromEntries(incompatibilities(parsePublished(lock()), currentSchemas()))).toEqual({});
	});

	it('is in the lock as soon as it is in the contract', () => {
		const sorted = [...currentSchemas()].sort(([a], [b]) => (a < b ? -1 : 1));
		expect(lock(), remedy).toBe(writePublished(new Map(sorted)));
	});

	it('cannot be taken away', () => {
		const gone = currentSchemas();
		gone.delete('urn:trm:event:trm.vehicles.created:1');
		expect([...incompatibilities(currentSchemas(), gone).keys()]).toEqual(['urn:trm:event:trm.vehicles.created:1']);
	});

	it('cannot lose a column, and a next version without it is no change of this one', () => {
		const without = rows.vehicles.omit({ plate: true });
		const urn = 'urn:trm:event:trm.vehicles.created:1';
		const schemasOf = (versions: Record<number, z.ZodType>) =>
			new Map(
				schemaDocuments({ 'trm.vehicles.created': versions }).map(({ schema }) => [String(schema['$id']), schema]),
			);
		const published = schemasOf({ 1: created(rows.vehicles) });

		expect(incompatibilities(published, schemasOf({ 1: created(without) })).get(urn)).toEqual([
			'for consumers of today: data.row.plate: is not there',
		]);
		expect(incompatibilities(published, schemasOf({ 1: created(rows.vehicles), 2: created(without) })).size).toBe(0);
	});
});

describe('dataSchemaOf', () => {
	it('names the highest version of every type of the contract', () => {
		const highest = Object.entries(eventSchemas).map(([type, versions]) => [
			type,
			Math.max(...Object.keys(versions).map(Number)),
		]);

		expect(Object.fromEntries(highest)).toEqual(CURRENT_VERSIONS);
		expect(dataSchemaOf('trm.vehicles.created')).toBe('urn:trm:event:trm.vehicles.created:1');
	});

	it.each(['trm.bivouacs.created', 'toString'])('knows no %s', (type) => {
		expect(dataSchemaOf(type)).toBeUndefined();
	});
});

describe('asyncapi.yaml', () => {
	interface Document {
		asyncapi: string;
		info: { title: string; version: string };
		servers: Record<string, { host: string; protocol: string }>;
		channels: Record<
			string,
			{ address: string; servers: { $ref: string }[]; messages: Record<string, { $ref: string }> }
		>;
		operations: Record<string, { action: string; channel: { $ref: string } }>;
		components: {
			messages: Record<string, Record<'headers' | 'payload', { schemaFormat: string; schema: { $ref: string } }>>;
		};
	}

	const document = load(read(new URL('asyncapi.yaml', folder))) as Document;

	/** What a reference in the document leads to: a part of it, or a file beside it. */
	function resolve(reference: string): unknown {
		if (!reference.startsWith('#/')) return JSON.parse(read(new URL(reference, folder)));
		return reference
			.slice(2)
			.split('/')
			.reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], document);
	}

	it('is AsyncAPI 3.0 with the keys that it requires', () => {
		expect(document.asyncapi).toBe('3.0.0');
		expect(document.info).toEqual(expect.objectContaining({ title: expect.any(String), version: expect.any(String) }));
		expect(document.servers['redis']).toMatchObject({ protocol: 'redis', host: expect.any(String) });
		expect(Object.values(document.operations)).toEqual([
			expect.objectContaining({ action: 'receive', channel: { $ref: '#/channels/events' } }),
		]);

		const allowed = ['asyncapi', 'id', 'info', 'servers', 'defaultContentType', 'channels', 'operations', 'components'];
		expect(Object.keys(document).filter((key) => !allowed.includes(key))).toEqual([]);
	});

	it('has references that all lead somewhere', () => {
		const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] as string);

		expect(references.length).toBeGreaterThan(100);
		expect(references.filter((reference) => resolve(reference) === undefined)).toEqual([]);
	});

	it('has a message for every type and version, with its schema', () => {
		const messages = Object.entries(document.channels['events']?.messages ?? {});
		const resolved = messages.map(([, { $ref }]) => resolve($ref) as Document['components']['messages'][string]);

		expect(resolved.map(({ payload }) => (resolve(payload.schema.$ref) as { $id: string }).$id)).toEqual(
			schemaDocuments().map(({ schema }) => schema['$id']),
		);
		expect(new Set(resolved.map(({ headers }) => headers.schema.$ref))).toEqual(new Set(['./envelope.v1.json']));
	});
});
