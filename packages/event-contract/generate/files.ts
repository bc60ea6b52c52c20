import { dump } from 'js-yaml';
import * as prettier from 'prettier';
import { breaksConsumers, refusesHistory, type Finding } from '../compatibility/compare.js';
import type { JsonSchema } from '../compatibility/json-schema.js';
import { asyncApi } from './asyncapi.js';
import { ENVELOPE_FILE, envelopeDocument, schemaDocuments } from './documents.js';

/** The generated files of docs/events/ by name, in the form in which they are committed. */
export async function generatedFiles(): Promise<Map<string, string>> {
	const documents = schemaDocuments();
	const files = new Map<string, string>();

	for (const { file, schema } of [...documents, { file: ENVELOPE_FILE, schema: envelopeDocument() }]) {
		files.set(file, await format(JSON.stringify(schema), file));
	}

	files.set('asyncapi.yaml', await format(dump(asyncApi(documents), { lineWidth: -1 }), 'asyncapi.yaml'));
	return files;
}

async function format(text: string, file: string): Promise<string> {
	return prettier.format(text, { ...(await prettier.resolveConfig(new URL(file, import.meta.url))), filepath: file });
}

/** Every schema of the contract by its URN. */
export function currentSchemas(): Map<string, JsonSchema> {
	const schemas = [...schemaDocuments().map(({ schema }) => schema), envelopeDocument()];
	return new Map(schemas.map((schema) => [String(schema['$id']), schema]));
}

/** Reads published.jsonl: a schema per line, as it was when it was last published. */
export function parsePublished(text: string): Map<string, JsonSchema> {
	const schemas = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as JsonSchema]));
	return new Map(schemas.map((schema) => [String(schema['$id']), schema]));
}

export function writePublished(schemas: Map<string, JsonSchema>): string {
	return [...schemas.values()].map((schema) => `${JSON.stringify(schema)}\n`).join('');
}

/** By URN: why a published schema must not become what it is now. */
export function incompatibilities(
	published: Map<string, JsonSchema>,
	current: Map<string, JsonSchema>,
): Map<string, Finding[]> {
	const all = [...published].map(([urn, schema]): [string, Finding[]] => {
		const now = current.get(urn);
		if (!now) return [urn, ['is gone: streams may hold events of it']];

		return [
			urn,
			[
				...breaksConsumers(schema, now).map((finding) => `for consumers of today: ${finding}`),
				...refusesHistory(schema, now).map((finding) => `for events of today: ${finding}`),
			],
		];
	});

	return new Map(all.filter(([, findings]) => findings.length > 0));
}
