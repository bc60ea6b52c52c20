import { CURRENT_VERSIONS } from '../versions.js';
import { ENVELOPE_FILE, type SchemaDocument } from './documents.js';

const JSON_SCHEMA = 'application/schema+json;version=draft-2020-12';
const CHANNEL = 'events';

/** An AsyncAPI 3.0 document: one channel, the Redis stream, with a message for every event type and version. */
export function asyncApi(documents: SchemaDocument[]): object {
	const messages = documents.map((document) => [nameOf(document), messageOf(document)]);

	return {
		asyncapi: '3.0.0',
		info: {
			title: 'TRM Directus: event stream',
			version: '1.0.0',
			description:
				'Every committed change of a published collection and every flagging of fixes, once and in order. ' +
				'How to read it: docs/events.md. Generated from packages/event-contract; do not edit.',
			license: { name: 'MIT' },
		},
		defaultContentType: 'application/json',
		servers: {
			redis: {
				host: '{host}',
				protocol: 'redis',
				description: 'The Redis of REDIS; over TLS with rediss://',
				variables: { host: { default: 'localhost:6379', description: 'host and port' } },
			},
		},
		channels: {
			[CHANNEL]: {
				address: '{stream}',
				title: 'Redis stream',
				description: 'Entry ids are <sequence>-0. Read it with a consumer group that starts at 0.',
				servers: [{ $ref: '#/servers/redis' }],
				parameters: { stream: { description: 'EVENT_STREAM', default: 'trm:events' } },
				messages: Object.fromEntries(messages.map(([name]) => [name, { $ref: `#/components/messages/${name}` }])),
			},
		},
		operations: {
			receiveEvents: {
				action: 'receive',
				channel: { $ref: `#/channels/${CHANNEL}` },
				summary: 'XREADGROUP: a consumer has to ignore types that it does not know',
			},
		},
		components: { messages: Object.fromEntries(messages) },
	};
}

function nameOf({ type, version }: SchemaDocument): string {
	return `${type}.v${version}`;
}

function messageOf(document: SchemaDocument): object {
	const { type, version, file, schema } = document;
	const isCurrent = CURRENT_VERSIONS[type as keyof typeof CURRENT_VERSIONS] === version;

	return {
		name: type,
		title: `${type}, version ${version}`,
		summary: schema['description'],
		...(isCurrent ? {} : { description: 'No longer written; streams may still hold it.' }),
		contentType: 'application/json',
		// The other fields of the entry; the payload is its field `data`.
		headers: { schemaFormat: JSON_SCHEMA, schema: { $ref: `./${ENVELOPE_FILE}` } },
		payload: { schemaFormat: JSON_SCHEMA, schema: { $ref: `./${file}` } },
	};
}
